/** Keeps in a file of the profile how the phone is to fit into this computer. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../../shared/bridge.ts';
import { type ComputerSettings, computerDefaults, HEADSET_DEEDS, KEY_DEEDS, LOOKS } from '../../shared/computer.ts';
import { FileNotWritten, inOrder, readJson, writeJson } from '../atomic-file.ts';

/** Never a key that writes: nobody could write with it any more. */
const accelerator = v.pipe(
  v.string(),
  v.regex(
    /^(?:(?=.*(?:Control|Alt|Super)\+)(?:(?:Control|Alt|Shift|Super)\+){1,4}[A-Za-z0-9]{1,20}|(?:Shift\+)?(?:F\d{1,2}|Media[A-Za-z]{1,16}|Scrolllock))$/,
  ),
);

const whole = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));
const button = v.object({ vendorId: whole(0xffff), productId: whole(0xffff), usage: whole(0xffff_ffff) });

/** Each alone may be changed, and an earlier version knew fewer. */
const shape = v.object({
  look: v.exactOptional(v.picklist(LOOKS)),
  highContrast: v.exactOptional(v.boolean()),
  headset: v.exactOptional(
    v.object({ on: v.boolean(), buttons: v.object(v.entriesFromList(HEADSET_DEEDS, v.exactOptional(button))) }),
  ),
  keys: v.exactOptional(v.object(v.entriesFromList(KEY_DEEDS, v.exactOptional(accelerator)))),
});

export interface ComputerStore {
  readonly settings: ComputerSettings;
  /** From the page: anything at all. */
  set(args: unknown): Promise<Outcome>;
}

/** A damaged file is set aside, and everything is as usual. */
export async function openComputerStore(folder: string): Promise<ComputerStore> {
  const path = join(folder, 'computer.json');
  const found = await readJson(path, (value) => v.is(shape, value));
  let settings: ComputerSettings = { ...computerDefaults, ...(found.state === 'read' && v.parse(shape, found.value)) };
  const serially = inOrder();
  return {
    get settings() {
      return settings;
    },
    async set(args) {
      const change = v.parse(shape, args);
      try {
        await serially(async () => {
          const next = { ...settings, ...change };
          await writeJson(path, next);
          settings = next;
        });
        return { ok: true, value: undefined };
      } catch (error) {
        if (!(error instanceof FileNotWritten)) throw error;
        return { ok: false, reason: error.message };
      }
    },
  };
}
