/** Files go where the person says, and nowhere else. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileSaver } from '../../../../app/main/file-saver.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-contact-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('vCards are written as they are, a table with the mark of its letters', async () => {
  const save = createFileSaver(async (name) => join(folder, name));
  expect(await save({ name: 'contacts.vcf', content: 'Eva Malá' })).toEqual({ ok: true, value: true });
  expect(await save({ name: 'contacts.csv', content: 'Eva Malá' })).toEqual({ ok: true, value: true });
  expect(readFileSync(join(folder, 'contacts.vcf'), 'utf8')).toBe('Eva Malá');
  expect(readFileSync(join(folder, 'contacts.csv'), 'utf8')).toBe('\ufeffEva Malá');
});

test('bytes are written as bytes', async () => {
  const save = createFileSaver(async (name) => join(folder, name));
  expect(await save({ name: 'call.pcapng', content: new Uint8Array([0, 255, 13, 10]) })).toEqual({
    ok: true,
    value: true,
  });
  expect([...readFileSync(join(folder, 'call.pcapng'))]).toEqual([0, 255, 13, 10]);
});

test('who thinks better of it has nothing written', async () => {
  expect(await createFileSaver(async () => undefined)({ name: 'contacts.vcf', content: '' })).toEqual({
    ok: true,
    value: false,
  });
});

test('a place that cannot be written to is told', async () => {
  const save = createFileSaver(async (name) => join(folder, 'nowhere', name));
  expect(await save({ name: 'contacts.vcf', content: '' })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('contacts.vcf could not be written'),
  });
});

test.each(['../contacts.vcf', 'contacts.exe', '/etc/contacts.vcf', 'a\0.vcf', ''])('no name like %j', async (name) => {
  let asked = false;
  const save = createFileSaver(async () => {
    asked = true;
    return undefined;
  });
  expect(await save({ name, content: '' })).toMatchObject({ ok: false });
  expect(asked).toBe(false);
  expect(existsSync(join(folder, 'contacts.vcf'))).toBe(false);
});
