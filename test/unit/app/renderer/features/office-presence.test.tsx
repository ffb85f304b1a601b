// @vitest-environment happy-dom
/** The office in the window: each of its people with how he is, in People, in the field, and where a call can be led. */
import { afterEach, expect, test } from 'vitest';
import type { OfficeSnapshot, PersonSnapshot } from '../../../../../app/renderer/softphone/snapshots.ts';
import { runningOffice } from '../../../../support/window/fake-ports.ts';
import { anna, callOf, contactOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

type State = PersonSnapshot['state'];
const NAMES: Readonly<Record<string, string>> = {
  1002: 'Jana',
  1003: 'Miguel',
  1004: 'Olga',
  1005: 'Kofi',
  1006: 'Mei',
};
const people = Object.entries(NAMES).map(([number, name]) => ({ number, name }));
const officeOf = (lamps: Readonly<Record<string, State>>): OfficeSnapshot => ({
  ...{ accountId: 'anna', domain: 'office.internal', people, lamps: new Map(Object.entries(lamps)) },
});
const told = officeOf({
  ...{ 1002: 'available', 1003: 'in-call', 1004: 'ringing', 1005: 'do-not-disturb', 1006: 'offline' },
});
const newsOf = (...offices: readonly OfficeSnapshot[]) => ({ people: [], mailboxes: [], offices });
const signedIn = { profile: profileOf(anna), accounts: [registered()] };
const rows = (list: string): string[] =>
  [...document.querySelectorAll(`ul[aria-label="${list}"] > li .user-name`)].map((name) => name.textContent);
const options = () => [...document.querySelectorAll('[role="option"]')].map(({ textContent }) => textContent);

test('a phone elsewhere shows everybody of its office in words, and follows them', async () => {
  window = await renderWindow({ ...signedIn, news: newsOf(told) }, 'people');
  expect(rows('Office')).toEqual(['Jana', 'Miguel', 'Olga', 'Kofi', 'Mei']);
  const words = () => rows('Office').map((name) => window.status(`State of ${name}`));
  expect(words()).toEqual(['Available', 'In a call', 'Ringing', 'Do not disturb', 'Offline']);
  await window.after(() =>
    window.fakes.setNews(
      newsOf({ ...told, lamps: new Map([...told.lamps, ['1006', 'available'], ['1002', 'unknown']]) }),
    ),
  );
  expect(window.status('State of Mei')).toBe('Available');
  expect(document.querySelector('[aria-label="State of Jana"]')).toBeNull();
  await window.press('Call Mei');
  expect(window.fakes.named('softphone.call')).toEqual(['1006']);
});

test('of those who are here only these are shown, and that changes with them', async () => {
  const eva = contactOf('Eva', '+420 221 555 014');
  window = await renderWindow({ ...signedIn, news: newsOf(told), contacts: [eva] }, 'people');
  await window.press('Here now');
  expect([rows('Office'), rows('Contacts')]).toEqual([['Jana', 'Miguel', 'Olga', 'Kofi'], []]);
  await window.after(() => window.fakes.setNews(newsOf(officeOf({ 1006: 'available' }))));
  expect(rows('Office')).toEqual(['Mei']);
  await window.fill('Find people', 'Jana');
  expect(window.text()).toContain('Nobody who is here matches “Jana”.');
  await window.fill('Find people', '');
  await window.after(() => window.fakes.setNews(newsOf(officeOf({ 1006: 'offline' }))));
  expect(window.text()).toContain('Nobody is here now.');
  await window.press('Here now');
  expect([rows('Office').length, rows('Contacts')]).toEqual([5, ['Eva']]);
});

test('a favourite who is of the office has his lamp; who is watched says what he says of himself', async () => {
  const favourite = contactOf('My Olga', '1004', { favourite: true });
  const jana: PersonSnapshot = {
    ...{ accountId: 'anna', target: '1002', number: '1002', name: 'Jana', state: 'available', note: 'Back at two' },
  };
  window = await renderWindow(
    { ...signedIn, news: { ...newsOf(told), people: [jana] }, contacts: [favourite] },
    'people',
  );
  expect(rows('Favourites')).toEqual(['My Olga', 'Jana']);
  expect([window.status('State of My Olga'), window.status('State of Jana')]).toEqual(['Ringing', 'Back at two']);
  expect(rows('Office')).toEqual(['Miguel', 'Kofi', 'Mei']);
  await window.after(() => window.fakes.setNews({ ...newsOf(told), people: [{ ...jana, state: 'unknown' }] }));
  expect(window.status('State of Jana')).toBe('Available');
});

test('the field and where a call is led say how each is', async () => {
  window = await renderWindow({ ...signedIn, news: newsOf(told) });
  await window.fill('Name or number', 'm');
  expect(options()).toEqual([expect.stringMatching(/Miguel.*In a call/), expect.stringMatching(/Mei.*Offline/)]);
  await window.after(() => window.fakes.setNews(newsOf(officeOf({ 1006: 'do-not-disturb' }))));
  expect(options()[1]).toContain('Do not disturb');
  await window.after(() => {
    window.fakes.setNews(newsOf(told));
    window.fakes.setCalls([callOf({ state: 'active', answeredAt: 1 })]);
  });
  await window.press('Transfer');
  await window.fill('To', 'kofi');
  expect(document.querySelector('.places [role="option"]')?.textContent).toMatch(/Kofi.*Do not disturb/);
});

test('where the exchange runs it says itself how each of its users is, also to one without an account there', async () => {
  const users = people.map((one) => ({ ...one, domain: 'office.internal', devices: 1 }));
  const lamps = people.map((one) => ({
    ...{
      ...one,
      domain: 'office.internal',
      activities: [],
      note: '',
      state: one.number === '1005' ? 'in-call' : 'offline',
    },
  }));
  window = await renderWindow(
    { profile: profileOf(anna), office: runningOffice, users, lists: { 'presence.list': lamps } },
    'people',
  );
  await window.after(() => {});
  expect(rows('Office')).toEqual(['Jana', 'Miguel', 'Olga', 'Kofi', 'Mei']);
  expect([window.status('State of Kofi'), window.status('State of Mei')]).toEqual(['In a call', 'Offline']);
  await window.after(() => window.fakes.setOffice({ state: 'off' }));
  expect(document.querySelectorAll('.person-state')).toHaveLength(0);
});
