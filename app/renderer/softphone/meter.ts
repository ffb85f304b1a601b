/** How loud a track is, several times a second, from 0 (silence, −60 dB) to 1 (as loud as it can be). */
import { microphoneProblem, openMicrophone } from './microphone.ts';
import type { OpenContext } from './outgoing-sound.ts';
import type { SoundDevices } from './sound-devices.ts';

const EVERY_MS = 60;
const FLOOR_DB = -60;

export interface MeterListener {
  level(level: number): void;
  /** Why there is nothing to measure. */
  problem(sentence: string): void;
}

/** Opens the microphone for as long as it is measured, and another one where the settings change. Gives the way to stop. */
export function measureMicrophone(devices: SoundDevices, open: OpenContext, listener: MeterListener): () => void {
  let stopped = false;
  let key: string | undefined;
  let running = { stop() {} };
  let queue = Promise.resolve();

  const begin = async (): Promise<void> => {
    if (stopped || key === devices.wanted().key) return;
    try {
      const microphone = await openMicrophone(devices);
      if (stopped) {
        microphone.track.stop();
        return;
      }
      running.stop();
      key = microphone.key;
      const stop = measure(microphone.stream, open, listener.level);
      running = {
        stop() {
          stop();
          microphone.track.stop();
        },
      };
      microphone.track.onended = follow;
    } catch (error) {
      running.stop();
      running = { stop() {} };
      key = undefined;
      if (!stopped) listener.problem(microphoneProblem(error));
    }
  };
  function follow(): void {
    queue = queue.then(begin);
  }
  const release = devices.listen(follow);
  follow();
  return () => {
    stopped = true;
    release();
    running.stop();
  };
}

function measure(stream: MediaStream, open: OpenContext, tell: (level: number) => void): () => void {
  const context = open();
  // Refused only by one that is closed.
  void context.resume().catch(() => {});
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    tell(levelOf(samples));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

/** Of samples from −1 to 1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return levelOfAmplitude(Math.sqrt(sum / Math.max(1, samples.length)));
}

/** Of an amplitude from 0 to 1. */
export function levelOfAmplitude(amplitude: number): number {
  const db = 20 * Math.log10(amplitude);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}
