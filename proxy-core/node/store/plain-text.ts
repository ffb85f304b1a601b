/** Texts as people look for them and put them in order: without accents, whatever the case, numbers as numbers. */

/** Letters that differ from the plain one by more than a mark above or below it. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ŧ: 't', ı: 'i', ς: 'σ' },
};
const STRANGE = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** `ŽLUŤOUČKÝ` and `žlutoucky` become the same, and so do `Йосиф` and `иосиф`. */
export const foldedText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(STRANGE, (letter) => PLAIN[letter] ?? letter);

const MOST_DIGITS = 99;

/**
 * A text that stands where `text` belongs when such texts are compared character by character: before a run of digits
 * stands how long it is, so that 99 comes before 100 and `desk 9` before `desk 10`.
 */
export const orderedText = (text: string): string =>
  foldedText(text).replace(/[0-9]+/g, (digits) => {
    const number = digits.replace(/^0+/, '');
    return `${String(Math.min(number.length, MOST_DIGITS)).padStart(2, '0')}${number}`;
  });
