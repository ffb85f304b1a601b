/** Puts the page that the window has laid out for paper on paper, or into a file where the person says. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { WebContents } from 'electron';
import * as v from 'valibot';
import type { Outcome } from '../shared/bridge.ts';

const printShape = v.object({
  as: v.picklist(['paper', 'pdf']),
  /** Of the file. */
  name: v.pipe(v.string(), v.regex(/^[\w .-]{1,100}\.pdf$/)),
});

export interface PrinterPorts {
  readonly page: Pick<WebContents, 'print' | 'printToPDF'>;
  /** Asks the person for a place; undefined where there is to be none. */
  readonly ask: (name: string) => Promise<string | undefined>;
}

/** Gives whether something was printed: the person may think better of it. */
export type Printer = (args: unknown) => Promise<Outcome<boolean>>;

/** Said by Chromium for what is no fault. */
const CANCELLED = /cancel/i;

export function createPrinter({ page, ask }: PrinterPorts): Printer {
  let underWay = false;

  const onPaper = (): Promise<Outcome<boolean>> =>
    new Promise((resolve) => {
      page.print({ printBackground: true }, (success, reason) => {
        if (success || CANCELLED.test(reason)) resolve({ ok: true, value: success });
        else resolve({ ok: false, reason: `It could not be printed: ${reason}.` });
      });
    });

  const toFile = async (name: string): Promise<Outcome<boolean>> => {
    const path = await ask(name);
    if (path === undefined) return { ok: true, value: false };
    try {
      await writeFile(path, await page.printToPDF({ printBackground: true, pageSize: 'A4' }));
      return { ok: true, value: true };
    } catch (error) {
      return { ok: false, reason: `${basename(path)} could not be written: ${(error as Error).message}.` };
    }
  };

  return async (args) => {
    const asked = v.safeParse(printShape, args);
    if (!asked.success) return { ok: false, reason: 'This cannot be printed.' };
    if (underWay) return { ok: false, reason: 'Something is being printed already.' };
    underWay = true;
    try {
      return await (asked.output.as === 'paper' ? onPaper() : toFile(asked.output.name));
    } finally {
      underWay = false;
    }
  };
}
