/** Which small window is to be seen, and what the tray is to show, from the calls and from where the main window is. */
import { t } from '@lingui/core/macro';
import { said } from '../../words/said.ts';
import { foremostCall, isLive, lineText } from './line.ts';
import { accountSettingsOf, callSettingsOf } from './profile-store.ts';
import type { Account, AccountSnapshot, CallSnapshot, DesktopSettings, MainWindow, TrayFacts } from './types.ts';
import { isReachable, peerName } from './words.ts';

export interface SmallWindowsSeen {
  /** Those who call, the first one first. */
  readonly incoming: readonly CallSnapshot[];
  /** The call of the bar, and how many others there are. */
  readonly bar: { readonly call: CallSnapshot; readonly others: number } | undefined;
}

/** @param away the main window is hidden, or has been without the keyboard for a while */
export function smallWindowsFor(
  calls: readonly CallSnapshot[],
  { focused }: MainWindow,
  away: boolean,
  { callBar }: DesktopSettings,
): SmallWindowsSeen {
  const ringing = calls.filter(({ state }) => state === 'incoming');
  const others = calls.filter((call) => isLive(call) && call.state !== 'incoming');
  const call = callBar && away ? foremostCall(others) : undefined;
  return {
    incoming: focused ? [] : [...ringing].sort((a, b) => a.startedAt - b.startedAt),
    bar: call && { call, others: others.length - 1 },
  };
}

export interface TraySources {
  readonly calls: readonly CallSnapshot[];
  readonly snapshots: readonly AccountSnapshot[];
  readonly accounts: readonly Account[];
  readonly missed: number;
}

export function trayFacts({ calls, snapshots, accounts, missed }: TraySources): TrayFacts {
  const live = foremostCall(calls);
  const inUse = accounts.filter((account) => accountSettingsOf(account).enabled);
  const doNotDisturb = inUse.length === 0 ? null : inUse.every((account) => callSettingsOf(account).doNotDisturb);
  const call = live && {
    id: live.id,
    rings: live.state === 'incoming',
    muted: live.muted,
    talks: live.state === 'active' || live.state === 'connecting',
  };
  const quiet = quietState(snapshots, doNotDisturb === true);
  return {
    ...{ missed, doNotDisturb, call: call ?? null },
    state: live === undefined ? quiet.state : live.state === 'incoming' ? 'ringing' : 'in-call',
    words: live === undefined ? quiet.words : callLine(live),
  };
}

function quietState(snapshots: readonly AccountSnapshot[], doNotDisturb: boolean): Pick<TrayFacts, 'state' | 'words'> {
  if (!snapshots.some(isReachable)) {
    const failed = snapshots.find(({ registration }) => registration.state === 'failed')?.registration;
    const reason = failed?.state === 'failed' ? ` ${said(failed.reason)}` : '';
    return { state: 'offline', words: `${t`Calls cannot reach you.`}${reason}` };
  }
  return doNotDisturb
    ? { state: 'do-not-disturb', words: t`Do not disturb` }
    : { state: 'ready', words: t`Ready for calls` };
}

/** What is going on in a call, as one line of text. */
export function callLine(call: CallSnapshot): string {
  const { before, after } = lineText(call, undefined);
  return `${before}${peerName(call)}${after}`;
}
