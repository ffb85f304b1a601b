// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runningOffice } from '../../../../support/window/fake-ports.ts';
import { accountOf, anna, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

describe('signing in the first time', () => {
  beforeEach(async () => {
    window = await renderWindow();
  });

  test('the account is given to the main process as typed', async () => {
    expect(window.status('Account')).toContain('Signed out');
    await window.fill('Number', ' 1001 ');
    await window.fill('Password', 'secret with spaces ');
    await window.fill('Server', '192.0.2.10:5070');
    await window.fill('Outbound proxy', 'sip:192.0.2.11;transport=tcp');
    await window.press('Sign in');
    expect(window.fakes.named('profile.signIn')).toEqual([
      {
        account: {
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          number: '1001',
          displayName: '',
          server: '192.0.2.10:5070',
          outboundProxy: 'sip:192.0.2.11;transport=tcp',
        },
        password: 'secret with spaces ',
      },
    ]);
    expect(window.field('Name or number')).toBeTruthy();
  });

  test('an address in the first field fills in the server', async () => {
    await window.fill('Number', 'sip:1001@office.example');
    await window.fill('Password', 'x');
    await window.press('Sign in');
    expect(window.fakes.named('profile.signIn')).toMatchObject([
      { account: { number: '1001', server: 'office.example' } },
    ]);
  });

  test('what is missing is said at its field, and nothing is sent', async () => {
    await window.fill('Number', '1001');
    await window.press('Sign in');
    expect(window.text()).not.toContain('Type your number.');
    expect(window.text()).toContain('Type your password.');
    expect(window.text()).toContain('Type the server of your office.');
    expect(window.field('Password').getAttribute('aria-invalid')).toBe('true');
    expect(window.fakes.named('profile.signIn')).toEqual([]);
  });

  test('the reason of a refusal is shown and what was typed stays', async () => {
    window.fakes.state.refuse = { 'profile.signIn': 'This is no address: "off ice".' };
    await window.fill('Number', '1001');
    await window.fill('Password', 'x');
    await window.fill('Server', 'off ice');
    await window.press('Sign in');
    expect(window.text()).toContain('This is no address: "off ice".');
    expect(window.field('Server').value).toBe('off ice');
  });

  test('an office started here is offered as the server', async () => {
    await window.after(() => window.fakes.setOffice(runningOffice));
    expect(window.field('Server').value).toBe('127.0.0.1:5060');
  });
});

describe('signing in again', () => {
  test('a password that could not be kept is asked for, with the reason', async () => {
    window = await renderWindow({ profile: profileOf(anna, { secrets: 'asked', hasPassword: {} }) });
    expect(window.status('Account')).toContain('Password needed');
    expect(window.text()).toContain('no keychain that Tandem can use');
    expect(window.field('Number').value).toBe('1001');
    await window.fill('Password', 'again');
    await window.press('Sign in');
    expect(window.fakes.named('profile.signIn')).toEqual([{ account: anna, password: 'again' }]);
  });

  test('a refused password is asked for under the same account', async () => {
    const reason = 'The password is wrong, or the server does not know this number.';
    window = await renderWindow({
      profile: profileOf(),
      accounts: [accountOf({ state: 'failed', reason, wrongPassword: true })],
    });
    expect(window.status('Account')).toContain(`Failed: ${reason}`);
    await window.fill('Password', 'better');
    await window.press('Sign in');
    expect(window.fakes.named('profile.signIn')).toMatchObject([{ account: { id: 'anna' }, password: 'better' }]);
  });

  test('the account is registering, then registered, then failed with the reason and a way to try at once', async () => {
    window = await renderWindow({ profile: profileOf(), accounts: [accountOf({ state: 'registering' })] });
    expect(window.status('Account')).toContain('Registering…');
    await window.after(() => window.fakes.setAccounts([registered()]));
    expect(window.status('Account')).toContain('Registered');
    const retryAt = Date.now() + 30_000;
    const failed = accountOf({ state: 'failed', reason: 'The server does not answer.', retryAt });
    await window.after(() => window.fakes.setAccounts([failed]));
    expect(window.status('Account')).toMatch(/Failed: The server does not answer\. Trying again in (29|30) s/);
    expect(window.status('Account')).not.toMatch(/registered/i);
    await window.press('Try now');
    expect(window.fakes.named('softphone.registerNow')).toHaveLength(1);
  });

  test('signing out is asked about first', async () => {
    window = await renderWindow({ profile: profileOf(), accounts: [registered()] });
    await window.inMenu('Account menu', 'Sign out…');
    expect(window.fakes.named('profile.signOut')).toEqual([]);
    await window.press('Sign out');
    expect(window.fakes.named('profile.signOut')).toEqual([{ accountId: 'anna' }]);
    expect(window.status('Account')).toContain('Signed out');
  });
});

test('accounts that cannot be read are said to be so', async () => {
  window = await renderWindow({ silent: ['profile.get'] });
  expect(window.status('Account')).toContain('Starting…');
  await window.after(() =>
    window.stores.profile.setState({ load: { state: 'failed', reason: 'The file is damaged.' } }),
  );
  expect(window.text()).toContain('The file is damaged.');
  expect(window.button('Try again')).toBeTruthy();
});
