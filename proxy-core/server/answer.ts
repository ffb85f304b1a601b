/** The answer to a request, as a decision: the pipeline makes the response of it. */
import type { HeaderLine } from '../sip/message/build.ts';

/** The reason phrase is the usual one where it is absent. */
export interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: readonly HeaderLine[];
  /** Need not be remembered: a request that comes again is answered in the same way, at no cost to anybody. */
  readonly isForgotten?: boolean;
  /** The guard has been told of it. */
  readonly isAccused?: boolean;
}

export function answer(status: number, reason?: string, headers?: readonly HeaderLine[]): Answer {
  return { status, ...(reason !== undefined && { reason }), ...(headers !== undefined && { headers }) };
}
