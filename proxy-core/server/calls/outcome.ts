/** How a call came out, in one word for people, and its Q.850 cause (RFC 3326, RFC 4497 §8.4.4). */
import type { Call } from './call.ts';

export const outcomes = [
  'answered',
  'cancelled',
  'busy',
  'no-answer',
  'declined',
  'not-found',
  'unavailable',
  'redirected',
  'failed',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Of a call that has ended. */
export function outcomeOf({ end, answeredAt, isCancelled, ringingAt }: Call): Outcome {
  if (answeredAt > 0) return 'answered';
  if (isCancelled) return 'cancelled';
  const status = end?.status ?? 0;
  if (status >= 300 && status < 400) return 'redirected';
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 603:
    case 607:
      return 'declined';
    case 404:
    case 410:
    case 484:
    case 485:
    case 604:
      return 'not-found';
    case 408:
    case 480:
    case 487:
      // A phone that rang, and nobody came; or nobody was there to ring.
      return ringingAt > 0 ? 'no-answer' : 'unavailable';
    default:
      return 'failed';
  }
}

/** RFC 4497, table 2; what is not named is 127, interworking. */
const CAUSES: Readonly<Record<number, number>> = {
  400: 41,
  401: 21,
  402: 21,
  403: 21,
  404: 1,
  405: 63,
  406: 79,
  407: 21,
  408: 102,
  410: 22,
  415: 79,
  480: 18,
  481: 41,
  482: 25,
  483: 25,
  484: 28,
  485: 1,
  486: 17,
  500: 41,
  501: 79,
  502: 38,
  503: 41,
  504: 102,
  600: 17,
  603: 21,
  604: 1,
};

/** The Q.850 cause that a Reason names, as in `Q.850;cause=16;text="Terminated"`; undefined where it names none. */
export function causeIn(reason: string): number | undefined {
  const cause = /(?:^|,)\s*Q\.850\s*;[^,]*?\bcause\s*=\s*(\d{1,3})(?!\d)/i.exec(reason)?.[1];
  return cause === undefined || Number(cause) > 127 ? undefined : Number(cause);
}

/** The cause that was named, else what its status comes to; 16 is the normal end, of who gives up waiting too. */
export function causeOf(call: Call): number {
  const { end, answeredAt, isCancelled } = call;
  const reason = end?.reason ?? '';
  const named = reason === '' ? undefined : causeIn(reason);
  if (named !== undefined) return named;
  if (answeredAt > 0) return end?.lost === undefined ? 16 : 31;
  if (isCancelled) return 16;
  return CAUSES[end?.status ?? 0] ?? 127;
}
