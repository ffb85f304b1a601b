import { beforeEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { CallSnapshot } from '../../../../../app/renderer/softphone/snapshots.ts';
import { followSound, type SoundHistory } from '../../../../../app/renderer/store/sound-history.ts';
import { callOf, soundOf } from '../../../../support/window/people.ts';

let now: number;
let history: SoundHistory;
const phone = createStore<{ calls: readonly CallSnapshot[] }>()(() => ({ calls: [] }));
const sounds = (mos: number, there: number | null = null) => {
  const figures = (score: number) => ({ lossPercent: 0, jitterMs: 1, mos: score });
  const quality = soundOf({ here: figures(mos), there: there === null ? null : figures(there) });
  phone.setState({ calls: [callOf({ quality })] });
};

beforeEach(() => {
  now = 0;
  history?.close();
  phone.setState({ calls: [] });
  history = followSound(phone, () => now);
});

test('takes one score a second, whatever else changes meanwhile', () => {
  sounds(4.4);
  now = 300;
  sounds(1);
  now = 1_000;
  sounds(4, 3);
  phone.setState({ calls: [callOf({ quality: soundOf() })] });
  expect(history.of('call-1')).toEqual([
    { at: 0, here: 4.4, there: null },
    { at: 1_000, here: 4, there: 3 },
  ]);
  expect(history.of('other')).toEqual([]);
});

test('of a long call keeps a few hundred, from its beginning to its end', () => {
  for (now = 0; now < 4 * 3_600_000; now += 1_000) sounds(4);
  const points = history.of('call-1');
  expect(points.length).toBeGreaterThan(250);
  expect(points.length).toBeLessThanOrEqual(600);
  expect(points[0]?.at).toBe(0);
  expect(points.at(-1)?.at).toBeGreaterThan(now - 60_000);
});

test('forgets a call that is over', () => {
  sounds(4);
  phone.setState({ calls: [callOf({ state: 'ended' })] });
  expect(history.of('call-1')).toEqual([]);
});
