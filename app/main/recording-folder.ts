/** Which folder recordings go to: one in the profile, until the person chooses another in a box of the system. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../shared/bridge.ts';
import { FileNotWritten, readJson, writeJson } from './atomic-file.ts';
import { whyUnusable } from './profile-folder.ts';

const shape = v.object({ folder: v.pipe(v.string(), v.minLength(1), v.maxLength(4_000)) });

export interface RecordingFolder {
  readonly path: string;
  /** Lets the person choose; an unwritable one is refused. Gives the one that is used then. */
  choose(): Promise<Outcome<string>>;
}

/** @param ask shows the box; gives nothing where it is left without a choice */
export async function openRecordingFolder(
  profile: string,
  ask: (now: string) => Promise<string | undefined>,
): Promise<RecordingFolder> {
  const file = join(profile, 'recordings.json');
  const found = await readJson(file, (value) => v.is(shape, value));
  let path = found.state === 'read' ? v.parse(shape, found.value).folder : join(profile, 'recordings');
  return {
    get path() {
      return path;
    },
    async choose() {
      const chosen = await ask(path);
      if (chosen === undefined) return { ok: true, value: path };
      const reason = whyUnusable(chosen);
      if (reason !== undefined) return { ok: false, reason: `This folder cannot be used: ${reason}` };
      try {
        await writeJson(file, { folder: chosen });
      } catch (error) {
        if (!(error instanceof FileNotWritten)) throw error;
        return { ok: false, reason: error.message };
      }
      path = chosen;
      return { ok: true, value: path };
    },
  };
}
