/** The phone as the window sees it: accounts and calls as the softphone last told, and what a person may do with them. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallingHow, SoftphoneCommands, SoftphoneListener } from '../softphone/snapshots.ts';
import type { Clock, Timer } from './clock.ts';
import { type DialPlan, outgoing } from './dial-plan.ts';
import { isLive } from './line.ts';
import type {
  AccountDevices,
  AccountSnapshot,
  CallSnapshot,
  ElsewhereCall,
  MailboxSnapshot,
  OfficeSnapshot,
  PersonSnapshot,
} from './types.ts';

/** How long the line says why the last call ended. */
export const LINE_ENDED_MS = 6_000;
/** How long the card of an ended call stays. */
export const CARD_ENDED_MS = 30_000;
/** How long the card of a call that nobody answered here stays. */
export const CARD_MISSED_MS = 10 * 60_000;
const MAX_ENDED_CARDS = 4;
const RINGS_NO_MORE = 'This call does not ring any more.';
/** The softphone's sentence for a call that another device of the same user answered or declined. */
const TAKEN_ELSEWHERE = /on another device/i;

export interface PhoneState {
  readonly accounts: readonly AccountSnapshot[];
  /** Whom the accounts watch. */
  readonly people: readonly PersonSnapshot[];
  readonly mailboxes: readonly MailboxSnapshot[];
  /** Calls of this person on other devices. */
  readonly elsewhere: readonly ElsewhereCall[];
  /** This person's other devices, where a server tells of them. */
  readonly devices: readonly AccountDevices[];
  /** Everybody of the offices that the accounts belong to. */
  readonly offices: readonly OfficeSnapshot[];
  /** Live calls as the softphone lists them, then the ended ones that are still shown, newest first. */
  readonly calls: readonly CallSnapshot[];
  /** All that the softphone lists, also those whose cards were taken away. */
  readonly listed: readonly CallSnapshot[];
  /** The call that the line says has ended. */
  readonly justEnded: CallSnapshot | undefined;
  /** Ids of ended calls that nobody took, here or elsewhere. */
  readonly missed: readonly string[];
  /** What stands in the field "Name or number"; kept here so that a look at another view does not lose it. */
  readonly dialled: string;
  /** The account chosen to call by; undefined for the first one. */
  readonly callAs: string | undefined;
  /** Why the last attempt to call did not even begin. */
  readonly dialProblem: string | undefined;
  /** The call whose keypad is open; one at a time, so that a typed digit goes to one call. */
  readonly keypadOf: string | undefined;
  readonly microphone: 'granted' | 'denied' | 'unknown';

  setDialled(text: string): void;
  setCallAs(accountId: string): void;
  /** Calls `target`, by the chosen account unless another is named, and clears the field, or tells why not. Gives whether a call began. */
  call(target: string, accountId?: string): boolean;
  /** Goes on here with a call on another device. Gives whether a call began. */
  takeHere(call: ElsewhereCall): boolean;
  /** Goes on with it on one of the person's other devices, or on whichever answers. Gives why not, or nothing. */
  moveAway(callId: string, deviceId?: string): string | undefined;
  /** Takes the call that rings at somebody else's phone. Gives whether a call began. */
  pickUp(person: PersonSnapshot): boolean;
  answer(callId: string): void;
  decline(callId: string): void;
  /** Writes `text` to the caller and declines. Gives why not, or nothing; where nothing could be written it rings on. */
  declineWith(callId: string, text: string): string | undefined;
  /** Has the caller try `target` instead. Gives why not, or nothing. */
  sendElsewhere(callId: string, target: string): string | undefined;
  hangUp(callId: string): void;
  setMuted(callId: string, muted: boolean): void;
  hold(callId: string): void;
  resume(callId: string): void;
  /** Hands the other side on to a number or to the other side of another call. Gives why not, or nothing. */
  transfer(callId: string, to: { readonly target: string } | { readonly callId: string }): string | undefined;
  /** Takes a call into the conference, or together with `otherId`. Gives why not, or nothing. */
  join(callId: string, otherId?: string): string | undefined;
  /** Says where numbers are typed why something came to nothing. */
  tellProblem(reason: string | undefined): void;
  leave(callId: string): void;
  /** The person's word on the question of a call. */
  consent(callId: string, yes: boolean): void;
  sendDigit(callId: string, digit: string): void;
  record(callId: string, on: boolean): void;
  openKeypad(callId: string | undefined): void;
  registerNow(): void;
  /** Takes the card of an ended call away. */
  dismiss(callId: string): void;
  setMicrophone(state: PhoneState['microphone']): void;
}

export type PhoneStore = StoreApi<PhoneState>;

export interface PhoneStorePorts {
  readonly clock: Clock;
  /** How an account dials; as typed where nobody says. */
  readonly planOf?: (accountId: string) => DialPlan;
  /** Makes the softphone, which tells `listener` of every change from then on. */
  readonly softphone: (listener: SoftphoneListener) => SoftphoneCommands;
  /** Sends a text message. Gives why not, or nothing. */
  readonly write: (target: string, text: string, accountId: string) => string | undefined;
}

const AS_TYPED: DialPlan = { rules: [], country: undefined };

export function createPhoneStore({ clock, softphone, write, planOf = () => AS_TYPED }: PhoneStorePorts): PhoneStore {
  /** Ended calls that a person took away or that had their time; forgotten once the softphone drops them. */
  const gone = new Set<string>();
  const declinedHere = new Set<string>();
  let lineTimer: Timer | undefined;
  let cardTimer: Timer | undefined;

  const store = createStore<PhoneState>()((set, get) => ({
    accounts: [],
    people: [],
    mailboxes: [],
    elsewhere: [],
    devices: [],
    offices: [],
    calls: [],
    listed: [],
    justEnded: undefined,
    missed: [],
    dialled: '',
    callAs: undefined,
    dialProblem: undefined,
    keypadOf: undefined,
    microphone: 'unknown',

    setDialled: (dialled) => set({ dialled, dialProblem: undefined }),
    setCallAs: (callAs) => set({ callAs, dialProblem: undefined }),
    call: (target, accountId) => begin(target, accountId),
    pickUp: ({ accountId, ringing }) =>
      ringing !== undefined && begin(ringing.target, accountId, { replaces: ringing.replaces }),
    takeHere: ({ accountId, peer, replaces }) => begin(peer.uri, accountId, { replaces }),
    moveAway(callId, deviceId) {
      const done = deviceId === undefined ? commands.moveAway(callId) : commands.moveAway(callId, deviceId);
      return done.ok ? undefined : done.reason;
    },
    answer: (callId) => commands.answer(callId),
    decline(callId) {
      declinedHere.add(callId);
      commands.decline(callId);
    },
    declineWith(callId, text) {
      const call = get().calls.find(({ id }) => id === callId);
      if (call?.state !== 'incoming') return RINGS_NO_MORE;
      const problem = write(call.peer.uri || call.peer.number, text, call.accountId);
      if (problem === undefined) get().decline(callId);
      return problem;
    },
    sendElsewhere(callId, target) {
      const done = commands.redirect(callId, sent(target, accountOf(callId)).target);
      if (!done.ok) return done.reason;
      declinedHere.add(callId);
      return undefined;
    },
    hangUp: (callId) => commands.hangUp(callId),
    setMuted: (callId, muted) => commands.setMuted(callId, muted),
    hold: (callId) => commands.hold(callId),
    resume: (callId) => commands.resume(callId),
    transfer(callId, to) {
      const done =
        'target' in to
          ? commands.transfer(callId, sent(to.target, accountOf(callId)).target)
          : commands.transferTo(callId, to.callId);
      return done.ok ? undefined : done.reason;
    },
    join(callId, otherId) {
      const done = otherId === undefined ? commands.join(callId) : commands.join(callId, otherId);
      return done.ok ? undefined : done.reason;
    },
    tellProblem: (dialProblem) => set({ dialProblem }),
    leave: (callId) => commands.leave(callId),
    consent: (callId, yes) => commands.consent(callId, yes),
    sendDigit: (callId, digit) => commands.sendDigit(callId, digit),
    record: (callId, on) => commands.record(callId, on),
    openKeypad: (keypadOf) => set({ keypadOf }),
    registerNow: () => commands.registerNow(),
    dismiss(callId) {
      gone.add(callId);
      set({ calls: get().calls.filter((call) => call.id !== callId) });
    },
    setMicrophone: (microphone) => set({ microphone }),
  }));

  function begin(target: string, accountId: string | undefined, more?: Pick<CallingHow, 'replaces'>): boolean {
    const state = store.getState();
    const wanted = callingAccount(state, accountId);
    // The first one needs no naming.
    const by = wanted === undefined || wanted === state.accounts[0] ? undefined : { accountId: wanted.id };
    // What is picked up is named by the lamp that told of it.
    const made = more === undefined ? sent(target, (wanted ?? state.accounts[0])?.id) : { target };
    const how = { ...by, ...more, ...(made.number === undefined ? {} : { number: made.number }) };
    const outcome = commands.call(made.target, Object.keys(how).length > 0 ? how : undefined);
    if (!outcome.ok) {
      store.setState({ dialProblem: outcome.reason });
      return false;
    }
    for (const call of state.calls) if (!isLive(call) && !isMissed(call)) gone.add(call.id);
    store.setState(({ calls }) => ({
      ...{ dialled: '', dialProblem: undefined, justEnded: undefined },
      calls: calls.filter((call) => !gone.has(call.id)),
    }));
    return true;
  }

  const accountOf = (callId: string): string | undefined =>
    store.getState().calls.find(({ id }) => id === callId)?.accountId;

  /** What the softphone is asked to call, and the number as it was meant where that is another one. */
  function sent(typed: string, accountId: string | undefined): { readonly target: string; readonly number?: string } {
    const account = store.getState().accounts.find(({ id }) => id === accountId);
    if (account === undefined) return { target: typed };
    const { target, meant, dialled } = outgoing(typed, account.domain, planOf(account.id));
    return meant === undefined || dialled?.asIs === true ? { target } : { target, number: meant };
  }

  const isMissed = (call: CallSnapshot) =>
    call.direction === 'incoming' &&
    call.answeredAt === undefined &&
    !declinedHere.has(call.id) &&
    !TAKEN_ELSEWHERE.test(call.notice ?? '');
  const shownUntil = (call: CallSnapshot) =>
    (call.endedAt ?? call.startedAt) + (isMissed(call) ? CARD_MISSED_MS : CARD_ENDED_MS);

  function takeCalls(next: readonly CallSnapshot[]): void {
    const before = store.getState();
    const known = new Set(next.map((call) => call.id));
    const now = clock.now();
    const stamped = next.map((call) => (isLive(call) || call.endedAt !== undefined ? call : { ...call, endedAt: now }));
    const ended = [
      ...stamped.filter((call) => !isLive(call)),
      ...before.calls.filter((call) => !isLive(call) && !known.has(call.id)),
    ]
      .filter((call) => !gone.has(call.id))
      .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
    for (const call of ended.slice(MAX_ENDED_CARDS)) gone.add(call.id);
    const shown = ended.slice(0, MAX_ENDED_CARDS);
    forgetStale(gone, known, shown);
    forgetStale(declinedHere, known, shown);

    const wasEnded = new Set(before.calls.filter((call) => !isLive(call)).map((call) => call.id));
    const fresh = shown.find((call) => !wasEnded.has(call.id));
    const live = stamped.filter(isLive);
    store.setState({
      calls: [...live, ...shown],
      listed: stamped,
      missed: [...new Set([...stamped.filter((call) => !isLive(call)), ...shown])].filter(isMissed).map(({ id }) => id),
      keypadOf: live.some((call) => call.id === before.keypadOf) ? before.keypadOf : undefined,
      ...(fresh ? { justEnded: fresh } : {}),
    });
    if (fresh) {
      lineTimer?.cancel();
      lineTimer = clock.after(LINE_ENDED_MS, () => store.setState({ justEnded: undefined }));
    }
    expireCards();
  }

  /** Drops the ended cards that had their time and wakes up again for the next one. */
  function expireCards(): void {
    cardTimer?.cancel();
    const now = clock.now();
    const calls = store.getState().calls;
    const due = calls.filter((call) => !isLive(call) && shownUntil(call) <= now);
    for (const call of due) gone.add(call.id);
    const left = due.length > 0 ? calls.filter((call) => !gone.has(call.id)) : calls;
    if (due.length > 0) store.setState({ calls: left });
    const next = Math.min(...left.filter((call) => !isLive(call)).map(shownUntil));
    if (Number.isFinite(next)) cardTimer = clock.after(Math.max(next - now, 1), expireCards);
  }

  const commands = softphone({
    accounts: (accounts) => store.setState({ accounts }),
    calls: takeCalls,
    news: (news) => store.setState(news),
  });
  return store;
}

/** The account that calls go by: the one that is named, else the one chosen, where it is there; undefined for the first. */
export function callingAccount(
  { accounts, callAs }: Pick<PhoneState, 'accounts' | 'callAs'>,
  accountId = callAs,
): AccountSnapshot | undefined {
  return accounts.find(({ id }) => id === accountId);
}

function forgetStale(ids: Set<string>, known: ReadonlySet<string>, shown: readonly CallSnapshot[]): void {
  for (const id of ids) if (!known.has(id) && !shown.some((call) => call.id === id)) ids.delete(id);
}
