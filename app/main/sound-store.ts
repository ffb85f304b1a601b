/** Keeps the sound settings of a profile in a file of their own. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../shared/bridge.ts';
import { type SoundSettings, soundDefaults } from '../shared/sound-settings.ts';
import { FileNotWritten, inOrder, readJson, writeJson } from './atomic-file.ts';

const device = v.nullable(
  v.object({
    id: v.pipe(v.string(), v.maxLength(200)),
    label: v.pipe(v.string(), v.maxLength(300)),
  }),
);
const volume = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const shape = v.object({
  microphone: device,
  speaker: device,
  ringer: device,
  speakerVolume: volume,
  ringerVolume: volume,
  echoCancellation: v.boolean(),
  noiseSuppression: v.boolean(),
  autoGain: v.boolean(),
  announceRecording: v.boolean(),
});
/** As an earlier version may have written it: what it did not know is as usual. */
const fileShape = v.partial(shape);

export interface SoundStore {
  readonly settings: SoundSettings;
  /** From the page: anything at all. */
  set(args: unknown): Promise<Outcome>;
}

/** A damaged file is set aside, and everything is as usual. */
export async function openSoundStore(folder: string): Promise<SoundStore> {
  const path = join(folder, 'sound.json');
  const found = await readJson(path, (value) => v.is(fileShape, value));
  let settings: SoundSettings = soundDefaults;
  if (found.state === 'read') {
    const known = Object.entries(v.parse(fileShape, found.value)).filter(([, value]) => value !== undefined);
    settings = { ...soundDefaults, ...Object.fromEntries(known) };
  }
  const serially = inOrder();
  return {
    get settings() {
      return settings;
    },
    async set(args) {
      const next = v.parse(shape, args);
      try {
        await serially(() => writeJson(path, next));
        settings = next;
        return { ok: true, value: undefined };
      } catch (error) {
        if (!(error instanceof FileNotWritten)) throw error;
        return { ok: false, reason: error.message };
      }
    },
  };
}
