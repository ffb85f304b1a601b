/** What a step of the pipeline is given and what it may answer. */
import type { Answer } from './answer.ts';
import type { RequestContext } from './request-context.ts';

export { type Answer, answer } from './answer.ts';

/** `continue`: the next step's turn. `taken`: the step answered, or sees to it that an answer comes. */
export type Outcome = 'continue' | 'taken' | Answer;

/** A step answers at once, or with a promise where it must wait for the store or the outside (never for memory). */
export interface Step {
  readonly name: string;
  run(context: RequestContext): Outcome | Promise<Outcome>;
}
