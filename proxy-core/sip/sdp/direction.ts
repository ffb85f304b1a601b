/** Which way sound goes, always as seen by the one who wrote the description (RFC 3264 §5.1, §6.1). */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'recvonly';

export function directionOf(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** The same flow seen from the other end. */
export const mirrored = (direction: Direction): Direction => directionOf(receives(direction), sends(direction));

/** What both allow, seen from the same end. */
export const both = (a: Direction, b: Direction): Direction =>
  directionOf(sends(a) && sends(b), receives(a) && receives(b));

/** The direction of an answer: what the offer leaves open, narrowed by what the answerer wants. */
export const answerDirection = (offered: Direction, wanted: Direction): Direction => both(mirrored(offered), wanted);
