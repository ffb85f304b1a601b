/** Files of contacts go where the person says, and nowhere else. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createContactSaver } from '../../../../../app/main/contacts/contact-saver.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-contact-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('vCards are written as they are, a table with the mark of its letters', async () => {
  const save = createContactSaver(async (name) => join(folder, name));
  expect(await save({ name: 'contacts.vcf', text: 'Eva Malá' })).toEqual({ ok: true, value: true });
  expect(await save({ name: 'contacts.csv', text: 'Eva Malá' })).toEqual({ ok: true, value: true });
  expect(readFileSync(join(folder, 'contacts.vcf'), 'utf8')).toBe('Eva Malá');
  expect(readFileSync(join(folder, 'contacts.csv'), 'utf8')).toBe('\ufeffEva Malá');
});

test('who thinks better of it has nothing written', async () => {
  expect(await createContactSaver(async () => undefined)({ name: 'contacts.vcf', text: '' })).toEqual({
    ok: true,
    value: false,
  });
});

test('a place that cannot be written to is told', async () => {
  const save = createContactSaver(async (name) => join(folder, 'nowhere', name));
  expect(await save({ name: 'contacts.vcf', text: '' })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('contacts.vcf could not be written'),
  });
});

test.each(['../contacts.vcf', 'contacts.exe', '/etc/contacts.vcf', 'a\0.vcf', ''])('no name like %j', async (name) => {
  let asked = false;
  const save = createContactSaver(async () => {
    asked = true;
    return undefined;
  });
  expect(await save({ name, text: '' })).toMatchObject({ ok: false });
  expect(asked).toBe(false);
  expect(existsSync(join(folder, 'contacts.vcf'))).toBe(false);
});
