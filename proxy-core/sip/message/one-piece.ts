/** Texts that are put together once and kept for long. */

/**
 * The same text in one piece. What was put together is kept by the engine as its parts until somebody looks into it, and to
 * write it out or to look it up in a map is no such look: a registration that lingered kept twenty pieces alive.
 */
export function inOnePiece(text: string): string {
  // Never so; but a look whose outcome nobody uses is left out.
  if (text.charCodeAt(0) < 0) throw new RangeError('no text');
  return text;
}
