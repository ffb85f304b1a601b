/** The INVITE client transaction as a pure function (RFC 3261 §17.1.1, §9.1; RFC 6026 §7.2, §8.4). */
import type { SipResponse } from '../message/message.ts';
import type { TransportFailure } from '../transport/port.ts';
import { backOff, GIVE_UP, LINGER, nextTimer, type Resending, T1, type TimerName } from './timers.ts';

/** A CANCEL that waits for the first provisional response. */
interface Cancelling {
  readonly reason: string | undefined;
}

export type InviteClientState =
  | {
      readonly state: 'calling';
      readonly reliable: boolean;
      readonly resending: Resending;
      readonly cancelling: Cancelling | undefined;
    }
  | { readonly state: 'proceeding'; readonly reliable: boolean; readonly cancelled: boolean }
  /** A final response of 300 to 699 came; `final` is what each repetition is acknowledged for. */
  | { readonly state: 'completed'; readonly final: SipResponse }
  /** A 2xx came; more may, from other forks. */
  | { readonly state: 'accepted' }
  | { readonly state: 'terminated' };

export type InviteClientEvent =
  | { readonly type: 'response'; readonly response: SipResponse }
  | { readonly type: 'cancel'; readonly reason: string | undefined }
  /** The CANCEL could not be sent. */
  | { readonly type: 'uncancelled' }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'failed'; readonly failure: TransportFailure };

export type InviteClientEffect =
  | { readonly type: 'send' }
  | { readonly type: 'ack'; readonly response: SipResponse }
  | { readonly type: 'cancel'; readonly reason: string | undefined }
  | { readonly type: 'deliver'; readonly response: SipResponse }
  | { readonly type: 'timer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'stopTimer' }
  | { readonly type: 'timeout' }
  | { readonly type: 'fail'; readonly failure: TransportFailure };

export interface InviteClientStep {
  readonly state: InviteClientState;
  readonly effects: readonly InviteClientEffect[];
}

const TERMINATED: InviteClientState = { state: 'terminated' };
const NOTHING: readonly never[] = [];

/** §17.1.1.2: the request goes out; over UDP again after Timer A, given up after Timer B. */
export function startInviteClient(reliable: boolean): InviteClientStep {
  const resending: Resending = { interval: reliable ? GIVE_UP : T1, spent: 0 };
  return {
    state: { state: 'calling', reliable, resending, cancelling: undefined },
    effects: [nextTimer(resending, 'A', 'B'), { type: 'send' }],
  };
}

export function stepInviteClient(state: InviteClientState, event: InviteClientEvent): InviteClientStep {
  switch (state.state) {
    case 'calling':
      return calling(state, event);
    case 'proceeding':
      return proceeding(state, event);
    case 'completed':
      return completed(state, event);
    case 'accepted':
      return accepted(state, event);
    case 'terminated':
      return { state, effects: NOTHING };
    default:
      return state satisfies never;
  }
}

function calling(state: Extract<InviteClientState, { state: 'calling' }>, event: InviteClientEvent): InviteClientStep {
  switch (event.type) {
    case 'response': {
      const { response } = event;
      if (response.status >= 200) return final(state.reliable, response);
      if (state.cancelling === undefined) {
        return {
          state: { state: 'proceeding', reliable: state.reliable, cancelled: false },
          effects: [{ type: 'stopTimer' }, { type: 'deliver', response }],
        };
      }
      // §9.1: a CANCEL may only follow a provisional response; here it is.
      return {
        state: { state: 'proceeding', reliable: state.reliable, cancelled: true },
        effects: [
          { type: 'timer', name: 'cancel', ms: GIVE_UP },
          { type: 'cancel', reason: state.cancelling.reason },
          { type: 'deliver', response },
        ],
      };
    }
    case 'cancel':
      return state.cancelling === undefined
        ? { state: { ...state, cancelling: { reason: event.reason } }, effects: NOTHING }
        : { state, effects: NOTHING };
    case 'uncancelled':
      return { state, effects: NOTHING };
    case 'timer': {
      if (event.name === 'B') return { state: TERMINATED, effects: [{ type: 'timeout' }] };
      const resending = backOff(state.resending);
      return { state: { ...state, resending }, effects: [nextTimer(resending, 'A', 'B'), { type: 'send' }] };
    }
    case 'failed':
      return { state: TERMINATED, effects: [{ type: 'fail', failure: event.failure }] };
    default:
      return event satisfies never;
  }
}

function proceeding(
  state: Extract<InviteClientState, { state: 'proceeding' }>,
  event: InviteClientEvent,
): InviteClientStep {
  switch (event.type) {
    case 'response':
      return event.response.status >= 200
        ? final(state.reliable, event.response)
        : { state, effects: [{ type: 'deliver', response: event.response }] };
    case 'cancel':
      if (state.cancelled) return { state, effects: NOTHING };
      // §9.1: a peer that never ends a cancelled INVITE is given 64*T1.
      return {
        state: { ...state, cancelled: true },
        effects: [
          { type: 'timer', name: 'cancel', ms: GIVE_UP },
          { type: 'cancel', reason: event.reason },
        ],
      };
    case 'uncancelled':
      return state.cancelled
        ? { state: { ...state, cancelled: false }, effects: [{ type: 'stopTimer' }] }
        : { state, effects: NOTHING };
    case 'timer':
      return event.name === 'cancel'
        ? { state: TERMINATED, effects: [{ type: 'timeout' }] }
        : { state, effects: NOTHING };
    case 'failed':
      // The peer has the request, for it answered: what failed was a late copy.
      return { state, effects: NOTHING };
    default:
      return event satisfies never;
  }
}

function completed(
  state: Extract<InviteClientState, { state: 'completed' }>,
  event: InviteClientEvent,
): InviteClientStep {
  switch (event.type) {
    case 'response':
      if (event.response.status >= 300) return { state, effects: [{ type: 'ack', response: event.response }] };
      // §16.7 step 5: a 2xx of another fork goes up even now, for somebody has answered the call.
      return event.response.status >= 200
        ? { state, effects: [{ type: 'deliver', response: event.response }] }
        : { state, effects: NOTHING };
    case 'timer':
      return event.name === 'D' ? { state: TERMINATED, effects: NOTHING } : { state, effects: NOTHING };
    case 'cancel':
    case 'uncancelled':
    case 'failed':
      // §17.1.1.2 would tell of an ACK that could not be sent; the answer has been given, and the peer will ask again.
      return { state, effects: NOTHING };
    default:
      return event satisfies never;
  }
}

function accepted(
  state: Extract<InviteClientState, { state: 'accepted' }>,
  event: InviteClientEvent,
): InviteClientStep {
  if (event.type === 'response' && event.response.status >= 200 && event.response.status < 300) {
    return { state, effects: [{ type: 'deliver', response: event.response }] };
  }
  if (event.type === 'timer' && event.name === 'M') return { state: TERMINATED, effects: NOTHING };
  return { state, effects: NOTHING };
}

function final(reliable: boolean, response: SipResponse): InviteClientStep {
  if (response.status < 300) {
    return {
      state: { state: 'accepted' },
      effects: [
        { type: 'timer', name: 'M', ms: GIVE_UP },
        { type: 'deliver', response },
      ],
    };
  }
  // Timer D is 0 where nothing can be lost.
  return {
    state: reliable ? TERMINATED : { state: 'completed', final: response },
    effects: [
      reliable ? { type: 'stopTimer' } : { type: 'timer', name: 'D', ms: LINGER },
      { type: 'ack', response },
      { type: 'deliver', response },
    ],
  };
}
