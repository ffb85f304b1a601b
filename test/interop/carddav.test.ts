/** Address books on a CardDAV server that is not ours: found, read, kept in step both ways, with conflicts and without loss. */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BookStore, createBookStore } from '../../app/main/contacts/book-store.ts';
import { contactsFile } from '../../app/main/contacts/contact-rows.ts';
import { type ContactStore, createContactStore } from '../../app/main/contacts/contact-store.ts';
import type { ProfileDatabase } from '../../app/main/profile-database.ts';
import { type Keychain, openSecrets } from '../../app/main/secrets.ts';
import { type AddressBooks, createAddressBooks } from '../../app/main/sources/address-books.ts';
import { openBooksConfig } from '../../app/main/sources/books-config.ts';
import { type ContactEdits, createContactEdits } from '../../app/main/sources/contact-edits.ts';
import { createBooks } from '../../app/services/people/books.ts';
import type { BooksView } from '../../app/shared/address-books.ts';
import type { Contact, ContactEdit, ContactNews } from '../../app/shared/contact.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { DAV_PASSWORD, DAV_USER, Radicale, type RadicaleOptions } from '../support/radicale.ts';
import { until } from '../support/until.ts';

const CARD = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'UID:jana',
  'FN:Ing. Jana Dvořáková',
  'N:Dvořáková;Jana;;Ing.;',
  'ORG:Mlýn a syn;Účtárna',
  'item1.TEL;type=CELL;type=pref:+420 777 123 456',
  'item1.X-ABLabel:_$!<Mobile>!$_',
  'TEL;TYPE=WORK;X-EXT=7:221 000 111',
  'EMAIL;TYPE=INTERNET:jana@mlyn.example',
  'BDAY:1980-04-01',
  'X-SOMETHING;X-PARAM="a:b":kept with a long text that goes on and on until it has to be folded so',
  ' mewhere in the middle of a word',
  'END:VCARD',
  '',
].join('\r\n');

let folder: string;
let server: Radicale;
let file: ProfileDatabase;
let store: BookStore;
let contacts: ContactStore;
let addressBooks: AddressBooks;
let edits: ContactEdits;
let service: ReturnType<typeof createBooks>;
let news: ContactNews[];
let views: readonly BooksView[];
const noKeychain: Keychain = {
  ...{ isEncryptionAvailable: () => false, encryptString: () => Buffer.alloc(0), decryptString: () => '' },
};

/** The service answers in this process: the wire between them only copies. */
type AsClient = Parameters<typeof createAddressBooks>[0]['books'];

async function begin(options: RadicaleOptions = {}): Promise<void> {
  server = await Radicale.start(options);
  folder = mkdtempSync(join(tmpdir(), 'tandem-books-'));
  file = contactsFile(folder);
  news = [];
  views = [];
  const tell = (told: ContactNews) => void news.push(told);
  store = createBookStore(file, tell);
  contacts = createContactStore({ file, changed: tell });
  service = createBooks({ loopback: () => true });
  const books = (() => service) as unknown as AsClient;
  addressBooks = createAddressBooks({
    ...{ config: await openBooksConfig(folder), secrets: await openSecrets(folder, noKeychain), store, books },
    changed: (told) => {
      views = told;
    },
    now: Date.now,
    every: () => () => {},
  });
  edits = createContactEdits({ contacts, store, addressBooks, books });
}

afterEach(async () => {
  addressBooks.close();
  service.close();
  file.close();
  await server.stop({ keep: false });
  rmSync(folder, { recursive: true, force: true });
});

const address = (): string => `http://127.0.0.1:${server.port}`;
const signIn = (more: Partial<Parameters<AddressBooks['signIn']>[0] & object> = {}) =>
  addressBooks.signIn({ server: address(), user: DAV_USER, password: DAV_PASSWORD, ...more });

const settled = () =>
  until('the books to be in step', () => {
    const [view] = addressBooks.list();
    return view !== undefined && view.state !== 'syncing' && (view.syncedAt > 0 || view.reason !== '')
      ? view
      : undefined;
  });

async function again(): Promise<BooksView> {
  const [view] = addressBooks.list();
  const before = view?.syncedAt ?? 0;
  await addressBooks.sync({ id: view?.id });
  return until('another round', () => {
    const [now] = addressBooks.list();
    return now?.state !== 'syncing' && (now?.syncedAt !== before || now?.reason !== '') ? now : undefined;
  });
}

function all(): readonly Contact[] {
  const listed = contacts.list();
  return listed.ok ? JSON.parse(listed.value) : [];
}

const called = (name: string): Contact => {
  const found = all().find((contact) => contact.name === name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
};
const edited = ({ hasPhoto: _, source: __, ...contact }: Contact, more: Partial<ContactEdit>): ContactEdit => ({
  ...contact,
  ...more,
});

describe('address books', () => {
  beforeEach(() => begin({ books: ['office', 'rules'], readOnly: ['rules'] }));

  it('are found from the server alone, read, and followed', async () => {
    await server.put('office', 'jana.vcf', CARD);
    expect(await signIn()).toEqual({ ok: true, value: undefined });
    const view = await settled();
    expect(view).toMatchObject({ state: 'ready', reason: '', unread: 0 });
    expect(view.books.map(({ name, writable, count }) => [name, writable, count])).toEqual([
      ['Book office', true, 1],
      ['Book rules', false, 0],
    ]);
    expect(called('Ing. Jana Dvořáková')).toMatchObject({
      company: 'Mlýn a syn',
      numbers: [
        { kind: 'mobile', value: '+420 777 123 456' },
        { kind: 'work', value: '221 000 111' },
      ],
      emails: ['jana@mlyn.example'],
    });
    contacts.favourite({ id: called('Ing. Jana Dvořáková').id, favourite: true });

    await server.put('office', 'jana.vcf', CARD.replace('221 000 111', '221 000 222'));
    await server.put('office', 'petr.vcf', CARD.replace('UID:jana', 'UID:petr').replace('FN:Ing. Jana', 'FN:Petr'));
    await again();
    expect(called('Ing. Jana Dvořáková')).toMatchObject({ favourite: true });
    expect(called('Ing. Jana Dvořáková').numbers[1]?.value).toBe('221 000 222');
    expect(all()).toHaveLength(2);

    await server.remove('office', 'jana.vcf');
    await again();
    expect(all().map(({ name }) => name)).toEqual(['Petr Dvořáková']);
  });

  it('take a change from here and keep all that is not ours as it stands', async () => {
    await server.put('office', 'jana.vcf', CARD);
    await signIn();
    await settled();
    const jana = called('Ing. Jana Dvořáková');
    const change = edited(jana, {
      name: 'Ing. Jana Nováková',
      numbers: [{ kind: 'mobile', value: '+420 777 999 999' }, ...jana.numbers.slice(1)],
      note: 'Line one\nand, two',
    });
    const done = await edits.change({ put: [change], remove: [] });
    expect(done).toMatchObject({ ok: true });
    const text = await server.get('office', 'jana.vcf');
    expect(text).toContain('FN:Ing. Jana Nováková');
    expect(text).toContain('N:Nováková;Jana;;Ing.;');
    expect(text).toContain('+420 777 999 999');
    expect(text).toMatch(/TEL;[^\r\n]*X-EXT=7[^\r\n]*:221 000 111/i);
    expect(text).toContain('BDAY:1980-04-01');
    expect(text.replace(/\r?\n /g, '')).toMatch(/X-SOMETHING;X-PARAM="?a:b"?:kept with a long text .* somewhere in/);
    expect(text).toContain('ORG:Mlýn a syn;Účtárna');
    expect(text).toMatch(/X-ABLabel:_\$!<Mobile>!\$_/i);
    expect(called('Ing. Jana Nováková').note).toBe('Line one\nand, two');

    expect(await edits.undo(done.ok ? done.value : 0)).toEqual({ ok: true, value: undefined });
    expect(await server.get('office', 'jana.vcf')).toContain('FN:Ing. Jana Dvořáková');
    expect(called('Ing. Jana Dvořáková').note).toBe('');
  });

  it('lose nothing where somebody else was faster: that is said, and what is there is shown', async () => {
    await server.put('office', 'jana.vcf', CARD);
    await signIn();
    await settled();
    const jana = called('Ing. Jana Dvořáková');
    await server.put('office', 'jana.vcf', CARD.replace('221 000 111', '221 000 555'));
    const change = edited(jana, { company: 'Pila' });
    const refused = await edits.change({ put: [change], remove: [] });
    expect(refused).toEqual({
      ok: false,
      reason:
        'This contact was changed on the server meanwhile: Ing. Jana Dvořáková, +420 777 123 456, 221 000 555. Save again to put yours in its place.',
    });
    expect(await server.get('office', 'jana.vcf')).toContain('221 000 555');
    expect(called('Ing. Jana Dvořáková').numbers[1]?.value).toBe('221 000 555');
    expect(await edits.change({ put: [change], remove: [] })).toMatchObject({ ok: true });
    const text = await server.get('office', 'jana.vcf');
    expect(text).toContain('ORG:Pila;Účtárna');
    expect(text).toContain('221 000 111');
  });

  it('take new contacts and let them go, and give both back', async () => {
    await signIn();
    const view = await settled();
    const [office, rules] = view.books;
    const petr: ContactEdit = {
      ...{ id: 'new', name: 'Petr Malý', company: '', emails: [], note: '', favourite: false },
      numbers: [{ kind: 'work', value: '1002' }],
    };
    expect(await edits.change({ put: [{ ...petr, source: rules?.id }], remove: [] })).toEqual({
      ok: false,
      reason: 'Book rules can only be read.',
    });
    expect(await edits.change({ put: [{ ...petr, source: office?.id }], remove: [] })).toMatchObject({ ok: true });
    const added = called('Petr Malý');
    expect(added.source).toBe(office?.id);
    const removed = await edits.change({ put: [], remove: [added.id] });
    expect(removed).toMatchObject({ ok: true });
    expect(all()).toEqual([]);
    expect(await edits.undo(removed.ok ? removed.value : 0)).toMatchObject({ ok: true });
    expect(called('Petr Malý').numbers).toEqual([{ kind: 'work', value: '1002' }]);
    await again();
    expect(all()).toHaveLength(1);
  });

  it('say what is wrong, and show what was read before while the server is away', async () => {
    expect(await signIn({ password: 'wrong' })).toMatchObject({
      ok: false,
      reason: `127.0.0.1:${server.port} does not accept this name and password.`,
    });
    await server.put('office', 'jana.vcf', CARD);
    await signIn();
    await settled();
    const jana = called('Ing. Jana Dvořáková');
    const { port, folder: kept } = server;
    await server.stop({ keep: true });
    expect(await again()).toMatchObject({ state: 'offline', reason: `Nothing answers at 127.0.0.1:${port}.` });
    expect(all()).toHaveLength(1);
    expect(await edits.change({ put: [edited(jana, { company: 'Pila' })], remove: [] })).toEqual({
      ok: false,
      reason: `Nothing answers at 127.0.0.1:${port}. Nothing was changed.`,
    });
    server = await Radicale.start({ port, folder: kept });
    addressBooks.online();
    await until('the server to be followed again', () => addressBooks.list()[0]?.state === 'ready');
  });

  it('that are not wanted, and servers that are let go, leave nothing behind', async () => {
    await server.put('office', 'jana.vcf', CARD);
    await signIn();
    const view = await settled();
    await addressBooks.use({ book: view.books[0]?.id, used: false });
    await until('the contacts to be gone', () => all().length === 0);
    await addressBooks.use({ book: view.books[0]?.id, used: true });
    await until('the contacts to be back', () => all().length === 1);
    await addressBooks.remove({ id: view.id });
    await until('the contacts to be gone', () => all().length === 0);
    expect(views).toEqual([]);
    expect(await server.get('office', 'jana.vcf')).toContain('FN:Ing. Jana');
  });

  it('keep hundreds of contacts in step, without telling of each', async () => {
    for (let at = 0; at < 400; at += 1) {
      const text = CARD.replace('UID:jana', `UID:u${at}`).replace('FN:Ing. Jana', `FN:Jana ${at}`);
      await writeFile(join(server.bookFolder('office'), `u${at}.vcf`), text);
    }
    await signIn();
    await until('all of them', () => (addressBooks.list()[0]?.state === 'ready' ? true : undefined), 60_000);
    expect(all()).toHaveLength(400);
    expect(news).toEqual([null]);
    await again();
    expect(news).toEqual([null]);
  }, 90_000);
});

describe('a server by TLS', () => {
  it('is asked nothing before its certificate is trusted, and then believed', async () => {
    const authority = await makeAuthority();
    const tls = await makeCertificate({ names: ['127.0.0.1'], by: authority });
    await begin({ tls: { cert: `${tls.cert}\n${authority.cert}`, key: tls.key } });
    const typed = `https://127.0.0.1:${server.port}`;
    const first = await signIn({ server: typed });
    expect(first).toMatchObject({
      ok: false,
      reason: `Nobody known to this computer vouches for the certificate of 127.0.0.1:${server.port}.`,
      certificate: { why: 'unknown', names: '127.0.0.1' },
    });
    const trust = !first.ok && first.certificate ? first.certificate.fingerprint : '';
    expect(await signIn({ server: typed, trust })).toEqual({ ok: true, value: undefined });
    expect(await settled()).toMatchObject({ state: 'ready' });
  });
});
