/** What one profile keeps: its accounts and whether it hosts an office. Passwords are elsewhere (`secrets.ts`). */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Account } from '../shared/bridge.ts';
import type { CodecSettings } from '../shared/codec-settings.ts';
import { LANGUAGES, type Language } from '../shared/language.ts';
import { accountShape, codecsShape, repliesShape } from './account-shape.ts';
import { inOrder, readJson, writeJson } from './atomic-file.ts';

/** Those that one profile may hold. */
export const MAX_ACCOUNTS = 100;

/** In version 1 accounts had no settings of their own; nothing else was different. */
const VERSION = 2;
const fileShape = v.object({
  version: v.picklist([1, VERSION]),
  accounts: v.pipe(v.array(accountShape), v.maxLength(MAX_ACCOUNTS)),
  hosting: v.boolean(),
  codecs: v.exactOptional(codecsShape),
  replies: v.exactOptional(repliesShape),
  language: v.exactOptional(v.picklist(LANGUAGES)),
});
/** Of a program that is newer than this one, which knows what it means. */
const laterShape = v.object({ version: v.pipe(v.number(), v.integer(), v.minValue(VERSION + 1)) });

/** Its message is the end of a sentence, with its full stop. */
export class ProfileTooNew extends Error {
  override readonly name = 'ProfileTooNew';
}

export interface ProfileData {
  readonly accounts: readonly Account[];
  /** The office was on when the program was last used, so it goes on again with it. */
  readonly hosting: boolean;
  /** Of accounts without their own; absent where they are the usual ones. */
  readonly codecs?: CodecSettings;
  /** Absent where they are the usual ones. */
  readonly replies?: readonly string[];
  /** Absent where it is that of the system. */
  readonly language?: Language;
}

export interface ProfileStore {
  readonly data: ProfileData;
  /** Where an unreadable profile was put, when there was one. */
  readonly setAside: string | undefined;
  /** Settles when the change is on disk; rejects with FileNotWritten and keeps what was. */
  change(edit: (data: ProfileData) => ProfileData): Promise<void>;
}

/** Rejects with ProfileTooNew, and leaves such a profile as it is. */
export async function openProfile(folder: string): Promise<ProfileStore> {
  const path = join(folder, 'profile.json');
  const found = await readJson(path, (value) => v.is(fileShape, value) || v.is(laterShape, value));
  if (found.state === 'read' && v.is(laterShape, found.value)) {
    const { version } = found.value;
    throw new ProfileTooNew(
      `${path} was made by a newer Tandem (its version is ${version}, this one reads up to ${VERSION}). ` +
        'Update Tandem, or use another profile with --data.',
    );
  }
  let data: ProfileData = { accounts: [], hosting: false };
  if (found.state === 'read') {
    const { version: _, ...known } = v.parse(fileShape, found.value);
    data = known;
  }
  const serially = inOrder();
  return {
    get data() {
      return data;
    },
    setAside: found.state === 'corrupt' ? found.movedTo : undefined,
    change: (edit) =>
      serially(async () => {
        const next = edit(data);
        await writeJson(path, { version: VERSION, ...next });
        data = next;
      }),
  };
}
