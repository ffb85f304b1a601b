import { afterEach, expect, it, vi } from 'vitest';
import { createLanguageStore } from '../../../../../app/renderer/store/language-store.ts';
import type { LanguageChoice } from '../../../../../app/shared/language.ts';
import { i18n, notationOf, speak } from '../../../../../app/words/language.ts';

afterEach(() => speak('en', 'en'));

const ok = { ok: true, value: undefined } as const;

function storeOver(choice: LanguageChoice, set = vi.fn(async (_: { chosen: string | null }) => ok)) {
  return { set, store: createLanguageStore({ bridge: { language: { get: async () => choice, set } } }) };
}

it('speaks what was chosen before, with numbers as its people write them', async () => {
  const { store } = storeOver({ chosen: 'cs', system: 'en-GB' });
  await store.getState().load();
  expect([store.getState().chosen, i18n.locale, notationOf()]).toEqual(['cs', 'cs', 'cs']);
});

it('speaks the language of the system where nothing was chosen, and English where that is none of ours', async () => {
  const { store } = storeOver({ chosen: null, system: 'ru-KZ' });
  await store.getState().load();
  expect([i18n.locale, notationOf()]).toEqual(['ru', 'ru-KZ']);

  await storeOver({ chosen: null, system: 'ja-JP' }).store.getState().load();
  expect(i18n.locale).toBe('en');
});

it('changes at once, has it kept, and goes back to that of the system', async () => {
  const { store, set } = storeOver({ chosen: null, system: 'cs-CZ' });
  await store.getState().load();
  await store.getState().choose('ru');
  expect([store.getState().chosen, i18n.locale]).toEqual(['ru', 'ru']);
  await store.getState().choose(null);
  expect([store.getState().chosen, i18n.locale, notationOf()]).toEqual([null, 'cs', 'cs-CZ']);
  expect(set.mock.calls).toEqual([[{ chosen: 'ru' }], [{ chosen: null }]]);
});

it('speaks it although it could not be kept, and says so until a choice is kept', async () => {
  const refused = { ok: false, reason: 'The disk is full.' } as const;
  const set = vi.fn(async (_: unknown): Promise<typeof ok | typeof refused> => refused);
  const store = createLanguageStore({
    bridge: { language: { get: async () => ({ chosen: null, system: 'en' }), set } },
  });
  await store.getState().choose('cs');
  expect([i18n.locale, store.getState().problem]).toEqual(['cs', 'The disk is full.']);
  set.mockResolvedValueOnce(ok);
  await store.getState().choose('ru');
  expect(store.getState().problem).toBeUndefined();
});

it('stays English where nobody tells what was chosen', async () => {
  const get = () => Promise.reject(new Error('no main process'));
  const store = createLanguageStore({ bridge: { language: { get, set: async () => ok } } });
  await store.getState().load();
  expect(i18n.locale).toBe('en');
});

it('ends with the last of several quick choices', async () => {
  const { store } = storeOver({ chosen: null, system: 'en' });
  await Promise.all([store.getState().choose('ru'), store.getState().choose('cs'), store.getState().choose('en')]);
  expect([store.getState().chosen, i18n.locale]).toEqual(['en', 'en']);
});
