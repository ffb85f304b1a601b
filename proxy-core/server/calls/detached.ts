/** Texts of their own: a piece cut out of a message keeps all of the message in memory. */

/** Copies of `texts`, which have no line breaks, held by one string. */
export const detached = (texts: readonly string[]): string[] => texts.join('\n').split('\n');
