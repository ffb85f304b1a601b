import { describe, expect, it } from 'vitest';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import { NonceMaker } from '../../../../../proxy-core/sip/auth/nonce.ts';
import { NonceCounts } from '../../../../../proxy-core/sip/auth/nonce-counts.ts';

const SINCE = 1_000_000;
const nonce = (id: number, issuedAt = SINCE) => ({ id, issuedAt });

describe('the uses of one nonce', () => {
  const cases: [what: string, counts: number[], taken: boolean[]][] = [
    ['one after the other', [1, 2, 3], [true, true, true]],
    ['the same again', [1, 1, 2, 1, 2], [true, false, true, false, false]],
    ['one that was overtaken', [1, 3, 2, 2], [true, true, true, false]],
    ['gaps', [1, 40, 9, 8, 9], [true, true, true, false, false]],
    ['the last of the window', [100, 131, 100], [true, true, false]],
    ['the highest of all', [0xffff_ffff, 0xffff_ffff, 0xffff_fffe], [true, false, true]],
    ['none', [0, 0], [true, false]],
  ];
  it.each(cases)('%s', (_what, counts, taken) => {
    const seen = new NonceCounts({ since: SINCE });
    expect(counts.map((count) => seen.take(nonce(1), count))).toEqual(taken);
  });

  it('are apart from those of another', () => {
    const seen = new NonceCounts({ since: SINCE });
    expect([seen.take(nonce(1), 1), seen.take(nonce(2), 1)]).toEqual([true, true]);
  });
});

it('a nonce from before the beginning is refused, as nobody knows its uses', () => {
  const seen = new NonceCounts({ since: SINCE });
  expect([seen.take(nonce(1, SINCE - 1), 7), seen.take(nonce(2, SINCE), 7)]).toEqual([false, true]);
});

it('what is forgotten is refused, and nothing grows', () => {
  const seen = new NonceCounts({ since: SINCE, maxNonces: 4 });
  for (let id = 1; id <= 5; id++) expect(seen.take(nonce(id, SINCE + id), 1)).toBe(true);
  expect(seen.size).toBe(3);
  expect([1, 2].map((id) => seen.take(nonce(id, SINCE + id), 2))).toEqual([false, false]);
  expect([3, 4, 5].map((id) => seen.take(nonce(id, SINCE + id), 2))).toEqual([true, true, true]);
  expect([3, 4, 5].map((id) => seen.take(nonce(id, SINCE + id), 2))).toEqual([false, false, false]);
});

it('one that comes late is refused where those of its time are forgotten', () => {
  const seen = new NonceCounts({ since: SINCE, maxNonces: 4 });
  for (const [id, age] of [10, 3, 4, 5, 6].entries()) seen.take(nonce(id, SINCE + age), 1);
  expect(seen.take(nonce(99, SINCE + 10), 1)).toBe(false);
  expect(seen.take(nonce(99, SINCE + 11), 1)).toBe(true);
});

it('no two nonces of one moment are the same', () => {
  const maker = new NonceMaker({ hashes: nodeHashes, secret: 's'.repeat(16), now: () => SINCE });
  const nonces = Array.from({ length: 100 }, () => maker.make());
  expect(new Set(nonces).size).toBe(100);
  expect(new Set(nonces.map((text) => maker.read(text)?.id)).size).toBe(100);
});
