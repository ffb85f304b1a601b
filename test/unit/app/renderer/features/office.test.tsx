// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import type { OfficeState, Outcome } from '../../../../../app/shared/bridge.ts';
import type { OfficeQuestion } from '../../../../../app/shared/office-admin.ts';
import { userInfo } from '../../../../support/window/fake-admin.ts';
import { type FakeState, runningOffice } from '../../../../support/window/fake-ports.ts';
import { profileOf, registered, usersOf } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

/** The list of users, as by a press on it. */
async function openUsers(state: Partial<FakeState>): Promise<RenderedWindow> {
  const opened = await renderWindow({ office: runningOffice, ...state }, 'office');
  await opened.after(() => opened.stores.office.getState().open({ page: 'users' }));
  return opened;
}
const hostSwitch = () => window.button('Host an office on this computer');
const choose = async (name: string) => {
  const item = [...document.querySelectorAll('[role="menuitem"]')].find((each) => each.textContent === name);
  if (!item) throw new Error(`No ${name} in the menu`);
  await window.click(item);
};

/** The exchange answers this question when the test says so. */
function holdAnswer({ fakes }: RenderedWindow, method: string): (outcome: Outcome) => void {
  let give: (outcome: Outcome) => void = () => {};
  const answer = new Promise<Outcome>((resolve) => {
    give = resolve;
  });
  const { office } = fakes.ports.bridge;
  const { ask } = office;
  Object.assign(office, {
    ask: (question: OfficeQuestion) => (question.method === method ? answer : ask(question)),
  });
  return give;
}

describe('hosting an office', () => {
  test('from the first page it starts, leads to the office, and a new person gets to a phone', async () => {
    window = await renderWindow();
    await window.click(hostSwitch());
    expect(window.fakes.named('office.start')).toHaveLength(1);
    expect(hostSwitch().getAttribute('aria-checked')).toBe('true');
    expect(window.text()).toContain('192.0.2.10:5060');
    expect(window.text()).toContain('UDP and TCP, port 5060');
    expect(window.text()).toContain('No users yet');

    await window.press('Add user');
    expect(window.field('Number').value).toBe('1001');
    expect(window.field('Password').value).toMatch(/^[2-9a-z]{4}(-[2-9a-z]{4}){3}$/);
    await window.fill('Name', ' Anna Lindqvist ');
    await window.submit('Name');
    const [user] = window.fakes.named('users.add') as [{ password: string }];
    expect(user).toMatchObject({ number: '1001', name: 'Anna Lindqvist' });
    expect(window.text()).toContain(user.password);

    await window.press('Sign this computer in as 1001');
    expect(window.fakes.named('profile.signIn')).toMatchObject([
      {
        account: { number: '1001', displayName: 'Anna Lindqvist', server: '127.0.0.1:5060' },
        password: user.password,
      },
    ]);
    expect(window.field('Name or number')).toBeTruthy();
    expect(window.stores.office.getState().added).toBeUndefined();
  });

  test('the reason why it cannot start is shown, with a way to try again', async () => {
    window = await renderWindow({ refuse: { 'office.start': 'The disk is full.' } }, 'office');
    await window.click(hostSwitch());
    expect(window.text()).toContain('The disk is full.');
    expect(hostSwitch().getAttribute('aria-checked')).toBe('false');
    window.fakes.state.refuse = {};
    await window.press('Try again');
    expect(window.text()).not.toContain('The disk is full.');
    expect(hostSwitch().getAttribute('aria-checked')).toBe('true');
  });

  test('an exchange that fails later says so, and its users are no longer shown', async () => {
    window = await openUsers({ users: usersOf(3) });
    expect(window.text()).toContain('Miguel Ángel Torres');
    await window.after(() => window.fakes.setOffice({ state: 'failed', reason: 'The database is damaged.' }));
    expect(window.text()).toContain('The database is damaged.');
    expect(window.text()).not.toContain('Miguel Ángel Torres');
  });

  test('an office that fails at the start of the program says why on the first page, and can be tried again there', async () => {
    window = await renderWindow({ office: { state: 'failed', reason: 'The database is damaged.' } });
    const alert = document.querySelector('.sign-in-host [role="alert"]');
    expect(alert?.textContent).toContain('The database is damaged.');
    expect(window.text()).not.toContain('Switch it on');
    await window.press('Try again');
    expect(window.fakes.named('office.start')).toHaveLength(1);
    expect(document.querySelector('[role="alert"]')).toBeNull();
    expect(window.field('Server').value).toBe('127.0.0.1:5060');
  });

  test('a fault of the office is marked where one goes to it, from every page, until it is mended', async () => {
    window = await renderWindow({ profile: profileOf(), accounts: [registered()] });
    const link = (page: string) => document.querySelector(`.nav a[href="#${page}"]`) as HTMLElement;
    const described = (page: string) =>
      document.getElementById(link(page).getAttribute('aria-describedby') ?? '')?.textContent;
    expect(described('office')).toBeUndefined();
    await window.after(() => window.fakes.setOffice({ state: 'failed', reason: 'The database is damaged.' }));
    expect(link('office').textContent).toBe('Office');
    expect(described('office')).toBe('Office, needs attention');
    expect(link('office').querySelector('.nav-mark')).not.toBeNull();
    expect(described('phone')).toBeUndefined();
    await window.after(() => window.fakes.setOffice(runningOffice));
    expect(described('office')).toBeUndefined();
    expect(document.querySelector('.nav-mark')).toBeNull();
  });

  test('it is switched off', async () => {
    window = await renderWindow({ office: runningOffice }, 'office');
    await window.click(hostSwitch());
    expect(window.fakes.named('office.stop')).toHaveLength(1);
    expect(hostSwitch().getAttribute('aria-checked')).toBe('false');
  });

  test('on loopback alone, no address is offered to other phones', async () => {
    window = await renderWindow({ office: { ...runningOffice, listeners: ['udp://127.0.0.1:5062'] } }, 'office');
    expect(window.text()).toContain('Only this computer can reach it');
  });
});

describe('adding a user', () => {
  test.each([
    [{ Number: '' }, 'A user needs a number.'],
    [{ Number: '1002' }, '1002 is taken by Jana Dvořáková.'],
    [{ Number: '10 02' }, 'Use digits, letters, dots and dashes, without spaces.'],
    [{ Number: '9'.repeat(65) }, 'A number has at most 64 characters.'],
    [{ Password: '' }, 'A user needs a password.'],
  ])('%o is refused in place', async (typed, error) => {
    window = await renderWindow({ office: runningOffice, users: usersOf(3) }, 'office');
    await window.press('Add user');
    for (const [name, text] of Object.entries(typed)) await window.fill(name, text);
    expect(window.text()).not.toContain(error);
    await window.submit('Name');
    const wrong = window.field(Object.keys(typed)[0] ?? '');
    expect(wrong.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(wrong.getAttribute('aria-describedby') ?? '')?.textContent).toBe(error);
    expect(window.fakes.named('users.add')).toEqual([]);
  });

  test('a refusal of the exchange is shown and the form stays', async () => {
    window = await renderWindow({ office: runningOffice }, 'office');
    window.fakes.state.refuse = { 'users.add': 'The disk is full: the user was not added.' };
    await window.press('Add user');
    await window.fill('Name', 'Olga');
    await window.press('Add user');
    expect(window.text()).toContain('The disk is full: the user was not added.');
    expect(window.field('Name').value).toBe('Olga');
    expect(window.stores.office.getState().added).toBeUndefined();
  });
});

describe('an exchange that falls while a dialog is open', () => {
  const comings: readonly OfficeState[][] = [
    [{ state: 'starting' }],
    [{ state: 'starting' }, runningOffice],
    [{ state: 'starting' }, { state: 'failed', reason: 'The database is damaged.' }],
  ];

  test.each(comings)('what was typed of a new user stays, with the reason (%#)', async (...states) => {
    window = await renderWindow({ office: runningOffice, users: usersOf(3) }, 'office');
    const answer = holdAnswer(window, 'users.add');
    await window.press('Add user');
    await window.fill('Number', '1044');
    await window.fill('Name', 'Olga');
    await window.fill('Password', 'as typed');
    await window.submit('Name');
    for (const state of states) await window.after(() => window.fakes.setOffice(state));
    await window.after(() => answer({ ok: false, reason: 'The exchange stopped.' }));
    const dialog = document.querySelector('dialog');
    expect(dialog?.querySelector('[role="alert"]')?.textContent).toBe('The exchange stopped.');
    expect(['Number', 'Name', 'Password'].map((name) => window.field(name).value)).toEqual([
      '1044',
      'Olga',
      'as typed',
    ]);
  });

  test('a password that was typed for a user stays', async () => {
    window = await openUsers({ users: usersOf(1) });
    await window.key('Enter', window.button('More for Anna Lindqvist'));
    await choose('Set password…');
    await window.fill('Password', 'as typed');
    await window.after(() => window.fakes.setOffice({ state: 'starting' }));
    expect(window.field('Password').value).toBe('as typed');
    await window.after(() => window.fakes.setOffice(runningOffice));
    await window.press('Save');
    expect(window.fakes.named('users.setPassword')).toMatchObject([{ number: '1001', password: 'as typed' }]);
  });
});

describe('the users', () => {
  test('are listed with their phones, and found by part of a name or number', async () => {
    window = await openUsers({ users: usersOf(40) });
    const rows = () => [...document.querySelectorAll('.vlist-row')];
    expect(rows().map((row) => row.getAttribute('aria-setsize'))).toContain('40');
    expect(rows().length).toBeLessThan(40);
    expect(window.text()).toContain('2 phones registered');
    expect(window.text()).toContain('No phone registered');
    await window.fill('Find a user', 'torres');
    expect(rows()).toHaveLength(4);
    expect(window.fakes.named('users.list').at(-1)).toMatchObject({ text: 'torres', sort: 'number' });
    await window.fill('Find a user', 'nobody at all');
    expect(window.text()).toContain('Nobody here matches “nobody at all”.');
  });

  test('that cannot be read are said to be so', async () => {
    const refuse = { 'users.list': 'The exchange does not answer.' };
    window = await openUsers({ refuse });
    expect(window.text()).toContain('The exchange does not answer.');
  });

  test('are 4,000 without more than a screen of them being drawn, and walked by the keys', async () => {
    window = await openUsers({ users: usersOf(4_000) });
    const rows = () => [...document.querySelectorAll('.vlist-row')];
    expect(rows().length).toBeLessThan(40);
    expect(window.fakes.named('users.list').at(-1)).toMatchObject({ limit: 100 });
    const first = window.button('Open Anna Lindqvist');
    first.focus();
    await window.key('ArrowDown', first);
    await window.after(() => new Promise((drawn) => requestAnimationFrame(() => drawn())));
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Open Jana Dvořáková');
  });

  test('who are changed elsewhere are shown as they are now', async () => {
    window = await openUsers({ users: usersOf(3) });
    const [anna] = usersOf(1);
    const item = userInfo({ ...anna!, name: 'Anna Holm' });
    await window.after(() =>
      window.fakes.admin.tell('users.list', [{ event: 'changed', key: '1001@office.internal', item }]),
    );
    expect(window.text()).toContain('Anna Holm');
    expect(window.text()).not.toContain('Anna Lindqvist');
  });

  test('are watched no longer once the page is left', async () => {
    // Beside how everybody is, which is always followed.
    window = await openUsers({ users: usersOf(3) });
    expect(window.fakes.admin.watching).toBe(2);
    await window.after(() => window.stores.view.getState().show('phone'));
    expect(window.fakes.admin.watching).toBe(1);
  });

  test('have their calls forwarded, and that is undone', async () => {
    window = await openUsers({ users: usersOf(3) });
    await window.press('Open Jana Dvořáková');
    await window.press('Forward: When busy');
    await window.fill('Forward to', '1003');
    await window.submit('Forward to');
    expect(window.fakes.named('forwards.set')).toEqual([
      { number: '1002', domain: 'office.internal', when: 'busy', to: '1003' },
    ]);
    expect(window.status('Done')).toBe('Calls to Jana Dvořáková are forwarded to 1003.');
    await window.press('Undo');
    expect(window.fakes.named('audit.undo')).toEqual([{ id: 1 }]);
    expect(window.status('Done')).toBe('It is as it was before.');
  });

  test('have devices, further numbers and phones, each changed in its place', async () => {
    const lists = {
      'aliases.list': [{ alias: '+4930901820', number: '1002', domain: 'office.internal' }],
      'devices.list': [{ label: 'desk phone', number: '1002', domain: 'office.internal', createdAt: 0, bindings: 1 }],
      'location.list': [
        {
          ...{ aor: '1002@office.internal', contact: 'sip:1002@192.0.2.50', received: '192.0.2.50:5060', regId: 0 },
          ...{ userAgent: 'Yealink T46', device: '', expiresAt: Date.now() + 3_600_000 },
        },
      ],
    };
    window = await openUsers({ users: usersOf(3), lists });
    await window.press('Open Jana Dvořáková');
    expect(window.text()).toContain('Yealink T46');
    await window.press('Remove +4930901820');
    expect(window.fakes.named('aliases.remove')).toEqual([{ alias: '+4930901820', domain: 'office.internal' }]);
    await window.press('Shut out desk phone');
    await window.press('Shut out');
    const who = { number: '1002', domain: 'office.internal' };
    expect(window.fakes.named('devices.remove')).toEqual([{ ...who, label: 'desk phone' }]);
    await window.press('Sign out Yealink T46');
    await window.press('Sign out');
    expect(window.fakes.named('location.remove')).toEqual([{ ...who, contact: 'sip:1002@192.0.2.50' }]);
    await window.press('All users');
    expect(window.field('Find a user')).toBeTruthy();
  });

  test('are removed only after a question', async () => {
    window = await openUsers({ users: usersOf(3) });
    await window.key('Enter', window.button('More for Jana Dvořáková'));
    await choose('Remove…');
    expect(window.text()).toContain('Remove Jana Dvořáková?');
    expect(window.fakes.named('users.remove')).toEqual([]);
    await window.press('Remove');
    expect(window.fakes.named('users.remove')).toMatchObject([{ number: '1002', domain: 'office.internal' }]);
    expect(document.querySelectorAll('.vlist-row')).toHaveLength(2);
  });

  test('get another password', async () => {
    window = await openUsers({ users: usersOf(1), profile: profileOf(), accounts: [registered()] });
    await window.key('Enter', window.button('More for Anna Lindqvist'));
    await choose('Set password…');
    await window.fill('Password', 'another one');
    await window.press('Save');
    expect(window.fakes.named('users.setPassword')).toEqual([
      { number: '1001', domain: 'office.internal', password: 'another one' },
    ]);
  });
});
