/** Does what scripts ask of this phone, by the same actions as a person, and tells how it went. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import type { SteerCommand, SteerReply } from '../../shared/steering.ts';
import { textOf } from '../../shared/text-of.ts';
import type { Clock } from './clock.ts';
import { isLive } from './line.ts';
import type { PhoneState, PhoneStore } from './phone-store.ts';
import { callReport, callText, phoneReport, reportText } from './report.ts';
import type { CallSnapshot } from './types.ts';
import { clause } from './words.ts';

type OnCall = Exclude<SteerCommand, { do: 'state' } | { do: 'call' }>;

/** How long a call may take to follow: sound must be set up before one is answered. */
const FOLLOWS_MS = 10_000;
const DIGITS = /^[0-9*#A-D]+$/;

interface Deed {
  /** Whether it can be done with this call at all. */
  readonly fits: (call: CallSnapshot) => boolean;
  /** Whether it is done already. */
  readonly done: (call: CallSnapshot) => boolean;
  /** Why there is no such call. */
  readonly none: string;
}

const answered = ({ state }: CallSnapshot): boolean => state === 'active';
const heard = (call: CallSnapshot): boolean => answered(call) && !call.held;

const deeds: Readonly<Record<OnCall['do'], Deed>> = {
  answer: {
    fits: ({ state }) => state === 'incoming',
    done: ({ state }) => state !== 'incoming' && state !== 'connecting',
    none: 'No call rings here.',
  },
  hangup: { fits: isLive, done: (call) => !isLive(call), none: 'There is no call.' },
  hold: { fits: answered, done: ({ held }) => held, none: 'There is no call that was answered.' },
  resume: { fits: answered, done: ({ held }) => !held, none: 'There is no call that was answered.' },
  mute: { fits: answered, done: ({ muted }) => muted, none: 'There is no call that was answered.' },
  unmute: { fits: answered, done: ({ muted }) => !muted, none: 'There is no call that was answered.' },
  transfer: { fits: answered, done: (call) => !heard(call), none: 'There is no call that was answered.' },
  dtmf: { fits: answered, done: (call) => !heard(call), none: 'There is no call that was answered.' },
};

/** Gives back the function that ends it. */
export function followSteering(phone: PhoneStore, bridge: Client<BridgeSchema>, clock: Clock): () => void {
  return bridge.system.steer(({ id, command }) => {
    steer(phone, clock, command)
      .catch((error: unknown) => refuse(`Tandem has a fault: ${textOf(error)}`))
      .then((reply) => bridge.system.steered({ id, reply }))
      // The program is closing, and the one who asked sees its socket end.
      .catch(() => {});
  });
}

export async function steer(phone: PhoneStore, clock: Clock, command: SteerCommand): Promise<SteerReply> {
  if (command.do === 'state') {
    const report = phoneReport(phone.getState(), clock.now());
    return { ok: true, text: reportText(report), result: report };
  }
  const told = (call: CallSnapshot): SteerReply => {
    const report = callReport(call, clock.now());
    return { ok: true, text: callText(report), result: { call: report } };
  };
  if (command.do === 'call') {
    const before = new Set(phone.getState().calls.map(({ id }) => id));
    const begun = ({ id, direction }: CallSnapshot) => direction === 'outgoing' && !before.has(id);
    const by = accountOf(phone.getState(), command.account);
    if (by === null) return refuse(`There is no account ${command.account}.`);
    if (!phone.getState().call(command.target, by))
      return refuse(phone.getState().dialProblem ?? 'It cannot be called.');
    const call = await followed(phone, clock, ({ calls }) => calls.find(begun));
    return call === undefined ? refuse('The call did not begin.') : told(call);
  }
  const chosen = choose(phone.getState().calls, command);
  if (typeof chosen === 'string') return refuse(chosen);
  const problem = perform(phone.getState(), chosen, command);
  if (problem !== undefined) return refuse(problem);
  const { done } = deeds[command.do];
  const waits = command.do !== 'transfer' && command.do !== 'dtmf';
  const find = ({ calls }: PhoneState) => calls.find(({ id }) => id === chosen.id);
  const after = waits
    ? await followed(phone, clock, (state) => {
        const call = find(state);
        return call === undefined || !isLive(call) || done(call) ? (call ?? chosen) : undefined;
      })
    : find(phone.getState());
  if (after === undefined) return refuse('The call did not follow in time.');
  if (command.do !== 'hangup' && !isLive(after))
    return refuse(`The call has ended${after.notice === undefined ? '' : `: ${clause(after.notice)}`}.`);
  return told(after);
}

/** The account that is meant, by its id or number; undefined where none is named, null where there is no such one. */
function accountOf({ accounts }: PhoneState, named: string | undefined): string | undefined | null {
  if (named === undefined) return undefined;
  return accounts.find(({ id, number }) => id === named || number === named)?.id ?? null;
}

const refuse = (reason: string): SteerReply => ({ ok: false, reason });

/** The call that is meant, or why none is. */
function choose(calls: readonly CallSnapshot[], { do: deed, callId }: OnCall): CallSnapshot | string {
  const live = calls.filter(isLive);
  const { fits, done, none } = deeds[deed];
  if (callId !== undefined) {
    const named = live.find(({ id }) => id === callId);
    if (named === undefined) return `There is no call ${callId}.`;
    return fits(named) ? named : `That cannot be done with a call that is ${named.state}.`;
  }
  const fitting = live.filter(fits);
  const open = fitting.filter((call) => !done(call));
  const [one, other] = open.length > 0 ? open : fitting;
  if (one === undefined) return none;
  if (other === undefined) return one;
  const list = (open.length > 0 ? open : fitting).map(({ id, peer }) => `${id} with ${peer.number || peer.uri}`);
  return `There are ${list.length} calls: choose one by --call-id (${list.join(', ')}).`;
}

/** Gives why not, or nothing. */
function perform(phone: PhoneState, call: CallSnapshot, command: OnCall): string | undefined {
  const { id } = call;
  switch (command.do) {
    case 'answer':
      phone.answer(id);
      return undefined;
    case 'hangup':
      if (call.state === 'incoming') phone.decline(id);
      else phone.hangUp(id);
      return undefined;
    case 'hold':
      phone.hold(id);
      return undefined;
    case 'resume':
      phone.resume(id);
      return undefined;
    case 'mute':
    case 'unmute':
      phone.setMuted(id, command.do === 'mute');
      return undefined;
    case 'transfer': {
      const { target } = command;
      const other = phone.calls.find((one) => isLive(one) && one.id === target);
      return phone.transfer(id, other === undefined ? { target } : { callId: other.id });
    }
    case 'dtmf': {
      const digits = command.digits.toUpperCase();
      if (!DIGITS.test(digits)) return 'Digits are 0 to 9, *, # and A to D.';
      for (const digit of digits) phone.sendDigit(id, digit);
      return undefined;
    }
  }
}

/** What `look` finds, now or as soon as it finds something; undefined where it finds nothing in time. */
function followed<T>(phone: PhoneStore, clock: Clock, look: (state: PhoneState) => T | undefined) {
  return new Promise<T | undefined>((resolve) => {
    const end = (found: T | undefined): void => {
      release();
      timer.cancel();
      resolve(found);
    };
    const timer = clock.after(FOLLOWS_MS, () => end(undefined));
    const check = (state: PhoneState): void => {
      const found = look(state);
      if (found !== undefined) end(found);
    };
    const release = phone.subscribe(check);
    check(phone.getState());
  });
}
