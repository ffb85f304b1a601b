// @vitest-environment happy-dom
/** The one field in the window: what it offers, how it is driven by keys, and how accounts dial. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import {
  accountOf,
  anna,
  contactOf,
  pastOf,
  profileOf,
  registered,
  usersOf,
} from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
const club: Account = { ...anna, id: 'club', number: '77', displayName: 'Rowing club', server: 'club.example' };
const clubIn = { ...registered(club), aor: 'sip:77@club.example', domain: 'club.example' };
const start = (more: Parameters<typeof renderWindow>[0] = {}) =>
  renderWindow({
    profile: profileOf({ ...anna, dialling: { country: 'CZ', rules: [] } }),
    accounts: [registered()],
    contacts: [contactOf('Jana Dvořáková', '+420 221 555 014'), contactOf('Jan Novák', '601 234 567')],
    ...more,
  });
beforeEach(async () => {
  window = await start();
});
afterEach(() => window.close());

const field = () => window.field('Name or number');
const options = () => [...document.querySelectorAll('[role="option"]')];
const press = (key: string, more: KeyboardEventInit = {}) =>
  window.after(
    () => void field().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })),
  );
const active = () => document.getElementById(field().getAttribute('aria-activedescendant') ?? '')?.textContent;
const hint = () => document.querySelector('.dial-hint')?.textContent;
const called = () => window.fakes.named('softphone.call');

describe('by keys', () => {
  test('a name is typed, one of the two is chosen, told of, and called', async () => {
    await window.fill('Name or number', 'jan');
    expect(field().getAttribute('aria-expanded')).toBe('true');
    expect(options().map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('Jan Novák'),
      expect.stringContaining('Jana Dvořáková'),
    ]);
    expect(hint()).toBe('Several people match: choose one with the arrow keys.');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(active()).toContain('Jana Dvořáková');
    expect(hint()).toBe('Will call Jana Dvořáková, +420 221 555 014 by Anna Lindqvist');
    await window.submit('Name or number');
    expect(called()).toEqual(['+420221555014']);
    expect(options()).toEqual([]);
  });

  test('Enter where several match leads to the first, Escape away from them', async () => {
    await window.fill('Name or number', 'jan');
    await window.submit('Name or number');
    expect(called()).toEqual([]);
    expect(active()).toContain('Jan Novák');
    await press('Escape');
    expect(field().getAttribute('aria-expanded')).toBe('false');
    expect(field().value).toBe('jan');
  });

  test('down in the empty field are those with whom one was on the phone last', async () => {
    window.fakes.state.history = [pastOf({ peer: { name: 'Jana', number: '1002', uri: 'sip:1002@office.internal' } })];
    await press('ArrowDown');
    expect(active()).toContain('1002');
    await window.submit('Name or number');
    expect(called()).toEqual(['1002']);
  });

  test('Ctrl+L and / lead to the field from anywhere, but not out of another field', async () => {
    await window.after(() => window.stores.view.getState().show('people'));
    await window.key('/', document.querySelector('input[type="search"]') ?? document.body);
    expect(window.stores.view.getState().view).toBe('people');
    await window.key('/');
    expect(window.stores.view.getState().view).toBe('phone');
    expect(document.activeElement).toBe(field());
    field().blur();
    await window.after(
      () => void document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'l', ctrlKey: true, bubbles: true })),
    );
    expect(document.activeElement).toBe(field());
  });
});

test('a press on somebody calls him, with his lamp beside him', async () => {
  const watched = {
    accountId: 'anna',
    target: '1002',
    number: '1002',
    name: 'Olga',
    state: 'in-call',
    note: '',
  } as const;
  await window.after(() => window.fakes.setNews({ people: [watched], mailboxes: [] }));
  await window.fill('Name or number', 'olg');
  expect(options()[0]?.textContent).toContain('In a call');
  await window.click(options()[0] as Element);
  expect(called()).toEqual(['1002']);
});

describe('what is pasted and dropped', () => {
  const give = (kind: 'paste' | 'drop', text: string) =>
    window.after(() => {
      const event = new Event(kind, { bubbles: true, cancelable: true });
      const data = { getData: (type: string) => (type === 'text/plain' ? text : '') };
      Object.assign(event, { clipboardData: data, dataTransfer: data });
      field().dispatchEvent(event);
    });
  test('is cleaned', async () => {
    await give('paste', ' tel:+420-(221)\u202f555 014\n');
    expect(field().value).toBe('+420221555014');
    await give('drop', 'callto:601%20234%20567');
    expect(field().value).toBe('601234567');
    expect(hint()).toContain('Jan Novák, +420 601 234 567');
  });
});

describe('several accounts', () => {
  beforeEach(async () => {
    await window.close();
    const profile = profileOf(anna);
    window = await start({
      profile: { ...profile, accounts: [anna, club] },
      accounts: [registered(), clubIn],
    });
  });
  test('Alt and a number choose one, in sight', async () => {
    await window.fill('Name or number', '1002');
    expect(hint()).toBe('Will call 1002 by Anna Lindqvist');
    await press('2', { altKey: true, code: 'Digit2' });
    expect(hint()).toBe('Will call 1002 by Rowing club');
    await window.submit('Name or number');
    expect(called()).toEqual([['1002', { accountId: 'club' }]]);
  });
});

describe('how an account dials', () => {
  const dial = async (item: string) => {
    await window.inMenu('Account menu', item);
  };
  test('is set, tried, and told before it is done; calls bear the number that was meant', async () => {
    await dial('Dialling…');
    await window.press('Add rule');
    await window.fill('Dialled first', '0');
    await window.fill('Digits of an outside number', '99');
    await window.press('Save rule');
    expect(window.text()).toContain('Type a number from 3 to 15.');
    await window.fill('Digits of an outside number', '7');
    await window.press('Save rule');
    const outside = { kind: 'outside', prefix: '0', digits: 7 };
    expect(window.fakes.named('profile.setDialling')).toEqual([
      { accountId: 'anna', dialling: { country: 'CZ', rules: [outside] } },
    ]);
    await window.fill('Try a number', '221 555 014');
    expect(window.status('What is dialled')).toBe('Dials 0221555014');
    await window.fill('Try a number', '112');
    expect(window.status('What is dialled')).toBe('Dialled as it is.');
    await window.press('Close');
    await window.fill('Name or number', '221 555 014');
    expect(hint()).toBe('Will call Jana Dvořáková, +420 221 555 014 by Anna Lindqvist (dials 0 first)');
    await window.submit('Name or number');
    expect(called()).toEqual([['0221555014', { number: '221555014' }]]);
  });

  test('is put in another order, and taken away', async () => {
    const rules = [
      { kind: 'outside', prefix: '0', digits: 7 },
      { kind: 'form', form: 'plus' },
    ] as const;
    await window.after(() => window.fakes.setProfile(profileOf({ ...anna, dialling: { country: 'CZ', rules } })));
    await dial('Dialling…');
    await window.press('Do earlier: Outside numbers with plus and country code');
    await window.press('Remove: Dial 0 first for numbers of 7 digits or more');
    await window.choose('Country', 'DE');
    expect(window.fakes.named('profile.setDialling').map((set) => (set as { dialling: unknown }).dialling)).toEqual([
      { country: 'CZ', rules: [rules[1], rules[0]] },
      { country: 'CZ', rules: [rules[1]] },
      { country: 'DE', rules: [rules[1]] },
    ]);
  });

  test('a pattern that cannot be is told of', async () => {
    await dial('Dialling…');
    await window.press('Add rule');
    await window.choose('What to do', 'pattern');
    await window.fill('Numbers like', '9XX');
    await window.fill('Are dialled as', '8XXX');
    await window.press('Save rule');
    expect(window.text()).toContain('Each X on the right needs one on the left.');
    expect(window.fakes.named('profile.setDialling')).toEqual([]);
  });

  test('holds for every way to begin a call', async () => {
    const rules = [{ kind: 'outside', prefix: '0', digits: 7 }] as const;
    await window.after(() => window.fakes.setProfile(profileOf({ ...anna, dialling: { country: 'CZ', rules } })));
    await window.after(() => window.stores.view.getState().show('people'));
    await window.press('Call Jan Novák');
    expect(called()).toEqual([['0601234567', { number: '601234567' }]]);
    const missed = pastOf({
      ...{ direction: 'incoming', end: 'missed', answeredAt: null },
      peer: { name: '', number: '+420777123456', uri: 'sip:+420777123456@office.internal' },
    });
    window.fakes.state.history = [missed];
    await window.after(() => window.stores.view.getState().show('recent'));
    await window.press('Call +420777123456 again');
    expect(called().at(-1)).toEqual(['0777123456', { number: '+420777123456' }]);
  });
});

test('users of the office are found by their names, and those without a phone are told', async () => {
  window.fakes.state.users = usersOf(10);
  await window.after(() =>
    window.fakes.setOffice({ state: 'on', domain: 'office.internal', listeners: [], server: '127.0.0.1:5060' }),
  );
  await window.fill('Name or number', 'olga');
  expect(options()[0]?.textContent).toContain('Offline');
  expect(hint()).toBe('Will call Olga Ivanova, 1004 by Anna Lindqvist');
});

test('who is not signed in calls nobody', async () => {
  await window.after(() => window.fakes.setAccounts([accountOf({ state: 'signed-out' })]));
  await window.fill('Name or number', '1002');
  expect(window.button('Call').disabled).toBe(false);
});
