/** What a step of the pipeline is given and what it may answer. */
import type { HeaderLine } from '../sip/message/build.ts';
import type { RequestContext } from './request-context.ts';

/** A response that the pipeline sends; the reason phrase is the usual one where it is absent. */
export interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: readonly HeaderLine[];
}

/** `continue`: the next step's turn. `taken`: the step answered, or sees to it that an answer comes. */
export type Outcome = 'continue' | 'taken' | Answer;

/** A step answers at once, or with a promise where it must wait for the store or the outside (never for memory). */
export interface Step {
  readonly name: string;
  run(context: RequestContext): Outcome | Promise<Outcome>;
}

export function answer(status: number, reason?: string, headers?: readonly HeaderLine[]): Answer {
  return { status, ...(reason !== undefined && { reason }), ...(headers !== undefined && { headers }) };
}
