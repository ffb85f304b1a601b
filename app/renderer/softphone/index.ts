/**
 * The softphone: what the person of one window may do with all accounts and calls. It knows the phone service, the page's
 * media and a listener, all given to it; it knows neither React nor Electron.
 */
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import type { Account } from '../../shared/bridge.ts';
import type { PhonePortSchema } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';
import { readAccount } from './account-address.ts';
import { Accounts, reasonOf } from './accounts.ts';
import type { Call } from './call/call.ts';
import { type Done, Lines } from './lines.ts';
import type { MediaPort } from './media.ts';
import type { RecordingPort } from './recordings.ts';
import type {
  ElsewhereCall,
  MessageCommands,
  MessageListener,
  SoftphoneCommands,
  SoftphoneListener,
} from './snapshots.ts';
import { isSecureTarget, type ReadTarget, readTarget } from './target.ts';

export interface SoftphonePorts {
  readonly port: Client<PhonePortSchema>;
  readonly media: MediaPort;
  /** Files for recordings; without them no call can be recorded. */
  readonly recordings?: RecordingPort | undefined;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly hashes: HashPort;
  /** The password of an account; null where it is not known on this computer. */
  readonly secrets: (accountId: string) => Promise<string | null>;
  readonly listener: SoftphoneListener & MessageListener;
  readonly userAgent: string;
  /** How this computer is called; empty where nobody says. Told to exchanges of Tandem's alone, for the user's own list of devices. */
  readonly computer?: () => string;
}

export interface Softphone extends SoftphoneCommands, MessageCommands {
  /**
   * The accounts of this profile from now on: new ones sign in, those that are gone or off sign out, a refused one tries
   * again. Calls go by the first one where no other is named.
   */
  setAccounts(accounts: readonly Account[]): void;
  /** The computer woke up or is on another network. */
  networkChanged(): void;
  /** The phone service was restarted. */
  serviceRestarted(): void;
  /** Ends calls, signs off and lets go; resolves when that is done, after 3 s at the latest. */
  close(): Promise<void>;
}

const GONE = 'The account of this call is gone.';
const NO_DEVICE = 'This device is no longer signed in.';
const OPEN_WAY = 'An address with sips: is called on protected ways only, by TLS or WSS; this account is connected by';

export function createSoftphone(ports: SoftphonePorts): Softphone {
  const { listener } = ports;
  let told = false;
  let newsToTell = true;

  /** Several changes in one turn are told once. */
  const changed = (): void => {
    if (told) return;
    told = true;
    queueMicrotask(() => {
      told = false;
      lines.tidy();
      listener.accounts(accounts.snapshots);
      listener.calls(accounts.calls.map((call) => call.snapshot()));
      if (!newsToTell) return;
      newsToTell = false;
      const all = accounts.news;
      listener.news({
        people: all.flatMap((news) => news.people),
        mailboxes: all.flatMap((news) => news.mailbox ?? []),
        elsewhere: all.flatMap((news) => news.ownCalls).filter(isElsewhere),
        devices: all.flatMap((news) => news.deviceList ?? []),
        offices: all.flatMap((news) => news.office ?? []),
      });
    });
  };
  const isElsewhere = ({ replaces: { callId, toTag, fromTag } }: ElsewhereCall): boolean => {
    const here = { callId, toTag: fromTag, fromTag: toTag, earlyOnly: false };
    return !accounts.calls.some((call) => call.isNamedBy(here) !== undefined);
  };
  const newsChanged = (): void => {
    newsToTell = true;
    changed();
  };
  const lines: Lines = new Lines(() => accounts.calls);
  const accounts = new Accounts({ ...ports, lines, changed, newsChanged });
  const find = (callId: string): Call | undefined => accounts.calls.find((call) => call.id === callId);
  const withCall = (callId: string, work: (call: Call) => Done): Done => {
    const call = find(callId);
    return call?.isLive === true ? work(call) : { ok: false, reason: 'This call has ended.' };
  };

  /** What was typed, as an address of the account that a call belongs to. */
  const readFor = (call: Call, target: string): ReadTarget => {
    const account = accounts.agentOf(call)?.account;
    const address = account && readAccount(account);
    return address?.ok === true ? readTarget(target, address.value) : { ok: false, reason: GONE };
  };

  return {
    setAccounts(all) {
      accounts.set(all);
      newsChanged();
    },
    call(target, how = {}) {
      const agent = accounts.callingAgent(how.accountId);
      if (typeof agent === 'string') return { ok: false, reason: agent };
      const address = readAccount(agent.account);
      if (!address.ok) return address;
      const read = readTarget(target, address.value);
      if (!read.ok) return read;
      const open = isSecureTarget(read.value.uri) ? agent.openTransport : undefined;
      if (open !== undefined) return { ok: false, reason: `${OPEN_WAY} ${open}, where others can listen.` };
      if (!lines.mayCall()) return { ok: false, reason: 'There are too many calls at once.' };
      const { number = read.value.number } = how;
      const call = agent.call({ ...read.value, number }, how);
      if (call === undefined) {
        return { ok: false, reason: `There is no connection to the server. ${reasonOf(agent.snapshot)}`.trim() };
      }
      return { ok: true, callId: call.id };
    },
    answer(callId) {
      const call = find(callId);
      if (call?.isRinging) accounts.agentOf(call)?.answer(call);
    },
    decline: (callId) => find(callId)?.dispatch({ type: 'decline' }),
    redirect: (callId, target) =>
      withCall(callId, (call) => {
        const read = readFor(call, target);
        if (!read.ok) return read;
        if (!call.isRinging) return { ok: false, reason: 'Only a call that still rings can be sent elsewhere.' };
        call.dispatch({ type: 'redirect', uri: read.value.uri, who: read.value.number });
        return { ok: true };
      }),
    hangUp: (callId) => find(callId)?.dispatch({ type: 'hang-up' }),
    setMuted(callId, muted) {
      const call = find(callId);
      if (call !== undefined) lines.setMuted(call, muted);
    },
    hold(callId) {
      const call = find(callId);
      if (call !== undefined) lines.hold(call);
    },
    resume(callId) {
      const call = find(callId);
      if (call?.isAnswered) lines.resume(call);
    },
    transfer: (callId, target) =>
      withCall(callId, (call) => {
        const read = readFor(call, target);
        return read.ok ? call.transfer(read.value.uri, read.value.number) : read;
      }),
    moveAway: (callId, deviceId) =>
      withCall(callId, (call) => {
        const agent = accounts.agentOf(call);
        if (deviceId !== undefined) {
          const device = agent?.news.devices?.find(({ id }) => id === deviceId);
          return device ? call.moveAway({ uri: device.uri, number: device.name }) : { ok: false, reason: NO_DEVICE };
        }
        const own = agent && readFor(call, agent.account.number.trim());
        return own?.ok === true ? call.moveAway(own.value) : (own ?? { ok: false, reason: GONE });
      }),
    transferTo: (callId, otherCallId) =>
      withCall(callId, (call) =>
        withCall(otherCallId, (other) =>
          call === other ? { ok: false, reason: 'These are one call.' } : call.transferTo(other),
        ),
      ),
    join: (callId, otherId) =>
      withCall(callId, (call) =>
        otherId === undefined ? lines.join(call) : withCall(otherId, (other) => lines.joinTwo(call, other)),
      ),
    leave(callId) {
      const call = find(callId);
      if (call !== undefined) lines.leave(call);
    },
    consent: (callId, yes) => find(callId)?.consent(yes),
    record: (callId, on) => find(callId)?.record(on),
    sendDigit: (callId, digit) => find(callId)?.sendDigit(digit),
    sendMessage(id, target, text, accountId) {
      const agent = accounts.callingAgent(accountId);
      if (typeof agent === 'string') return { ok: false, reason: agent };
      const address = readAccount(agent.account);
      const read = address.ok ? readTarget(target, address.value) : address;
      if (!read.ok) return read;
      return { ok: true, peer: agent.news.messenger.send(read.value, id, text), accountId: agent.account.id };
    },
    registerNow() {
      for (const agent of accounts.agents) agent.registerNow();
    },
    networkChanged() {
      for (const agent of accounts.agents) agent.networkChanged();
    },
    serviceRestarted() {
      for (const agent of accounts.agents) agent.serviceLost();
    },
    close: () => accounts.close(),
  };
}
