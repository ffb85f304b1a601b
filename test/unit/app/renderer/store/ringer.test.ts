import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRinger } from '../../../../../app/renderer/store/ringer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Counts the notes that begin; everything else of Web Audio is swallowed. */
function fakeAudio() {
  const counts = { notes: 0, closed: 0, sinks: [] as string[], volumes: [] as number[] };
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
    setSinkId: async (id: string) => void counts.sinks.push(id),
    createGain: () => {
      const made = node();
      const gain = {
        ...param,
        set value(volume: number) {
          counts.volumes.push(volume);
        },
      };
      return { ...made, gain };
    },
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
  // The ringer's and the speaker's.
  expect(counts.closed).toBe(2);
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

test('rings from the ringer and tells of other ends from the speaker, each as loud as wanted', () => {
  const bell = fakeAudio();
  const ear = fakeAudio();
  const made = [bell.audio, ear.audio];
  const ringer = createRinger(() => made.shift() ?? ear.audio);
  ringer.use('ringer', { id: 'desk', volume: 0.5 });
  ringer.use('speaker', { id: 'headset', volume: 0.3 });
  ringer.play('ring');
  ringer.play('waiting');
  expect(bell.counts).toMatchObject({ notes: 6, sinks: ['desk'], volumes: [0.5] });
  expect(ear.counts).toMatchObject({ notes: 2, sinks: ['headset'], volumes: [0.3] });
  ringer.use('speaker', { id: '', volume: 0.3 });
  expect(ear.counts.sinks).toEqual(['headset', '']);
  ringer.sample('ringer');
  expect(bell.counts.notes).toBe(12);
  ringer.close();
});
