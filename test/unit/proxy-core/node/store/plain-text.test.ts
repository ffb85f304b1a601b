import { expect, test } from 'vitest';
import { foldedText, orderedText } from '../../../../../proxy-core/node/store/plain-text.ts';

test.each([
  ['Ángel', 'angel'],
  ['Žluťoučký KŮŇ', 'zlutoucky kun'],
  ['Иван Йорданов', 'иван иорданов'],
  ['ΣΊΣΥΦΟΣ', 'σισυφοσ'],
  ['σίσυφος', 'σισυφοσ'],
  ['Straße', 'strasse'],
  ['Łódź', 'lodz'],
  ['Smørrebrød', 'smorrebrod'],
  ['İstanbul Iğdır', 'istanbul igdir'],
  ['ﬁrst ＡＢＣ', 'first abc'],
  ['שָׁלוֹם', 'שלום'],
  ['', ''],
])('%s is found as %s', (text, folded) => {
  expect(foldedText(text)).toBe(folded);
  expect(foldedText(text.normalize('NFD').toUpperCase())).toBe(foldedText(text.toUpperCase()));
});

test('numbers stand in their order, alone and within words', () => {
  const inOrder = ['0', '007', '8', '99', '100', '1001', '20000', 'Desk 9', 'desk 10', 'Émile', 'emma', 'Zoë'];
  const shuffled = [...inOrder].sort((a, b) => (a < b ? 1 : -1));
  const keyed = shuffled.map((text) => [orderedText(text), text] as const);
  expect(keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)).toEqual(inOrder);
});

test('a long run of digits is no shorter than it is', () => {
  expect(orderedText('9'.repeat(150)) > orderedText('9'.repeat(98))).toBe(true);
});
