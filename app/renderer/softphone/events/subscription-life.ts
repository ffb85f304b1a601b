/**
 * The life of one subscription as a pure machine (RFC 6665 §4.1): when it is asked for, refreshed, made again or given up.
 * What it decides comes out as effects; times are in ms. Digest answers are given below it.
 */
import { refreshAfter } from '../registration/pauses.ts';
import { watchRefusal } from '../status-words.ts';
import type {
  SubscriptionCommon as Common,
  SubscriptionEffect,
  SubscriptionEvent,
  SubscriptionLife,
  SubscriptionStep,
} from './subscription-types.ts';

/** Shorter than the usual hour: over UDP nothing but the next refresh shows that a server has forgotten us. */
export const ASK = 600;
const MAX_ASK = 86_400;
const MAX_EXPIRES = 86_400;
const FIRST_PAUSE = 2_000;
const MAX_PAUSE = 120_000;
/** How long a subscription must have lived to be made again at once whenever it ends. */
const STEADY = 60_000;
const GIVEN_UP_PAUSE = 300_000;
const PROBATION_PAUSE = 30_000;

export const unasked: SubscriptionLife = { state: 'idle', ask: ASK, failures: 0, boundUntil: 0, toldAt: undefined };

/** Whether what was told last may still be shown. */
export function isKnown(at: SubscriptionLife, now: number): boolean {
  if (at.state === 'settled') return true;
  return at.state !== 'idle' && at.toldAt !== undefined && at.boundUntil > now;
}

/** `chance` is between 0 and 1 and spreads those who lost their server together. */
export function stepSubscription(
  at: SubscriptionLife,
  event: SubscriptionEvent,
  now: number,
  chance: number,
): SubscriptionStep {
  const { ask, failures, boundUntil, toldAt } = at;
  const common: Common = { ask, failures, boundUntil, toldAt };
  if (event.type === 'stop') return leave(at, common, now);
  if (at.state === 'leaving' || at.state === 'over') return left(at, common, event);
  if (event.type === 'disconnected')
    return at.state === 'refused' || at.state === 'settled'
      ? stay(at)
      : { next: { ...common, state: 'idle' }, effects: [...quiet, { do: 'abandon' }] };
  if (at.state === 'settled') return stay(at);
  if (at.state === 'refused') return event.type === 'connected' && !at.final ? subscribe(common, true) : stay(at);
  switch (event.type) {
    case 'connected':
      return again({ ...common, failures: 0 }, now, [{ do: 'abandon' }]);
    case 'gap':
      return at.state === 'active' ? subscribe(common, false) : stay(at);
    case 'timer':
      return at.state === 'active' || at.state === 'waiting' ? again(common, now) : stay(at);
    case 'not-told':
      return at.state === 'idle' || at.state === 'waiting'
        ? stay(at)
        : wait(lost(common), 'The server tells nothing about this number.', chance);
    case 'accepted':
      return at.state === 'asking' ? accepted(common, event, now, chance) : stay(at);
    case 'refused':
      return at.state === 'asking' ? refused(at, common, event, chance, now) : stay(at);
    case 'no-answer':
      if (at.state !== 'asking') return stay(at);
      // A NOTIFY came in this dialog: whoever sent it has the subscription (§4.1.2.4).
      return at.fresh && toldAt !== undefined && boundUntil > now
        ? live(common, boundUntil - now, chance)
        : wait(lost(common), event.reason, chance);
    case 'notified':
      return notified(at, common, event.expires, now, chance);
    case 'terminated':
      return terminated(common, event, now, chance);
    default:
      return never(event);
  }
}

const quiet: readonly SubscriptionEffect[] = [{ do: 'no-timer' }, { do: 'expect-nothing' }];

const lost = (common: Common): Common => ({ ...common, boundUntil: 0, toldAt: undefined });

function subscribe(common: Common, fresh: boolean, before: readonly SubscriptionEffect[] = []): SubscriptionStep {
  return {
    next: { ...(fresh ? lost(common) : common), state: 'asking', fresh },
    effects: [...before, { do: 'no-timer' }, { do: 'subscribe', expires: common.ask, fresh }, { do: 'expect-notify' }],
  };
}

/** In the dialog that is there, or else in a new one. */
const again = (common: Common, now: number, before: readonly SubscriptionEffect[] = []): SubscriptionStep =>
  subscribe(common, common.boundUntil <= now, before);

/** 2, 4, 8 … 120 s, up to a fifth more by chance, or as long as the server asked. */
function wait(common: Common, reason: string, chance: number, asked = 0): SubscriptionStep {
  const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(common.failures, 10), MAX_PAUSE) * (1 + 0.2 * chance);
  return {
    next: { ...common, state: 'waiting', reason, failures: common.failures + 1 },
    effects: [...quiet, { do: 'abandon' }, { do: 'timer', ms: Math.round(Math.max(pause, asked)) }],
  };
}

const live = (common: Common, ms: number, chance: number): SubscriptionStep => ({
  next: { ...common, state: 'active' },
  effects: [{ do: 'timer', ms: refreshAfter(ms, chance) }],
});

function accepted(
  common: Common,
  { expires = common.ask, silent }: Extract<SubscriptionEvent, { type: 'accepted' }>,
  now: number,
  chance: number,
): SubscriptionStep {
  if (expires <= 0) return wait(lost(common), 'The server ended the subscription at once.', chance);
  const ms = Math.min(expires, common.ask) * 1_000;
  const step = live({ ...common, boundUntil: now + ms }, ms, chance);
  return silent ? { ...step, effects: [...step.effects, { do: 'expect-nothing' }] } : step;
}

function notified(
  at: SubscriptionLife,
  common: Common,
  expires: number | undefined,
  now: number,
  chance: number,
): SubscriptionStep {
  const known = common.boundUntil > now ? common.boundUntil - now : common.ask * 1_000;
  const ms = expires === undefined ? known : Math.min(expires, MAX_EXPIRES) * 1_000;
  const next = { ...common, boundUntil: now + ms, toldAt: common.toldAt ?? now };
  const told: SubscriptionEffect = { do: 'expect-nothing' };
  // While a SUBSCRIBE or a pause is on, that decides how it goes on.
  if (at.state !== 'active') return { next: { ...at, ...next }, effects: [told] };
  const step = live(next, ms, chance);
  return { ...step, effects: [told, ...step.effects] };
}

/** Answers to a refresh that end the subscription there (§4.1.2.2); any other leaves it until its time is over. */
const ENDED = [404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604];

function refused(
  at: Extract<SubscriptionLife, { state: 'asking' }>,
  common: Common,
  { status, minExpires = 0, retryAfterMs = 0 }: Extract<SubscriptionEvent, { type: 'refused' }>,
  chance: number,
  now: number,
): SubscriptionStep {
  if (status === 423 && minExpires > common.ask && minExpires <= MAX_ASK)
    return subscribe({ ...common, ask: minExpires }, at.fresh);
  if (status === 481 && !at.fresh) return anew(common, now, chance);
  const reason = watchRefusal(status);
  if (reason !== undefined)
    return { next: { ...lost(common), state: 'refused', reason, final: false }, effects: [...quiet] };
  const left = at.fresh || ENDED.includes(status) ? lost(common) : common;
  return wait(left, `The server refused to tell of this number (${status}).`, chance, retryAfterMs);
}

/** At once where it had lived a while, or else after a pause that grows. */
function anew(common: Common, now: number, chance: number): SubscriptionStep {
  const steady = common.toldAt !== undefined && now - common.toldAt >= STEADY;
  const failures = steady ? 0 : common.failures;
  if (failures > 0) return wait(lost({ ...common, failures }), 'The server ended the subscription.', chance);
  return subscribe({ ...common, failures: 1 }, true);
}

/** §4.1.3, each reason by the letter. */
function terminated(
  common: Common,
  { reason, retryAfterMs }: Extract<SubscriptionEvent, { type: 'terminated' }>,
  now: number,
  chance: number,
): SubscriptionStep {
  const refuse = (why: string): SubscriptionStep => ({
    next: { ...lost(common), state: 'refused', reason: why, final: true },
    effects: [...quiet, { do: 'abandon' }],
  });
  switch (reason) {
    case 'deactivated':
    case 'timeout': {
      const step = anew(common, now, chance);
      return { ...step, effects: [{ do: 'abandon' }, ...step.effects] };
    }
    case 'probation':
      return wait(lost(common), 'The server asks to come back later.', chance, retryAfterMs ?? PROBATION_PAUSE);
    case 'giveup':
      return wait(lost(common), 'Nobody has allowed to watch it so far.', chance, retryAfterMs ?? GIVEN_UP_PAUSE);
    case 'rejected':
      return refuse('The other side does not want to be watched.');
    case 'noresource':
      return refuse('The server does not know this number.');
    case 'invariant':
      return { next: { ...common, state: 'settled' }, effects: [...quiet, { do: 'abandon' }] };
    default:
      return wait(lost(common), 'The server ended the subscription.', chance, retryAfterMs);
  }
}

/** Tells the notifier where it may hold one; its last NOTIFY is waited for. */
function leave(at: SubscriptionLife, common: Common, now: number): SubscriptionStep {
  if (at.state === 'leaving' || at.state === 'over') return stay(at);
  const held = common.boundUntil > now && (at.state === 'active' || at.state === 'asking' || at.state === 'waiting');
  if (!held) return over(common, [{ do: 'abandon' }]);
  return {
    next: { ...common, state: 'leaving' },
    effects: [
      { do: 'no-timer' },
      { do: 'abandon' },
      { do: 'subscribe', expires: 0, fresh: false },
      { do: 'expect-notify' },
    ],
  };
}

function left(at: SubscriptionLife, common: Common, event: SubscriptionEvent): SubscriptionStep {
  if (at.state === 'over') return stay(at);
  switch (event.type) {
    case 'terminated':
    case 'refused':
    case 'no-answer':
    case 'not-told':
    case 'disconnected':
      return over(common);
    default:
      return stay(at);
  }
}

const over = (common: Common, before: readonly SubscriptionEffect[] = []): SubscriptionStep => ({
  next: { ...lost(common), state: 'over' },
  effects: [...before, ...quiet, { do: 'over' }],
});

const stay = (at: SubscriptionLife): SubscriptionStep => ({ next: at, effects: [] });

function never(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
