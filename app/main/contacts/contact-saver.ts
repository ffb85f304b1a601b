/** Writes a file of contacts to where the person says: the page gives the text and a name, never a place. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../../shared/bridge.ts';

/** Ten thousand contacts with their pictures. */
const MAX_TEXT = 400_000_000;

const fileShape = v.object({
  name: v.pipe(v.string(), v.regex(/^[\w .-]{1,100}\.(?:vcf|csv)$/)),
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT)),
});

/** Gives whether it was written: the person may think better of it. */
export type ContactSaver = (args: unknown) => Promise<Outcome<boolean>>;

/** @param ask the person for a place; undefined where there is to be none */
export function createContactSaver(ask: (name: string) => Promise<string | undefined>): ContactSaver {
  return async (args) => {
    const file = v.safeParse(fileShape, args);
    if (!file.success) return { ok: false, reason: 'This is no file of contacts.' };
    const path = await ask(file.output.name);
    if (path === undefined) return { ok: true, value: false };
    try {
      // Spreadsheets take a table for UTF-8 only with the mark at its beginning.
      await writeFile(path, file.output.name.endsWith('.csv') ? `\ufeff${file.output.text}` : file.output.text);
      return { ok: true, value: true };
    } catch (error) {
      return { ok: false, reason: `${basename(path)} could not be written: ${(error as Error).message}.` };
    }
  };
}
