// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { pictureOf } from '../../../../../../../app/renderer/features/office/ladder/picture.ts';
import { rowsOf } from '../../../../../../../app/renderer/features/office/ladder/rows.ts';
import { ladderOf } from '../../../../../../support/window/busy-call.ts';

const drawn = (title = 'A call') => {
  const ladder = ladderOf();
  return pictureOf({
    ...{ title, hops: ladder.hops, rows: rowsOf(ladder) },
    labelOf: ({ arrow }) => arrow.label,
    meaningOf: ({ arrow }) => `what ${arrow.label} means, which takes more words than there is place for`,
    timeOf: ({ arrow }) => `+${arrow.since}`,
    pauseOf: () => 'later',
  });
};

test('is one well-formed document with every message, every column and the pauses', () => {
  const picture = new DOMParser().parseFromString(drawn(), 'image/svg+xml');
  expect(picture.querySelector('parsererror')).toBeNull();
  const words = [...picture.querySelectorAll('text')].map((one) => one.textContent);
  expect(words.filter((one) => one === '486 Busy Here')).toHaveLength(2);
  expect(words).toContain('1002');
  expect(words).toContain('later');
  expect(picture.querySelectorAll('path[stroke-dasharray]')).toHaveLength(1);
});

test('names of strangers stay words', () => {
  const text = drawn('</title><script>alert(1)</script>\u0000"&');
  expect(text).not.toContain('<script>');
  expect(text).not.toContain('\u0000');
  expect(text).toContain('Yealink &lt;T46&gt; &amp; more');
});

test('what is longer than its arrow is cut, not drawn over others', () => {
  const words = [...drawn().matchAll(/>(what [^<]*)</g)].map((found) => found[1] ?? '');
  expect(words).toHaveLength(5);
  for (const one of words) expect(one).toMatch(/^what .{10,26}…$/);
});
