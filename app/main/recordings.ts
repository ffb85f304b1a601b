/**
 * Files of recorded calls: named and written here, piece by piece while the call goes on, and read again at its end. The
 * window says only whom a recording is of.
 */
import { type FileHandle, mkdir, open, rm, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Outcome } from '../shared/bridge.ts';
import { MAX_PIECE, type RecordingFacts } from '../shared/recordings.ts';
import { inOrder } from './atomic-file.ts';
import { readRecording, UnreadableRecording } from './webm.ts';

export interface RecordingsOptions {
  /** Where new ones go. */
  readonly folder: () => string;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface Recordings {
  begin(args: { readonly who: string }): Promise<Outcome<{ id: string; name: string }>>;
  /** After a refusal the file is closed, with what is in it. */
  write(args: { readonly id: string; readonly data: Uint8Array }): Promise<Outcome>;
  end(args: { readonly id: string }): Promise<Outcome<RecordingFacts>>;
  /** Another page took the window's place: what the one before left open is closed, with what is in it. */
  windowChanged(): Promise<void>;
  /** Undefined where it is not known any more. */
  pathOf(id: string): string | undefined;
}

interface Open {
  readonly file: FileHandle;
  readonly path: string;
  readonly serially: ReturnType<typeof inOrder>;
  syncedAt: number;
}

/** As many as there can be calls. */
const MAX_OPEN = 16;
const MAX_KNOWN = 500;
/** An hour of speech has about 20 MB. */
const MIN_FREE = 20_000_000;
/** What a power cut may take at most. */
const SYNC_EVERY_MS = 4_000;
const DISK_FULL = 'The disk is full.';

export function createRecordings({ folder, newId, now }: RecordingsOptions): Recordings {
  const opened = new Map<string, Open>();
  const known = new Map<string, string>();

  const refuse = (reason: string) => ({ ok: false, reason }) as const;
  const close = async (id: string): Promise<void> => {
    const one = opened.get(id);
    opened.delete(id);
    // What was written is on the disk by then, and is read again.
    await one?.file.close().catch(() => {});
  };

  return {
    async begin({ who }) {
      if (opened.size >= MAX_OPEN) return refuse('There are too many recordings at once.');
      const into = folder();
      try {
        await mkdir(into, { recursive: true });
        const { bavail, bsize } = await statfs(into);
        if (bavail * bsize < MIN_FREE) return refuse(DISK_FULL);
        const { file, path } = await create(into, nameOf(who, now()));
        const id = newId();
        opened.set(id, { file, path, serially: inOrder(), syncedAt: now().getTime() });
        known.set(id, path);
        for (const [oldest] of known) if (known.size > MAX_KNOWN) known.delete(oldest);
        return { ok: true, value: { id, name: basename(path) } };
      } catch (error) {
        return refuse(whyNot(error, into));
      }
    },
    async write({ id, data }) {
      const one = opened.get(id);
      if (one === undefined) return refuse('The recording has ended.');
      if (!(data instanceof Uint8Array) || data.length > MAX_PIECE) return refuse('This is no piece of a recording.');
      try {
        await one.serially(async () => {
          await one.file.appendFile(data);
          if (now().getTime() - one.syncedAt < SYNC_EVERY_MS) return;
          one.syncedAt = now().getTime();
          await one.file.datasync();
        });
        return { ok: true, value: undefined };
      } catch (error) {
        await close(id);
        return refuse(whyNot(error, folder()));
      }
    },
    async end({ id }) {
      const one = opened.get(id);
      if (one === undefined) return refuse('The recording has ended.');
      try {
        await one.serially(() => one.file.sync());
        await close(id);
        const again = await open(one.path, 'r');
        try {
          // Nothing was ever said into it.
          if ((await again.stat()).size === 0) await rm(one.path, { force: true });
          return { ok: true, value: await readRecording(again) };
        } finally {
          await again.close();
        }
      } catch (error) {
        await close(id);
        if (error instanceof UnreadableRecording) return refuse(`The file cannot be played: ${error.message}.`);
        return refuse(whyNot(error, folder()));
      }
    },
    async windowChanged() {
      await Promise.all([...opened.keys()].map(close));
    },
    pathOf: (id) => known.get(id),
  };
}

/** Never over a file that is there. */
async function create(folder: string, name: string): Promise<{ file: FileHandle; path: string }> {
  for (let copy = 1; ; copy++) {
    const path = join(folder, `${name}${copy === 1 ? '' : ` (${copy})`}.webm`);
    try {
      return { file: await open(path, 'ax', 0o600), path };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || copy >= 100) throw error;
    }
  }
}

/** When, and with whom: what no file system minds. */
function nameOf(who: string, at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}`;
  const name = String(who)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}+ _-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60)
    .trim();
  return [day, time, name].filter((part) => part !== '').join(' ');
}

function whyNot(error: unknown, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return DISK_FULL;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `Tandem may not write into ${folder}.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${folder} is no folder.`;
    case 'ENOENT':
      return 'The file is gone.';
    default:
      return `The file could not be written: ${message}.`;
  }
}
