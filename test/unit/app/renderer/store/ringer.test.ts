import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRinger } from '../../../../../app/renderer/store/ringer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Counts the notes that begin; everything else of Web Audio is swallowed. */
function fakeAudio() {
  const counts = { notes: 0, closed: 0 };
  const count = () => {
    counts.notes += 1;
  };
  const param = { value: 0, setValueAtTime() {}, exponentialRampToValueAtTime() {}, setTargetAtTime() {} };
  const node = () => ({ connect() {}, disconnect() {}, gain: param, frequency: param, stop() {} });
  const audio = {
    currentTime: 0,
    destination: {},
    resume: () => Promise.resolve(),
    close: async () => {
      counts.closed += 1;
    },
    createGain: node,
    createOscillator: () => ({ ...node(), start: () => count() }),
  };
  return { counts, audio: audio as unknown as AudioContext };
}

test('a tone repeats until another is asked for', () => {
  const { counts, audio } = fakeAudio();
  const ringer = createRinger(() => audio);
  ringer.play('ring');
  ringer.play('ring');
  expect(counts.notes).toBe(6);
  vi.advanceTimersByTime(3_000);
  expect(counts.notes).toBe(12);
  ringer.play('ringback');
  expect(counts.notes).toBe(13);
  ringer.play('silence');
  vi.advanceTimersByTime(60_000);
  expect(counts.notes).toBe(13);
  expect(vi.getTimerCount()).toBe(0);
  ringer.close();
  expect(counts.closed).toBe(1);
});

test('a computer without sound is silent, and the next call tries again', () => {
  const { counts, audio } = fakeAudio();
  let broken = true;
  const ringer = createRinger(() => {
    if (broken) throw new Error('no device');
    return audio;
  });
  ringer.play('ring');
  ringer.play('silence');
  broken = false;
  ringer.play('ring');
  expect(counts.notes).toBe(6);
  ringer.close();
});
