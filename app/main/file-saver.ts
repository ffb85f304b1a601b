/** Writes a file to where the person says: the page gives what is in it and a name, never a place. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../shared/bridge.ts';

/** Ten thousand contacts with their pictures. */
const MAX_LENGTH = 400_000_000;

const fileShape = v.object({
  name: v.pipe(v.string(), v.regex(/^[\w .-]{1,100}\.(?:vcf|csv|txt|svg|pcapng)$/)),
  content: v.union([
    v.pipe(v.string(), v.maxLength(MAX_LENGTH)),
    v.pipe(
      v.instance(Uint8Array),
      v.check(({ length }) => length <= MAX_LENGTH),
    ),
  ]),
});

/** Gives whether it was written: the person may think better of it. */
export type FileSaver = (args: unknown) => Promise<Outcome<boolean>>;

/** @param ask the person for a place; undefined where there is to be none */
export function createFileSaver(ask: (name: string) => Promise<string | undefined>): FileSaver {
  return async (args) => {
    const file = v.safeParse(fileShape, args);
    if (!file.success) return { ok: false, reason: 'This is no file to be saved.' };
    const { name, content } = file.output;
    const path = await ask(name);
    if (path === undefined) return { ok: true, value: false };
    try {
      // Spreadsheets take a table for UTF-8 only with the mark at its beginning.
      await writeFile(path, name.endsWith('.csv') && typeof content === 'string' ? `\ufeff${content}` : content);
      return { ok: true, value: true };
    } catch (error) {
      return { ok: false, reason: `${basename(path)} could not be written: ${(error as Error).message}.` };
    }
  };
}
