/** What the pages of the office say of calls. */
import { expect, test } from 'vitest';
import { partyWords } from '../../../../../app/renderer/store/office-words.ts';

const party = (name: string) => ({ aor: undefined, number: '', name, domain: '' });

test.each([
  ['Jana', 'Kofi', 'Jana → Kofi'],
  // A mark from left to right begins it, and each name stands for itself: the arrow points at who was called.
  ['נעמה', 'Jana', '\u200e\u2068נעמה\u2069 → \u2068Jana\u2069'],
  ['Jana', 'عبد', '\u200e\u2068Jana\u2069 → \u2068عبد\u2069'],
])('%s calls %s', (caller, callee, words) => {
  expect(partyWords(party(caller), party(callee))).toBe(words);
});
