/** Keeps what the person wants of the desktop, and where the bar stood, in a file of the profile. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../../shared/bridge.ts';
import { type DesktopSettings, desktopDefaults } from '../../shared/desktop.ts';
import { FileNotWritten, inOrder, readJson, writeJson } from '../atomic-file.ts';
import type { Point } from './placement.ts';

const shape = v.object({ callBar: v.boolean(), staysInTray: v.boolean(), notices: v.boolean() });
const pixel = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
/** As an earlier version may have written it: what it did not know is as usual. */
const fileShape = v.object({
  ...v.partial(shape).entries,
  bar: v.exactOptional(v.object({ x: pixel, y: pixel })),
  toldOfTray: v.exactOptional(v.boolean()),
});

export interface DesktopStore {
  readonly settings: DesktopSettings;
  /** Where the bar was left; undefined where it was never moved. */
  readonly bar: Point | undefined;
  /** The person knows that closing the window leaves the phone in the tray. */
  readonly toldOfTray: boolean;
  /** From the page: anything at all. */
  set(args: unknown): Promise<Outcome>;
  /** Lost where it cannot be written: it is no more than a habit. */
  remember(known: { readonly bar?: Point; readonly toldOfTray?: true }): Promise<void>;
}

interface Kept {
  readonly settings: DesktopSettings;
  readonly bar?: Point;
  readonly toldOfTray?: boolean;
}

/** A damaged file is set aside, and everything is as usual. */
export async function openDesktopStore(folder: string): Promise<DesktopStore> {
  const path = join(folder, 'desktop.json');
  const found = await readJson(path, (value) => v.is(fileShape, value));
  let kept: Kept = { settings: desktopDefaults };
  if (found.state === 'read') {
    const { bar, toldOfTray, ...settings } = v.parse(fileShape, found.value);
    const known = Object.entries(settings).filter(([, value]) => value !== undefined);
    kept = {
      settings: { ...desktopDefaults, ...Object.fromEntries(known) },
      ...(bar && { bar }),
      ...(toldOfTray && { toldOfTray }),
    };
  }
  const serially = inOrder();
  const change = (edit: (before: Kept) => Kept): Promise<void> =>
    serially(async () => {
      const next = edit(kept);
      const { settings, ...more } = next;
      await writeJson(path, { ...settings, ...more });
      kept = next;
    });
  return {
    get settings() {
      return kept.settings;
    },
    get bar() {
      return kept.bar;
    },
    get toldOfTray() {
      return kept.toldOfTray === true;
    },
    async set(args) {
      const settings = v.parse(shape, args);
      try {
        await change((before) => ({ ...before, settings }));
        return { ok: true, value: undefined };
      } catch (error) {
        if (!(error instanceof FileNotWritten)) throw error;
        return { ok: false, reason: error.message };
      }
    },
    async remember(known) {
      try {
        await change((before) => ({ ...before, ...known }));
      } catch (error) {
        console.error(`A habit of the desktop was not kept: ${(error as Error).message}`);
      }
    },
  };
}
