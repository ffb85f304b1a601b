// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import type { CertificateProblem } from '../../../../../app/shared/connection-settings.ts';
import type { DirectoryView } from '../../../../../app/shared/directories.ts';
import { booksOf, callOf, contactOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

const signedIn = { profile: profileOf(), accounts: [registered()] };
const server = booksOf();
const jana = contactOf('Jana Dvořáková', '221 000 111', { source: 'office' });
const board = contactOf('Board', '100', { source: 'board' });

test('a server is added with what one knows of it; the password goes out once', async () => {
  window = await renderWindow(signedIn, 'people');
  await window.inMenu('More for people', 'Address books and directories…');
  await window.press('Add address books…');
  await window.press('Add');
  expect(window.text()).toContain('Type the password.');
  await window.fill('Server or e-mail address', 'anna@cloud.example');
  await window.fill('Password', 'secret');
  await window.press('Add');
  expect(window.fakes.named('books.signIn')).toEqual([
    { server: 'anna@cloud.example', user: 'anna@cloud.example', password: 'secret' },
  ]);
  await window.after(() => window.fakes.setBooks([server]));
  expect(window.text()).toContain('2 contacts');
  expect(window.text()).toContain('can only be read');
});

test('a certificate that nobody vouches for is shown before anything is trusted', async () => {
  const offered = { server: 'cloud.example', fingerprint: 'AA:BB', name: 'cloud', until: 0, authority: '' };
  const booksCertificate: CertificateProblem = {
    ...{ why: 'unknown', names: 'cloud.example', issuer: 'cloud', from: 0, fingerprint: 'AA:BB', offered },
  };
  window = await renderWindow({ ...signedIn, booksCertificate }, 'people');
  await window.inMenu('More for people', 'Address books and directories…');
  await window.press('Add address books…');
  await window.fill('Server or e-mail address', 'cloud.example');
  await window.fill('User name', 'anna');
  await window.fill('Password', 'secret');
  await window.press('Add');
  expect(window.text()).toContain('Trust cloud.example?');
  await window.press('Trust it');
  expect(window.fakes.named('books.signIn')).toHaveLength(2);
  expect(window.fakes.named('books.signIn')[1]).toMatchObject({ trust: 'AA:BB' });
});

test('where a server is away or refuses, that is said with what to do', async () => {
  const reason = 'cloud.example does not accept this name and password.';
  window = await renderWindow({ ...signedIn, books: [{ ...server, state: 'failed', reason }] }, 'people');
  await window.inMenu('More for people', 'Address books and directories…');
  expect(window.text()).toContain(reason);
  await window.press('Sign in again…');
  await window.press('Sign in');
  expect(window.fakes.named('books.signIn')).toEqual([
    { id: server.id, server: server.server, user: server.user, password: null },
  ]);
});

test('contacts say from which book they are; those of books that may be written are changed like one’s own', async () => {
  window = await renderWindow({ ...signedIn, books: [server], contacts: [jana, board] }, 'people');
  expect(window.text()).toContain('Board100');
  expect([...document.querySelectorAll('h2')].map(({ textContent }) => textContent)).toEqual(['Board', 'Office']);
  await window.inMenu('More for Jana Dvořáková', 'Edit…');
  await window.fill('Company', 'Pila');
  await window.press('Save');
  expect(window.fakes.named('contacts.change')).toMatchObject([{ put: [{ id: jana.id, company: 'Pila' }] }]);
  await window.key('Enter', window.button('More for Board'));
  expect(window.text()).not.toContain('Edit…');
  expect(window.text()).toContain('Copy to own contacts…');
});

test('a new contact may be kept in a book', async () => {
  window = await renderWindow({ ...signedIn, books: [server] }, 'people');
  await window.press('Add contact');
  await window.fill('Name', 'Petr');
  await window.choose('Keep in', 'office');
  await window.press('Save');
  expect(window.fakes.named('contacts.change')).toMatchObject([{ put: [{ name: 'Petr', source: 'office' }] }]);
});

const office = { state: 'on', domain: 'office.example', listeners: [], server: '127.0.0.1:5060' } as const;
const user = (number: string, name: string, devices = 1) => ({ number, domain: 'office.example', name, devices });
const ldap: DirectoryView = {
  ...{ id: 'ldap', name: 'Company', server: 'ldap.example', way: 'tls', base: '', user: '', kind: 'standard' },
  ...{ filter: '', numbers: '', reason: '' },
};
const petr = contactOf('Petr Malý', '+420 777 123 456', { id: 'ldap/1', source: 'ldap' });

test('the office stands with the rest, each of its users once, and says who has no phone that is on', async () => {
  const users = [user('100', 'Board again'), user('1003', 'Kofi'), user('1004', 'Mei', 0)];
  window = await renderWindow({ ...signedIn, office, users, contacts: [{ ...board, source: '' }] }, 'people');
  expect(window.text()).not.toContain('Board again');
  expect(window.status('State of Mei')).toBe('Offline');
  expect(window.findButton('Call Kofi')).toBeDefined();
  await window.inMenu('More for Kofi', 'Make a favourite');
  expect(window.fakes.named('contacts.change')).toMatchObject([{ put: [{ name: 'Kofi', favourite: true }] }]);
});

test('directories are searched once typing pauses, for people and for the field', async () => {
  window = await renderWindow({ ...signedIn, directories: [ldap], inDirectories: [petr] }, 'people');
  await window.fill('Find people', 'mal');
  expect(window.text()).toContain('Looking in directories…');
  await vi.waitFor(() => expect(window.fakes.named('directories.search')).toEqual(['mal']));
  await window.after(() => {});
  expect(window.text()).toContain('Company');
  expect(window.findButton('Call Petr Malý')).toBeDefined();
  await window.after(() => window.stores.view.getState().show('phone'));
  await window.fill('Name or number', 'petr');
  expect(window.text()).toContain('Petr Malý');
});

test('directories are asked who calls, whatever the notation', async () => {
  window = await renderWindow({ ...signedIn, directories: [ldap], inDirectories: [petr] });
  const peer = { name: '', number: '00420777123456', uri: 'sip:00420777123456@office.internal' };
  await window.after(() => window.fakes.setCalls([callOf({ state: 'incoming', direction: 'incoming', peer })]));
  expect(window.fakes.named('directories.byNumber')).toEqual(['00420777123456']);
  await window.after(() => {});
  expect(window.text()).toContain('Petr Malý');
});

test('a directory is added with its server alone', async () => {
  window = await renderWindow(signedIn, 'people');
  await window.inMenu('More for people', 'Address books and directories…');
  await window.press('Add directory…');
  await window.press('Add');
  expect(window.text()).toContain('Type the server of the directory.');
  await window.fill('Server', 'ldap.example');
  await window.press('Add');
  expect(window.fakes.named('directories.signIn')).toMatchObject([
    { server: 'ldap.example', way: 'tls', kind: 'standard', user: '', password: null },
  ]);
});
