import { expect, it } from 'vitest';
import { smallWindowsFor, trayFacts } from '../../../../../app/renderer/store/small-windows.ts';
import { desktopDefaults } from '../../../../../app/shared/desktop.ts';
import { accountOf, anna, callOf, registered } from '../../../../support/window/people.ts';

const front = { focused: true, seen: true };
const covered = { focused: false, seen: true };
const ringing = callOf({ id: 'r', direction: 'incoming', state: 'incoming', startedAt: 5 });
const earlier = callOf({ id: 'e', direction: 'incoming', state: 'incoming', startedAt: 4 });
const talking = callOf({ id: 't' });
const waiting = callOf({ id: 'w', held: true });
const over = callOf({ id: 'o', state: 'ended' });
const all = [over, ringing, talking, waiting, earlier];
const ids = (calls: readonly { readonly id: string }[]) => calls.map(({ id }) => id);

it('the main window with the keyboard needs no other', () => {
  expect(smallWindowsFor(all, front, false, desktopDefaults)).toEqual({ incoming: [], bar: undefined });
});

it('who calls is shown at once where the keyboard is elsewhere, the first one first', () => {
  expect(ids(smallWindowsFor(all, covered, false, desktopDefaults).incoming)).toEqual(['e', 'r']);
  expect(smallWindowsFor(all, covered, false, desktopDefaults).bar).toBeUndefined();
});

it('the bar has the call that is talked in, once the main window is away', () => {
  expect(smallWindowsFor(all, covered, true, desktopDefaults).bar).toEqual({ call: talking, others: 1 });
  expect(smallWindowsFor([ringing], covered, true, desktopDefaults).bar).toBeUndefined();
  expect(smallWindowsFor([over], covered, true, desktopDefaults).bar).toBeUndefined();
  const without = { ...desktopDefaults, callBar: false };
  expect(smallWindowsFor(all, covered, true, without).bar).toBeUndefined();
  expect(ids(smallWindowsFor(all, covered, true, without).incoming)).toEqual(['e', 'r']);
});

const sources = { calls: [], snapshots: [registered()], accounts: [anna], missed: 0 };
const quiet = { ...anna, id: 'quiet', calls: { doNotDisturb: true } };
const off = { ...anna, id: 'off', settings: { enabled: false } };

it.each([
  ['ready', sources, { state: 'ready', words: 'Ready for calls', doNotDisturb: false, call: null }],
  [
    'offline, and why',
    { ...sources, snapshots: [accountOf({ state: 'failed', reason: 'The server is silent.' })] },
    { state: 'offline', words: 'Calls cannot reach you. The server is silent.' },
  ],
  ['quiet', { ...sources, accounts: [quiet, off] }, { state: 'do-not-disturb', doNotDisturb: true }],
  ['disturbed by one of two', { ...sources, accounts: [anna, quiet] }, { state: 'ready', doNotDisturb: false }],
  ['without accounts', { ...sources, snapshots: [], accounts: [off] }, { state: 'offline', doNotDisturb: null }],
  [
    'ringing',
    { ...sources, calls: [talking, ringing] },
    {
      state: 'ringing',
      words: 'Incoming call from Jana Dvořáková',
      call: { id: 'r', rings: true, muted: false, talks: false },
    },
  ],
  [
    'in a call',
    { ...sources, calls: [{ ...talking, muted: true }], missed: 3 },
    { state: 'in-call', missed: 3, call: { id: 't', rings: false, muted: true, talks: true } },
  ],
])('the tray is %s', (_, given, shown) => expect(trayFacts(given)).toMatchObject(shown));
