/**
 * The softphone: user agents for all accounts of one window. It knows the phone service, the page's media and a listener,
 * all given to it; it knows neither React nor Electron.
 */
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import type { PhonePortSchema } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';
import { AccountAgent } from './account.ts';
import { readAccount } from './account-address.ts';
import type { Call } from './call/call.ts';
import { type Done, Lines } from './lines.ts';
import type { MediaPort } from './media.ts';
import type { RecordingPort } from './recordings.ts';
import type {
  AccountSnapshot,
  MessageCommands,
  MessageListener,
  SoftphoneCommands,
  SoftphoneListener,
} from './snapshots.ts';
import { readTarget } from './target.ts';

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

const SIGN_OFF_WITHIN = 3_000;

export function createSoftphone(ports: SoftphonePorts): Softphone {
  const { listener, clock } = ports;
  const agents = new Map<string, AccountAgent>();
  /** Accounts that cannot be used as they were typed. */
  let broken: AccountSnapshot[] = [];
  const leaving = new Set<AccountAgent>();
  /** Accounts that were changed: they sign in once their former selves have signed out, as both have one connection. */
  const waiting = new Map<string, Account>();
  let order: readonly string[] = [];
  let told = false;
  let newsToTell = true;

  /** Several changes in one turn are told once. */
  const changed = (): void => {
    if (told) return;
    told = true;
    queueMicrotask(() => {
      told = false;
      lines.tidy();
      const known = new Map(broken.map((account) => [account.id, account]));
      for (const [id, agent] of agents) known.set(id, agent.snapshot);
      listener.accounts(order.flatMap((id) => known.get(id) ?? []));
      listener.calls(allCalls().map((call) => call.snapshot()));
      if (!newsToTell) return;
      newsToTell = false;
      const all = order.flatMap((id) => agents.get(id)?.news ?? []);
      listener.news({
        people: all.flatMap((news) => news.people),
        mailboxes: all.flatMap((news) => news.mailbox ?? []),
      });
    });
  };
  const newsChanged = (): void => {
    newsToTell = true;
    changed();
  };
  /** With those of accounts that are just being signed out: they are seen to end. */
  const allCalls = (): Call[] => [...agents.values(), ...leaving].flatMap((agent) => agent.calls);
  const find = (callId: string): Call | undefined => allCalls().find((call) => call.id === callId);
  const agentOf = (call: Call): AccountAgent | undefined =>
    [...agents.values()].find((agent) => agent.calls.includes(call));
  /** By which a call goes; a sentence where there is none. */
  const callingAgent = (accountId = order[0]): AccountAgent | string => {
    const agent = accountId === undefined ? undefined : agents.get(accountId);
    if (agent !== undefined) return agent;
    const unusable = broken.find(({ id }) => id === accountId);
    if (unusable !== undefined) return reasonOf(unusable);
    return order.length === 0 ? 'Sign in first to make calls.' : 'The account for this call is not signed in.';
  };
  const lines = new Lines(allCalls);
  const withCall = (callId: string, work: (call: Call) => Done): Done => {
    const call = find(callId);
    return call?.isLive === true ? work(call) : { ok: false, reason: 'This call has ended.' };
  };

  const remove = (id: string): void => {
    const agent = agents.get(id);
    if (agent === undefined) return;
    agents.delete(id);
    leaving.add(agent);
    agent.signOut();
  };

  const add = (account: Account): void => {
    const address = readAccount(account);
    if (!address.ok) {
      const { id, number, displayName } = account;
      broken.push({
        id,
        number,
        displayName,
        aor: '',
        domain: '',
        registration: { state: 'failed', reason: address.reason },
        connectedBy: [],
        certificate: undefined,
        soundTrouble: '',
      });
      return;
    }
    const agent: AccountAgent = new AccountAgent({
      ...ports,
      account,
      address: address.value,
      secret: () => ports.secrets(account.id),
      lines,
      ...{ changed, newsChanged },
      messages: { keep: (message) => listener.message(message), fate: (fate) => listener.messageFate(fate) },
      closed: () => {
        leaving.delete(agent);
        const next = waiting.get(account.id);
        waiting.delete(account.id);
        if (next !== undefined) add(next);
        changed();
        allGone();
      },
    });
    agents.set(account.id, agent);
    agent.start();
  };
  let allGone = (): void => {};

  return {
    setAccounts(all) {
      const accounts = all.filter((account) => accountSettingsOf(account).enabled);
      order = accounts.map((account) => account.id);
      broken = [];
      waiting.clear();
      for (const [id, agent] of [...agents]) {
        const next = accounts.find((account) => account.id === id);
        if (next === undefined || !sameAccount(next, agent.account)) remove(id);
        else agent.reconfigure(next);
      }
      for (const account of accounts) {
        const agent = agents.get(account.id);
        if (agent !== undefined) agent.tryAgain();
        else if ([...leaving].some((former) => former.account.id === account.id)) waiting.set(account.id, account);
        else add(account);
      }
      newsChanged();
    },
    call(target, how = {}) {
      const agent = callingAgent(how.accountId);
      if (typeof agent === 'string') return { ok: false, reason: agent };
      const address = readAccount(agent.account);
      if (!address.ok) return address;
      const read = readTarget(target, address.value);
      if (!read.ok) return read;
      if (!lines.mayCall()) return { ok: false, reason: 'There are too many calls at once.' };
      const call = agent.call(read.value, how);
      if (call === undefined) {
        return { ok: false, reason: `There is no connection to the server. ${reasonOf(agent.snapshot)}`.trim() };
      }
      return { ok: true, callId: call.id };
    },
    answer(callId) {
      const call = find(callId);
      if (call?.isRinging) agentOf(call)?.answer(call);
    },
    decline: (callId) => find(callId)?.dispatch({ type: 'decline' }),
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
        const account = agentOf(call)?.account;
        const address = account && readAccount(account);
        if (address?.ok !== true) return { ok: false, reason: 'The account of this call is gone.' };
        const read = readTarget(target, address.value);
        return read.ok ? call.transfer(read.value.uri, read.value.number) : read;
      }),
    transferTo: (callId, otherCallId) =>
      withCall(callId, (call) =>
        withCall(otherCallId, (other) =>
          call === other ? { ok: false, reason: 'These are one call.' } : call.transferTo(other),
        ),
      ),
    join: (callId) => withCall(callId, (call) => lines.join(call)),
    leave(callId) {
      const call = find(callId);
      if (call !== undefined) lines.leave(call);
    },
    consent: (callId, yes) => find(callId)?.consent(yes),
    record: (callId, on) => find(callId)?.record(on),
    sendDigit: (callId, digit) => find(callId)?.sendDigit(digit),
    sendMessage(id, target, text, accountId) {
      const agent = callingAgent(accountId);
      if (typeof agent === 'string') return { ok: false, reason: agent };
      const address = readAccount(agent.account);
      const read = address.ok ? readTarget(target, address.value) : address;
      if (!read.ok) return read;
      return { ok: true, peer: agent.news.messenger.send(read.value, id, text), accountId: agent.account.id };
    },
    registerNow() {
      for (const agent of agents.values()) agent.registerNow();
    },
    networkChanged() {
      for (const agent of agents.values()) agent.networkChanged();
    },
    serviceRestarted() {
      for (const agent of agents.values()) agent.serviceLost();
    },
    async close() {
      waiting.clear();
      for (const id of [...agents.keys()]) remove(id);
      await new Promise<void>((resolve) => {
        const timer = clock.after(SIGN_OFF_WITHIN, resolve);
        allGone = () => {
          if (leaving.size > 0) return;
          timer.cancel();
          resolve();
        };
        allGone();
      });
      for (const agent of [...leaving]) agent.drop();
    },
  };
}

/** Whether nothing differs by which an account is known elsewhere; `calls` may differ. */
const sameAccount = (a: Account, b: Account): boolean =>
  a.number === b.number &&
  a.displayName === b.displayName &&
  a.server === b.server &&
  a.outboundProxy === b.outboundProxy &&
  sameSettings(accountSettingsOf(a), accountSettingsOf(b));

const sameSettings = <T extends object>(a: T, b: T): boolean =>
  (Object.keys(a) as (keyof T)[]).every((name) => a[name] === b[name]);

const reasonOf = ({ registration }: AccountSnapshot): string =>
  registration.state === 'failed' ? registration.reason : '';
