import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLanguage } from '../../../../app/main/language.ts';
import { openProfile } from '../../../../app/main/profile-store.ts';
import { i18n, notationOf, speak } from '../../../../app/words/language.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-language-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await speak('en', 'en');
});

it.each([
  ['cs-CZ', 'cs', 'cs-CZ'],
  ['ru', 'ru', 'ru'],
  ['en-GB', 'en', 'en-GB'],
  ['de-AT', 'en', 'en'],
])('speaks as the system with %s where nothing was chosen', async (system, language, notation) => {
  const setting = await openLanguage(await openProfile(folder), system);
  expect(setting.choice).toEqual({ chosen: null, system });
  expect([i18n.locale, notationOf()]).toEqual([language, notation]);
});

it('keeps what was chosen, speaks it at once and after a new start, and forgets it when asked to', async () => {
  const first = await openLanguage(await openProfile(folder), 'cs-CZ');
  expect(await first.set({ chosen: 'ru' })).toEqual({ ok: true, value: undefined });
  expect(i18n.locale).toBe('ru');
  // Another language than that of the system: its own way of writing numbers.
  expect(notationOf()).toBe('ru');

  await speak('en', 'en');
  const again = await openLanguage(await openProfile(folder), 'cs-CZ');
  expect(again.choice).toEqual({ chosen: 'ru', system: 'cs-CZ' });
  expect(i18n.locale).toBe('ru');

  await again.set({ chosen: null });
  expect([again.choice.chosen, i18n.locale]).toEqual([null, 'cs']);
  expect(JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8'))).not.toHaveProperty('language');
});

it.each([[{ chosen: 'de' }], [{ chosen: 1 }], [{}], [null], ['ru']])('takes no %j from the page', async (args) => {
  const setting = await openLanguage(await openProfile(folder), 'en');
  await expect(setting.set(args)).rejects.toThrow();
  expect(setting.choice.chosen).toBeNull();
});

it('says why a choice could not be kept, and keeps what was', async () => {
  const setting = await openLanguage(await openProfile(folder), 'en');
  mkdirSync(join(folder, 'profile.json.new', 'x'), { recursive: true });
  expect(await setting.set({ chosen: 'cs' })).toMatchObject({ ok: false, reason: expect.stringMatching(/not save/) });
  expect([setting.choice.chosen, i18n.locale]).toEqual([null, 'en']);
});
