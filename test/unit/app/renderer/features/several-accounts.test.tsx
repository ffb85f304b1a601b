// @vitest-environment happy-dom
/** Several accounts in the window: their states, the choice of one to call by, and what may be changed of each. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import { accountOf, anna, callOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

const club: Account = { ...anna, id: 'club', number: '77', displayName: 'Rowing club', server: 'club.example' };
const both = profileOf(anna, { accounts: [anna, club], hasPassword: { anna: true, club: true } });
const atClub = { ...registered(club), aor: 'sip:77@club.example', domain: 'club.example' };

let window: RenderedWindow;
beforeEach(async () => {
  window = await renderWindow({ profile: both, accounts: [registered(), atClub] });
});
afterEach(async () => {
  await window.close();
});

const picker = () =>
  [...document.querySelectorAll('select')].find(({ labels }) => labels[0]?.textContent === 'Call as');
const choose = (id: string): Promise<void> => window.choose('Call as', id);
const inMenu = (account: string, item: string): Promise<void> => window.inMenu(`Account menu of ${account}`, item);

describe('calls', () => {
  test('go by the first account until another is chosen, which is said before', async () => {
    await window.fill('Name or number', '1002');
    expect(window.text()).toContain('Will call 1002 by Anna Lindqvist');
    await choose('club');
    expect(window.text()).toContain('Will call 1002 by Rowing club');
    await window.press('Call');
    expect(window.fakes.named('softphone.call')).toEqual([['1002', { accountId: 'club' }]]);
  });

  test('go by the first again when the chosen account is gone, with nothing left to choose', async () => {
    await choose('club');
    await window.after(() => window.fakes.setAccounts([registered()]));
    expect(picker()).toBeUndefined();
    await window.fill('Name or number', '1002');
    await window.press('Call');
    expect(window.fakes.named('softphone.call')).toEqual(['1002']);
  });

  test('say which account they are for', async () => {
    const incoming = callOf({ state: 'incoming', direction: 'incoming', accountId: 'club' });
    await window.after(() => window.fakes.setCalls([incoming]));
    expect(window.text()).toContain('For Rowing club');
    await window.after(() => window.fakes.setAccounts([atClub]));
    expect(window.text()).not.toContain('For Rowing club');
  });

  test('are dialled again by the account that they went by', async () => {
    const ended = callOf({ state: 'ended', accountId: 'club', notice: 'Busy.' });
    await window.after(() => window.fakes.setCalls([ended]));
    await window.press('Dial again');
    expect(window.fakes.named('softphone.call')).toEqual([['sip:1002@office.internal', { accountId: 'club' }]]);
  });
});

describe('accounts of one name', () => {
  test('are told apart by their addresses', async () => {
    const twin = {
      ...registered({ ...club, displayName: anna.displayName }),
      aor: 'sip:77@club.example',
      domain: 'club.example',
    };
    await window.after(() => window.fakes.setAccounts([registered(), twin]));
    expect([...(picker()?.options ?? [])].map(({ textContent }) => textContent)).toEqual([
      '1001@office.internal',
      '77@club.example',
    ]);
  });
});

describe('the bar', () => {
  test('shows the state of each, and that of one that failed does not take the phone away', async () => {
    const reason = 'The password is wrong.';
    const failed = accountOf({ state: 'failed', reason, wrongPassword: true }, club);
    await window.after(() => window.fakes.setAccounts([registered(), failed]));
    expect(window.status('Account')).toMatch(/Anna Lindqvist.*Registered.*Rowing club.*Failed: The password is wrong/);
    expect(window.field('Name or number')).toBeTruthy();
    expect(window.text()).toContain('Calls to Rowing club cannot reach you.');
  });

  test('switches one off and on', async () => {
    await inMenu('77, club.example', 'Switch off');
    expect(window.fakes.named('profile.setSettings')).toEqual([{ accountId: 'club', settings: { enabled: false } }]);
    expect(window.status('Account')).toMatch(/Rowing club.*Off/);
    await inMenu('77, club.example', 'Switch on');
    expect(window.fakes.named('profile.setSettings').at(-1)).toEqual({ accountId: 'club', settings: {} });
  });

  test('makes another one the first', async () => {
    await inMenu('77, club.example', 'Call by this account');
    expect(window.fakes.named('profile.setDefault')).toEqual([{ accountId: 'club' }]);
    expect(window.status('Account')).toMatch(/Rowing club.*Anna Lindqvist/);
  });

  test('adds one with settings of its own', async () => {
    await inMenu('77, club.example', 'Add account…');
    await window.fill('Number', '5005');
    await window.fill('Password', 'pw');
    await window.fill('Server', 'third.example');
    await window.fill('Your name', 'Anna at work');
    await window.fill('Name for signing in', 'anna5005');
    await window.fill('Registration lasts', '5');
    await window.press('Sign in');
    expect(window.text()).toContain('Type a number from 20 to 86400.');
    await window.fill('Registration lasts', '600');
    await window.press('Sign in');
    expect(window.fakes.named('profile.signIn')).toMatchObject([
      {
        account: { number: '5005', displayName: 'Anna at work', settings: { authName: 'anna5005', expires: 600 } },
        password: 'pw',
      },
    ]);
    expect(window.fakes.state.profile.accounts.length).toBe(3);
  });

  test('changes one without its password being typed again', async () => {
    await inMenu('77, club.example', 'Change account…');
    await window.fill('Your name', 'The club');
    await window.press('Save');
    expect(window.fakes.named('profile.signIn')).toEqual([
      { account: { ...club, displayName: 'The club' }, password: null },
    ]);
  });

  test('forgets one', async () => {
    await inMenu('77, club.example', 'Sign out…');
    await window.press('Sign out');
    expect(window.fakes.named('profile.signOut')).toEqual([{ accountId: 'club' }]);
  });
});

describe('an account without a server', () => {
  const direct: Account = { ...anna, id: 'direct', number: 'anna', server: '', settings: { registrar: false } };
  const atHome = {
    ...accountOf({ state: 'listening', address: '192.0.2.5:5060' }, direct),
    aor: 'sip:anna@192.0.2.5:5060',
    domain: '',
  };

  test('is added with a name and a port alone', async () => {
    await inMenu('77, club.example', 'Add account…');
    await window.fill('Number', 'anna');
    const direct = [...document.querySelectorAll<HTMLElement>('dialog [role="switch"]')].find(
      ({ id }) => document.querySelector(`label[for="${id}"]`)?.textContent === 'Without signing in',
    );
    if (!direct) throw new Error('there is no switch');
    await window.click(direct);
    await window.fill('Port', '70000');
    await window.press('Save');
    expect(window.text()).toContain('Type a number from 1 to 65535.');
    await window.fill('Port', '5070');
    await window.press('Save');
    expect(window.fakes.named('profile.signIn')).toMatchObject([
      {
        account: { number: 'anna', server: '', settings: { registrar: false, listenPort: 5070 } },
        password: null,
      },
    ]);
  });

  test('shows where it listens, asks for no password, and calls whole addresses', async () => {
    await window.close();
    window = await renderWindow({ profile: profileOf(direct, { hasPassword: {} }), accounts: [atHome] });
    expect(window.status('Account')).toContain('At 192.0.2.5:5060');
    expect(window.text()).toContain('anna@192.0.2.5:5060');
    await window.fill('Name or number', '1002');
    await window.press('Call');
    expect(window.text()).toContain('This account has no server');
    expect(window.fakes.named('softphone.call')).toEqual([]);
    await window.fill('Name or number', '192.0.2.9:5060');
    await window.press('Call');
    expect(window.fakes.named('softphone.call')).toEqual(['192.0.2.9:5060']);
  });
});
