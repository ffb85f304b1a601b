/** Changes what a user wants done with his calls: the same rules for a phone's codes and for the administrator. */
import { fail, ok, type Result } from '../../sip/grammar/result.ts';
import type { User, UserStore } from '../stores.ts';
import { type CallHandling, type CallHandlingStore, type ForwardCase, noHandling } from './call-handling.ts';
import { findCircle, readForwardTarget } from './forward-target.ts';

export const SHORTEST_RING = 5;
export const LONGEST_RING = 180;

export type HandlingChange =
  | { readonly kind: 'do-not-disturb'; readonly on: boolean }
  /** Without `to` it is taken back; without a case, all are. */
  | { readonly kind: 'forward'; readonly when: ForwardCase; readonly to: string; readonly seconds?: number | undefined }
  | { readonly kind: 'clear'; readonly when: ForwardCase | undefined }
  | { readonly kind: 'outside'; readonly allowed: boolean };

/** `problem` is for a program, `text` for a person. */
export interface Refusal {
  readonly problem: 'invalid' | 'forbidden' | 'circle';
  readonly text: string;
}

export interface HandlingPorts {
  readonly users: Pick<UserStore, 'find'>;
  readonly callHandling: CallHandlingStore;
}

/** Durable on return. @throws where the store cannot keep it. */
export function changeHandling(
  ports: HandlingPorts,
  user: User,
  change: HandlingChange,
): Result<CallHandling, Refusal> {
  const before = ports.callHandling.find(user) ?? noHandling;
  const after = applied(ports, user, before, change);
  // To say the same again costs no write.
  if (after.ok && !isSame(before, after.value)) ports.callHandling.set(user, after.value);
  return after;
}

function applied(
  ports: HandlingPorts,
  user: User,
  before: CallHandling,
  change: HandlingChange,
): Result<CallHandling, Refusal> {
  switch (change.kind) {
    case 'do-not-disturb':
      return ok({ ...before, doNotDisturb: change.on });
    case 'outside':
      return ok({ ...before, mayForwardOutside: change.allowed });
    case 'clear': {
      const { when } = change;
      if (when === undefined) return ok({ ...before, forwards: {}, noAnswerSeconds: noHandling.noAnswerSeconds });
      const { [when]: _gone, ...forwards } = before.forwards;
      return ok({
        ...before,
        forwards,
        ...(when === 'no-answer' && { noAnswerSeconds: noHandling.noAnswerSeconds }),
      });
    }
    case 'forward':
      return forwarded(ports, user, before, change);
    default:
      return change satisfies never;
  }
}

function forwarded(
  { users, callHandling }: HandlingPorts,
  user: User,
  before: CallHandling,
  { when, to, seconds = before.noAnswerSeconds }: Extract<HandlingChange, { kind: 'forward' }>,
): Result<CallHandling, Refusal> {
  if (!(Number.isInteger(seconds) && seconds >= SHORTEST_RING && seconds <= LONGEST_RING)) {
    return refuse('invalid', `Phones ring ${SHORTEST_RING} to ${LONGEST_RING} seconds.`);
  }
  const target = readForwardTarget(users, user, to);
  if (target === undefined) return refuse('invalid', 'Calls are forwarded to a number or a SIP address.');
  if (target.user === undefined && !before.mayForwardOutside) {
    return refuse('forbidden', `${to} is no user here, and ${user.number} may not forward calls outside the office.`);
  }
  const circle = target.user === undefined ? undefined : findCircle(users, callHandling, user, target.user);
  if (circle !== undefined) {
    const way = [user.number, ...circle].join(', ');
    return refuse('circle', `Calls would go round in a circle: ${way}.`);
  }
  return ok({ ...before, forwards: { ...before.forwards, [when]: target.text }, noAnswerSeconds: seconds });
}

const refuse = (problem: Refusal['problem'], text: string): Result<never, Refusal> => fail({ problem, text });

const isSame = (a: CallHandling, b: CallHandling): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b));

const plain = ({ doNotDisturb, forwards, noAnswerSeconds, mayForwardOutside }: CallHandling): unknown => [
  ...[doNotDisturb, noAnswerSeconds, mayForwardOutside],
  ...[forwards.always, forwards.busy, forwards['no-answer'], forwards.unreachable],
];
