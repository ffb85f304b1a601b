/** The client transaction of every method but INVITE as a pure function (RFC 3261 §17.1.2). */
import type { SipResponse } from '../message/message.ts';
import type { TransportFailure } from '../transport/port.ts';
import { backOff, GIVE_UP, nextTimer, type Resending, T1, T2, T4, type TimerName } from './timers.ts';

export type ClientState =
  /** `proceeding` after a provisional response. */
  | { readonly state: 'trying' | 'proceeding'; readonly reliable: boolean; readonly resending: Resending }
  | { readonly state: 'completed' }
  | { readonly state: 'terminated' };

export type ClientEvent =
  | { readonly type: 'response'; readonly response: SipResponse }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'failed'; readonly failure: TransportFailure };

export type ClientEffect =
  | { readonly type: 'send' }
  | { readonly type: 'deliver'; readonly response: SipResponse }
  | { readonly type: 'timer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'stopTimer' }
  | { readonly type: 'timeout' }
  | { readonly type: 'fail'; readonly failure: TransportFailure };

export interface ClientStep {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
}

const TERMINATED: ClientState = { state: 'terminated' };
const NOTHING: readonly never[] = [];

/** §17.1.2.2: the request goes out; over UDP again after Timer E, given up after Timer F. */
export function startClient(reliable: boolean): ClientStep {
  const resending: Resending = { interval: reliable ? GIVE_UP : T1, spent: 0 };
  return {
    state: { state: 'trying', reliable, resending },
    effects: [nextTimer(resending, 'E', 'F'), { type: 'send' }],
  };
}

export function stepClient(state: ClientState, event: ClientEvent): ClientStep {
  switch (state.state) {
    case 'trying':
    case 'proceeding':
      return open(state, event);
    case 'completed':
      // Repeated responses are absorbed until Timer K.
      return event.type === 'timer' && event.name === 'K'
        ? { state: TERMINATED, effects: NOTHING }
        : { state, effects: NOTHING };
    case 'terminated':
      return { state, effects: NOTHING };
    default:
      return state satisfies never;
  }
}

type Open = Extract<ClientState, { state: 'trying' | 'proceeding' }>;

function open(state: Open, event: ClientEvent): ClientStep {
  switch (event.type) {
    case 'response': {
      const deliver = { type: 'deliver', response: event.response } as const;
      if (event.response.status < 200) return { state: { ...state, state: 'proceeding' }, effects: [deliver] };
      return state.reliable
        ? { state: TERMINATED, effects: [{ type: 'stopTimer' }, deliver] }
        : { state: { state: 'completed' }, effects: [{ type: 'timer', name: 'K', ms: T4 }, deliver] };
    }
    case 'timer': {
      if (event.name === 'F') return { state: TERMINATED, effects: [{ type: 'timeout' }] };
      // In Proceeding the next wait is always T2 (§17.1.2.2); what is spent so far counts for Timer F all the same.
      const next = backOff(state.resending, T2);
      const resending = state.state === 'proceeding' ? { interval: T2, spent: next.spent } : next;
      return { state: { ...state, resending }, effects: [nextTimer(resending, 'E', 'F'), { type: 'send' }] };
    }
    case 'failed':
      return { state: TERMINATED, effects: [{ type: 'fail', failure: event.failure }] };
    default:
      return event satisfies never;
  }
}
