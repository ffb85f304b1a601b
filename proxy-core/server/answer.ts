/** The answer to a request, as a decision: the pipeline makes the response of it. */
import type { HeaderLine } from '../sip/message/build.ts';

/** The reason phrase is the usual one where it is absent. */
export interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: readonly HeaderLine[];
}

export function answer(status: number, reason?: string, headers?: readonly HeaderLine[]): Answer {
  return { status, ...(reason !== undefined && { reason }), ...(headers !== undefined && { headers }) };
}
