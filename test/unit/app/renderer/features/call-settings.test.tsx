// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { anna, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;

beforeEach(async () => {
  window = await renderWindow({ profile: profileOf(), accounts: [registered()] });
});
afterEach(() => window.close());

const choose = (item: string): Promise<void> => window.inMenu('Account menu', item);

test('do not disturb is one press in the menu, shown beside the name, and taken back there', async () => {
  await choose('Do not disturb');
  expect(window.fakes.named('profile.setCalls')).toEqual([{ accountId: 'anna', calls: { doNotDisturb: true } }]);
  expect(window.status('Account')).toContain('Do not disturb');
  await choose('Take calls again');
  // What is usual is not kept.
  expect(window.fakes.named('profile.setCalls').at(-1)).toEqual({ accountId: 'anna', calls: {} });
  expect(window.status('Account')).toContain('Registered');
});

test.each([
  ['Do not disturb for an hour', '2030-01-15T14:03:00', '2030-01-15T15:03:00', '3:03'],
  ['Do not disturb until tomorrow', '2030-01-15T14:03:00', '2030-01-16T08:00:00', 'Wed'],
  ['Do not disturb until tomorrow', '2030-01-15T02:00:00', '2030-01-15T08:00:00', '8:00'],
])('“%s” at %s ends at %s by itself', async (item, now, until, shown) => {
  vi.useFakeTimers({ now: new Date(now), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  try {
    await window.close();
    window = await renderWindow({ profile: profileOf(), accounts: [registered()] });
    await choose(item);
    const calls = () => window.fakes.state.profile.accounts[0]?.calls;
    expect(calls()).toEqual({ doNotDisturb: true, doNotDisturbUntil: Date.parse(until) });
    expect(window.status('Account')).toContain('Do not disturb until');
    expect(window.status('Account')).toContain(shown);
    await window.after(() => void vi.advanceTimersByTime(Date.parse(until) - Date.now() - 1));
    expect(calls()?.doNotDisturb).toBe(true);
    await window.after(() => void vi.advanceTimersByTime(1));
    expect(calls()).toEqual({});
    expect(window.status('Account')).toContain('Registered');
  } finally {
    vi.useRealTimers();
  }
});

test('one whose time passed while the program was closed has ended; without an end it holds', async () => {
  const ended = profileOf({ ...anna, calls: { doNotDisturb: true, doNotDisturbUntil: 1_000 } });
  await window.after(() => window.fakes.setProfile(ended));
  expect(window.fakes.state.profile.accounts[0]?.calls).toEqual({});
  await window.after(() => window.fakes.setProfile(profileOf({ ...anna, calls: { doNotDisturb: true } })));
  expect(window.fakes.state.profile.accounts[0]?.calls).toEqual({ doNotDisturb: true });
});

test('each change in the dialog holds at once, beside those before', async () => {
  await choose('Calls…');
  await window.choose('Digits are sent', 'info-relay');
  await window.choose('Signs of life of a call', '0');
  expect(window.fakes.named('profile.setCalls')).toEqual([
    { accountId: 'anna', calls: { dtmf: 'info-relay' } },
    { accountId: 'anna', calls: { dtmf: 'info-relay', sessionSeconds: 0 } },
  ]);
  expect(window.select('Digits are sent').value).toBe('info-relay');
});

test('a change that could not be kept says why and shows what holds', async () => {
  window.fakes.state.refuse = { 'profile.setCalls': 'The disk is full.' };
  await choose('Calls…');
  await window.choose('Who is on hold hears', 'silence');
  expect(document.querySelector('dialog')?.textContent).toContain('The disk is full.');
  expect(window.select('Who is on hold hears').value).toBe('music');
});

test('a STUN server is taken when its field is left, where it can be one', async () => {
  await choose('Calls…');
  const leave = () =>
    window.after(() => {
      const field = [...document.querySelectorAll('input')].find(
        (input) => input.labels?.[0]?.textContent === 'STUN server',
      );
      field?.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    });
  await window.fill('STUN server', 'not a server');
  await leave();
  expect(window.fakes.named('profile.setCalls')).toEqual([]);
  expect(document.querySelector('dialog')?.textContent).toContain('has no spaces');
  await window.fill('STUN server', ' stun.example:3479 ');
  await leave();
  expect(window.fakes.named('profile.setCalls')).toEqual([
    { accountId: 'anna', calls: { stunServer: 'stun.example:3479' } },
  ]);
});

test('a TURN server asks for a user and a password, which is kept elsewhere', async () => {
  await choose('Calls…');
  const fill = async (label: string, text: string) => {
    await window.fill(label, text);
    await window.after(() => {
      const field = [...document.querySelectorAll('input')].find((input) => input.labels?.[0]?.textContent === label);
      field?.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    });
  };
  await fill('TURN server', 'relay.example');
  await fill('User on the TURN server', 'anna');
  await fill('Password on the TURN server', 'secret');
  expect(window.fakes.named('profile.setCalls').at(-1)).toEqual({
    accountId: 'anna',
    calls: { turnServer: 'relay.example', turnUser: 'anna' },
  });
  expect(window.fakes.named('profile.setRelayPassword')).toEqual([{ accountId: 'anna', password: 'secret' }]);
});

describe('codecs', () => {
  const box = (name: string): HTMLInputElement => {
    const found = [...document.querySelectorAll('label')]
      .find((one) => one.textContent === name)
      ?.querySelector('input');
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const order = () =>
    [...document.querySelectorAll('.codec')].map(
      (one) => `${one.textContent}${one.matches('[data-off]') ? ' off' : ''}`,
    );

  test('are those of all accounts: put in order, switched off, but never all', async () => {
    await choose('Calls…');
    expect(order()).toEqual(['Opus', 'G.722', 'G.711 µ-law', 'G.711 A-law']);
    await window.press('G.711 A-law earlier');
    expect(window.fakes.named('profile.setCodecs').at(-1)).toEqual({
      accountId: null,
      codecs: { codecs: ['opus', 'G722', 'PCMA', 'PCMU'], ptime: 20 },
    });
    for (const name of ['Opus', 'G.722', 'G.711 µ-law']) await window.click(box(name));
    expect(order()).toEqual(['G.711 A-law', 'Opus off', 'G.722 off', 'G.711 µ-law off']);
    expect(box('G.711 A-law').disabled).toBe(true);
    await window.click(box('G.722'));
    expect(window.fakes.state.profile.codecs.codecs).toEqual(['PCMA', 'G722']);
  });

  test('may be an account’s own, and those of all again', async () => {
    const other = { ...anna, id: 'other', number: '1002' };
    await window.after(() => window.fakes.setProfile(profileOf(anna, { accounts: [anna, other] })));
    await window.inMenu('Account menu of 1001, 192.0.2.10', 'Calls…');
    await window.choose('Codecs', 'own');
    await window.choose('Sound in a packet', '40');
    await window.press('Opus later');
    expect(window.fakes.state.profile.accounts[0]?.codecs).toEqual({
      codecs: ['G722', 'opus', 'PCMU', 'PCMA'],
      ptime: 40,
    });
    expect(window.fakes.state.profile.codecs.ptime).toBe(20);
    await window.choose('Codecs', 'all');
    expect(window.fakes.state.profile.accounts[0]?.codecs).toBeUndefined();
  });
});
