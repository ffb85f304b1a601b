/**
 * The life of one registration as a pure machine (RFC 3261 §10.2, RFC 5626 §4.5). What it decides comes out as
 * effects; times are in ms. Digest answers are given below it: a 401 seen here means a refused password.
 */
import type { AccountState } from '../snapshots.ts';
import { registerFailure } from '../status-words.ts';
import { type Pausing, pauseAfter, refreshAfter } from './pauses.ts';
import type {
  Answer,
  RegistrationCommon as Common,
  Registration,
  RegistrationEffect,
  RegistrationEvent,
  RegistrationStep,
} from './types.ts';

const MAX_ASK = 86_400;
/** How long one REGISTER may stay without a final answer. */
export const ANSWER_WITHIN = 8_000;
const MAX_MOVES = 3;
/** A connection that held this long and then ended is made again at once; one that did not might end again at once. */
const HELD = 5_000;

/** Before anything was done; `ask` seconds will be asked for. */
export const idle = (ask: number): Registration => ({
  state: 'idle',
  ask,
  failures: 0,
  boundUntil: undefined,
  moves: 0,
  since: undefined,
  trouble: undefined,
});

/**
 * `chance` is between 0 and 1 and spreads phones that lost their server together; `beside`: another flow of the account is
 * registered.
 */
export function stepRegistration(
  at: Registration,
  event: RegistrationEvent,
  now: number,
  chance: number,
  number: string,
  beside = false,
): RegistrationStep {
  const { ask, failures, boundUntil, moves, since, trouble } = at;
  const common: Common = { ask, failures, boundUntil, moves, since, trouble };
  const paused: Pausing = { now, chance, beside };
  if (event.type === 'sign-out') return leave(at, common, now);
  if (at.state === 'leaving') return left(at, common, event);
  switch (event.type) {
    case 'start':
      return at.state === 'idle' ? open(common) : stay(at);
    case 'now':
      return at.state === 'opening' || at.state === 'registering' || at.state === 'idle' ? stay(at) : open(common);
    case 'network-changed':
      return at.state === 'idle' ? stay(at) : open({ ...common, moves: 0 }, [{ do: 'abandon' }]);
    case 'opened':
      return at.state === 'opening' ? register(common) : stay(at);
    case 'timer':
      if (at.state === 'registering') return retry(common, 'The server does not answer.', paused, [{ do: 'abandon' }]);
      return at.state === 'waiting' || at.state === 'registered' ? open(common) : stay(at);
    case 'unreachable':
      return unreachable(at, common, event, paused);
    case 'no-password':
      return give(common, 'The password is not known on this computer.', true);
    case 'answered':
      return at.state === 'registering' ? answered(common, event.answer, paused, number) : stay(at);
    default:
      return never(event);
  }
}

function unreachable(
  at: Registration,
  common: Common,
  { reason, certificate }: RegistrationEvent & { readonly type: 'unreachable' },
  paused: Pausing,
): RegistrationStep {
  if (at.state === 'idle' || at.state === 'failed' || at.state === 'waiting') return stay(at);
  // Only a person can decide to believe it.
  if (certificate !== undefined) {
    const { next, effects } = give(common, reason, false);
    return { next: { ...next, state: 'failed', reason, wrongPassword: false, certificate }, effects };
  }
  const { now } = paused;
  if (at.state === 'registered' && common.since !== undefined && now - common.since >= HELD) {
    return open({ ...common, since: undefined, trouble: { reason, retryAt: now } });
  }
  return retry(common, reason, paused);
}

function answered(common: Common, answer: Answer, paused: Pausing, number: string): RegistrationStep {
  const { status } = answer;
  const { now, chance } = paused;
  if (status < 300) {
    const expires = answer.expires ?? common.ask;
    if (expires <= 0) return retry(common, 'The server took this phone off at once.', paused);
    const expiresAt = now + expires * 1_000;
    if (answer.moved === true && common.moves < MAX_MOVES) {
      return register({ ...common, failures: 0, trouble: undefined, boundUntil: expiresAt, moves: common.moves + 1 });
    }
    const since = common.since ?? now;
    // Its first success proves little: a server may take everybody and let them fall again.
    const failures = common.since === undefined ? common.failures : 0;
    return {
      next: { ...common, state: 'registered', expiresAt, since, failures, trouble: undefined, boundUntil: expiresAt },
      effects: [{ do: 'timer', ms: refreshAfter(expires * 1_000, chance) }],
    };
  }
  if (
    status === 423 &&
    answer.minExpires !== undefined &&
    answer.minExpires > common.ask &&
    answer.minExpires <= MAX_ASK
  ) {
    return register({ ...common, ask: answer.minExpires });
  }
  const failure = registerFailure(status, number);
  if (failure.permanent) return give(common, failure.reason, failure.wrongPassword);
  return retry(common, failure.reason, paused, [], answer.retryAfterMs);
}

function retry(
  common: Common,
  reason: string,
  paused: Pausing,
  before: readonly RegistrationEffect[] = [],
  asked?: number,
): RegistrationStep {
  const ms = Math.max(pauseAfter(common.failures, paused), asked ?? 0);
  const trouble = { reason, retryAt: paused.now + ms };
  return {
    next: { ...common, state: 'waiting', since: undefined, trouble, failures: common.failures + 1 },
    effects: [...before, { do: 'timer', ms }],
  };
}

const give = (common: Common, reason: string, wrongPassword: boolean): RegistrationStep => ({
  next: {
    ...common,
    state: 'failed',
    reason,
    wrongPassword,
    boundUntil: undefined,
    since: undefined,
    trouble: undefined,
  },
  effects: [{ do: 'no-timer' }],
});

const open = (common: Common, before: readonly RegistrationEffect[] = []): RegistrationStep => ({
  next: { ...common, state: 'opening' },
  effects: [...before, { do: 'no-timer' }, { do: 'open' }],
});

const register = (common: Common): RegistrationStep => ({
  next: { ...common, state: 'registering' },
  effects: [
    { do: 'register', expires: common.ask },
    { do: 'timer', ms: ANSWER_WITHIN },
  ],
});

/** Takes the binding off the registrar where it may hold one; either way the sockets are closed soon. */
function leave(at: Registration, common: Common, now: number): RegistrationStep {
  if (at.state === 'leaving') return stay(at);
  const bound = common.boundUntil !== undefined && common.boundUntil > now;
  if (!bound && at.state !== 'registering') return gone(common, [{ do: 'abandon' }]);
  return {
    next: { ...common, state: 'leaving' },
    effects: [{ do: 'abandon' }, { do: 'register', expires: 0 }, { do: 'timer', ms: 3_000 }],
  };
}

function left(at: Registration, common: Common, event: RegistrationEvent): RegistrationStep {
  switch (event.type) {
    case 'answered':
    case 'unreachable':
    case 'timer':
    case 'no-password':
      return gone(common);
    default:
      return stay(at);
  }
}

const gone = (common: Common, before: readonly RegistrationEffect[] = []): RegistrationStep => ({
  next: { ...common, state: 'idle', boundUntil: undefined, since: undefined, failures: 0, trouble: undefined },
  effects: [...before, { do: 'no-timer' }, { do: 'close' }],
});

const stay = (at: Registration): RegistrationStep => ({ next: at, effects: [] });

/** As the window sees it: while a binding is being refreshed it is still there, and so is trouble until it is over. */
export function registrationSnapshot(at: Registration, now: number): AccountState {
  switch (at.state) {
    case 'idle':
    case 'leaving':
      return { state: 'signed-out' };
    case 'opening':
    case 'registering':
    case 'waiting':
      if (at.trouble !== undefined) return { state: 'failed', ...at.trouble };
      return at.boundUntil !== undefined && at.boundUntil > now
        ? { state: 'registered', expiresAt: at.boundUntil }
        : { state: 'registering' };
    case 'registered':
      return { state: 'registered', expiresAt: at.expiresAt };
    case 'failed':
      return {
        ...{ state: 'failed', reason: at.reason },
        ...(at.wrongPassword && { wrongPassword: true }),
        ...(at.certificate && { certificate: at.certificate }),
      };
    default:
      return never(at);
  }
}

function never(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
