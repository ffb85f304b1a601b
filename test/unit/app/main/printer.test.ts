import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPrinter, type PrinterPorts } from '../../../../app/main/printer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-print-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Printed = (success: boolean, reason: string) => void;

function printer(print: (done: Printed) => void = (done) => done(true, ''), path?: string) {
  const page = {
    print: (_: unknown, done?: Printed) => print(done ?? (() => {})),
    printToPDF: async () => Buffer.from('%PDF-1.4'),
  } as PrinterPorts['page'];
  return createPrinter({ page, ask: async () => path });
}

describe('the printer', () => {
  it('prints, and says what became of it', async () => {
    const paper = { as: 'paper', name: 'a.pdf' };
    expect(await printer()(paper)).toEqual({ ok: true, value: true });
    expect(await printer((done) => done(false, 'Print job canceled'))(paper)).toEqual({ ok: true, value: false });
    expect(await printer((done) => done(false, 'no printers'))(paper)).toEqual({
      ...{ ok: false, reason: 'It could not be printed: no printers.' },
    });
  });

  it('writes a file where the person says, or none', async () => {
    const path = join(folder, 'sheet.pdf');
    expect(await printer(undefined, path)({ as: 'pdf', name: 'a.pdf' })).toEqual({ ok: true, value: true });
    expect(readFileSync(path, 'latin1')).toBe('%PDF-1.4');
    expect(await printer()({ as: 'pdf', name: 'a.pdf' })).toEqual({ ok: true, value: false });
    const nowhere = join(folder, 'none', 'sheet.pdf');
    expect(await printer(undefined, nowhere)({ as: 'pdf', name: 'a.pdf' })).toMatchObject({
      ...{ ok: false, reason: expect.stringMatching(/^sheet\.pdf could not be written: /) },
    });
  });

  it('prints one thing at a time', async () => {
    let end: Printed = () => {};
    const print = printer((done) => (end = done));
    const first = print({ as: 'paper', name: 'a.pdf' });
    expect(await print({ as: 'paper', name: 'a.pdf' })).toMatchObject({ ok: false });
    end(true, '');
    expect(await first).toMatchObject({ ok: true });
  });

  it.each([undefined, { as: 'fax', name: 'a.pdf' }, { as: 'pdf', name: '../a.pdf' }, { as: 'pdf', name: 'a.exe' }])(
    'refuses %j',
    async (args) => {
      expect(await printer()(args)).toEqual({ ok: false, reason: 'This cannot be printed.' });
    },
  );
});
