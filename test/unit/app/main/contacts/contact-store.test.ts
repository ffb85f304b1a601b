/** Contacts of one's own: kept, bounded, undone, and nothing that the page could say breaks them. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactsFile } from '../../../../../app/main/contacts/contact-rows.ts';
import { type ContactStore, createContactStore } from '../../../../../app/main/contacts/contact-store.ts';
import type { ProfileDatabase } from '../../../../../app/main/profile-database.ts';
import {
  type Contact,
  type ContactEdit,
  type ContactNews,
  MAX_CONTACT_NAME,
  MAX_NUMBERS,
  MAX_PHOTO,
} from '../../../../../app/shared/contact.ts';

let folder: string;
let file: ProfileDatabase;
let store: ContactStore;
let news: ContactNews[];
const open = (most?: number): ContactStore =>
  createContactStore({
    ...{ file, changed: (told: ContactNews) => news.push(told) },
    ...(most === undefined ? {} : { most }),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-contacts-'));
  news = [];
  file = contactsFile(folder, () => 42);
  store = open();
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true, force: true });
});

const edit = (id: string, more: Partial<ContactEdit> = {}): ContactEdit => ({
  ...{ id, name: `Name of ${id}`, company: '', numbers: [{ kind: 'work', value: '1002' }], emails: [], note: '' },
  ...{ favourite: false, ...more },
});
const kept = (id: string, more: Partial<Contact> = {}): Contact => ({
  ...{ source: '', hasPhoto: false },
  ...edit(id),
  ...more,
});
function given<T>(outcome: { ok: true; value: T } | { ok: false; reason: string }): T {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.value;
}
const put = (...edits: readonly ContactEdit[]): number => given(store.change({ put: edits, remove: [] }));
const list = (from: ContactStore = store): readonly Contact[] => JSON.parse(given(from.list()));
const photo = `data:image/png;base64,${'A'.repeat(40)}`;

it('comes back as it was left, and tells what is new', () => {
  put(edit('a'), edit('b', { photo }));
  const all = [kept('a'), kept('b', { hasPhoto: true })];
  expect(list()).toEqual(all);
  expect(news).toEqual([{ put: all, removed: [] }]);
  expect(given(store.photos(['a', 'b', 'c']))).toEqual({ b: photo });
  file.close();
  store = open();
  expect(list()).toEqual(all);
});

it('keeps a picture that is not spoken of, and takes one away', () => {
  put(edit('a', { photo }));
  put(edit('a', { name: 'Another' }));
  expect(list()).toEqual([kept('a', { name: 'Another', hasPhoto: true })]);
  put(edit('a', { photo: null }));
  expect(list()).toEqual([kept('a')]);
});

it('undoes the last change whole, once, and no other', () => {
  const first = put(edit('a', { photo }), edit('b'));
  const second = given(store.change({ put: [edit('a', { name: 'Changed' }), edit('c')], remove: ['b'] }));
  expect(store.undo(first)).toMatchObject({ ok: false });
  expect(store.undo(second)).toEqual({ ok: true, value: undefined });
  expect(list()).toEqual([kept('a', { hasPhoto: true }), kept('b')]);
  expect(given(store.photos(['a']))).toEqual({ a: photo });
  expect(store.undo(second)).toMatchObject({ ok: false });
});

it('makes favourites, which a change of the name does not forget', () => {
  put(edit('a'));
  expect(store.favourite({ id: 'a', favourite: true })).toMatchObject({ ok: true });
  expect(list()).toEqual([kept('a', { favourite: true })]);
  expect(store.favourite({ id: 'gone', favourite: true })).toMatchObject({ ok: false });
});

it('holds so many and no more, all of a change or none', () => {
  file.close();
  store = open(3);
  put(edit('a'), edit('b'));
  expect(store.change({ put: [edit('c'), edit('d')], remove: [] })).toEqual({
    ok: false,
    reason: 'There is room for 3 contacts of your own.',
  });
  expect(list()).toHaveLength(2);
  put(edit('c'), edit('a', { name: 'Changed' }));
  expect(list()).toHaveLength(3);
});

it('makes lines fit', () => {
  put(edit('a', { name: `  x\u0000\n\u2028${'y'.repeat(500)}`, note: 'one\ntwo\u0007' }));
  const [contact] = list();
  expect(contact?.name).toBe(`x ${'y'.repeat(MAX_CONTACT_NAME - 2)}`);
  expect(contact?.note).toBe('one\ntwo ');
});

describe('refuses', () => {
  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['no id', { put: [edit('')], remove: [] }],
    ['a number of an unknown kind', { put: [{ ...edit('a'), numbers: [{ kind: 'x', value: '1' }] }], remove: [] }],
    [
      'too many numbers',
      {
        put: [edit('a', { numbers: Array.from({ length: MAX_NUMBERS + 1 }, () => ({ kind: 'work', value: '1' })) })],
        remove: [],
      },
    ],
    ['a picture from elsewhere', { put: [edit('a', { photo: 'https://example.com/a.png' })], remove: [] }],
    ['a picture that is a page', { put: [edit('a', { photo: 'data:image/svg+xml;base64,AAAA' })], remove: [] }],
    ['a big picture', { put: [edit('a', { photo: `${photo}${'A'.repeat(MAX_PHOTO)}` })], remove: [] }],
  ])('%s', (_, args) => {
    expect(store.change(args)).toMatchObject({ ok: false });
    expect(list()).toEqual([]);
  });
});

it('begins anew where the file is damaged, which is set aside', () => {
  writeFileSync(join(folder, 'contacts.db'), 'no database at all, and long enough to be looked at as one'.repeat(100));
  expect(list()).toEqual([]);
  put(edit('a'));
  expect(readdirSync(folder)).toContain('contacts.db.corrupt-42');
});

it('is no file until it is needed', () => {
  expect(existsSync(join(folder, 'contacts.db'))).toBe(false);
});

it('takes ten thousand in one change, and lists and undoes them', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => edit(`c${i}`));
  const change = put(...many);
  expect(news).toEqual([null]);
  expect(list()).toHaveLength(10_000);
  given(store.undo(change));
  expect(list()).toEqual([]);
});
