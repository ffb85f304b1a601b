/** The server transaction of every method but INVITE and ACK as a pure function (RFC 3261 §17.2.2, §17.2.4; RFC 4320). */
import type { SipResponse } from '../message/message.ts';
import { GIVE_UP, type TimerName } from './timers.ts';

export type ServerState =
  | { readonly state: 'trying'; readonly reliable: boolean }
  | { readonly state: 'proceeding'; readonly reliable: boolean; readonly last: SipResponse }
  | { readonly state: 'completed'; readonly final: SipResponse; readonly failed: boolean }
  | { readonly state: 'terminated' };

export type ServerEvent =
  /** The request came again. */
  | { readonly type: 'request' }
  | { readonly type: 'respond'; readonly response: SipResponse }
  | { readonly type: 'timer'; readonly name: TimerName }
  /** A response could not be sent. */
  | { readonly type: 'failed' };

export type ServerEffect =
  | { readonly type: 'send'; readonly response: SipResponse }
  | { readonly type: 'timer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'stopTimer' }
  | { readonly type: 'end'; readonly how: 'done' | 'failed' };

export interface ServerStep {
  readonly state: ServerState;
  readonly effects: readonly ServerEffect[];
}

const TERMINATED: ServerState = { state: 'terminated' };
const NOTHING: readonly never[] = [];

/**
 * RFC 4320 §4.2: an answer later than 64*T1 helps nobody, since the client has given up by then. So Timer J runs from the
 * start, and a user who never answers keeps nothing alive.
 */
export const startServer = (reliable: boolean): ServerStep => ({
  state: { state: 'trying', reliable },
  effects: [{ type: 'timer', name: 'J', ms: GIVE_UP }],
});

export function stepServer(state: ServerState, event: ServerEvent): ServerStep {
  switch (state.state) {
    case 'trying':
    case 'proceeding':
      return open(state, event);
    case 'completed':
      return completed(state, event);
    case 'terminated':
      return { state, effects: NOTHING };
    default:
      return state satisfies never;
  }
}

function open(state: Extract<ServerState, { state: 'trying' | 'proceeding' }>, event: ServerEvent): ServerStep {
  switch (event.type) {
    case 'request':
      return { state, effects: state.state === 'trying' ? NOTHING : [{ type: 'send', response: state.last }] };
    case 'respond': {
      const { response } = event;
      const { reliable } = state;
      if (response.status < 200) {
        return { state: { state: 'proceeding', reliable, last: response }, effects: [{ type: 'send', response }] };
      }
      return reliable
        ? {
            state: TERMINATED,
            effects: [{ type: 'stopTimer' }, { type: 'send', response }, { type: 'end', how: 'done' }],
          }
        : {
            state: { state: 'completed', final: response, failed: false },
            effects: [
              { type: 'timer', name: 'J', ms: GIVE_UP },
              { type: 'send', response },
            ],
          };
    }
    case 'timer':
      return { state: TERMINATED, effects: [{ type: 'end', how: 'done' }] };
    case 'failed':
      return { state, effects: NOTHING };
    default:
      return event satisfies never;
  }
}

function completed(state: Extract<ServerState, { state: 'completed' }>, event: ServerEvent): ServerStep {
  switch (event.type) {
    case 'request':
      return { state, effects: [{ type: 'send', response: state.final }] };
    case 'timer':
      return { state: TERMINATED, effects: [{ type: 'end', how: state.failed ? 'failed' : 'done' }] };
    case 'failed':
      return { state: { ...state, failed: true }, effects: NOTHING };
    case 'respond':
      return { state, effects: NOTHING };
    default:
      return event satisfies never;
  }
}
