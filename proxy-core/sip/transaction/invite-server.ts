/** The INVITE server transaction as a pure function (RFC 3261 §17.2.1, §17.2.4; RFC 6026 §7.1, §8.5, §8.6). */
import type { SipResponse } from '../message/message.ts';
import { backOff, GIVE_UP, nextTimer, type Resending, T1, T2, T4, type TimerName, TRYING } from './timers.ts';

export type InviteServerState =
  | { readonly state: 'proceeding'; readonly reliable: boolean; readonly last: SipResponse | undefined }
  /** We sent 300 to 699 and wait for the ACK. */
  | {
      readonly state: 'completed';
      readonly reliable: boolean;
      readonly final: SipResponse;
      readonly resending: Resending;
      readonly failed: boolean;
    }
  /** The ACK came; its repetitions are absorbed. */
  | { readonly state: 'confirmed' }
  /** We sent a 2xx; INVITEs that come again are absorbed, since the user sends the 2xx again. */
  | { readonly state: 'accepted'; readonly failed: boolean }
  | { readonly state: 'terminated' };

export type InviteServerEvent =
  /** The INVITE came again. */
  | { readonly type: 'request' }
  | { readonly type: 'ack' }
  | { readonly type: 'respond'; readonly response: SipResponse }
  | { readonly type: 'timer'; readonly name: TimerName }
  /** A response could not be sent. */
  | { readonly type: 'failed' };

export type InviteServerEffect =
  | { readonly type: 'send'; readonly response: SipResponse }
  | { readonly type: 'sendTrying' }
  /** An ACK for the user. */
  | { readonly type: 'deliverAck' }
  | { readonly type: 'timer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'stopTimer' }
  | { readonly type: 'end'; readonly how: 'done' | 'no-ack' | 'failed' };

export interface InviteServerStep {
  readonly state: InviteServerState;
  readonly effects: readonly InviteServerEffect[];
}

const TERMINATED: InviteServerState = { state: 'terminated' };
const NOTHING: readonly never[] = [];
const ended = (how: 'done' | 'no-ack' | 'failed'): InviteServerStep => ({
  state: TERMINATED,
  effects: [{ type: 'end', how }],
});

export const startInviteServer = (reliable: boolean): InviteServerStep => ({
  state: { state: 'proceeding', reliable, last: undefined },
  effects: [{ type: 'timer', name: 'trying', ms: TRYING }],
});

export function stepInviteServer(state: InviteServerState, event: InviteServerEvent): InviteServerStep {
  switch (state.state) {
    case 'proceeding':
      return proceeding(state, event);
    case 'completed':
      return completed(state, event);
    case 'confirmed':
      return event.type === 'timer' && event.name === 'I' ? ended('done') : { state, effects: NOTHING };
    case 'accepted':
      return accepted(state, event);
    case 'terminated':
      return { state, effects: NOTHING };
    default:
      return state satisfies never;
  }
}

function proceeding(
  state: Extract<InviteServerState, { state: 'proceeding' }>,
  event: InviteServerEvent,
): InviteServerStep {
  switch (event.type) {
    case 'request':
      return { state, effects: state.last === undefined ? NOTHING : [{ type: 'send', response: state.last }] };
    case 'respond': {
      const { response } = event;
      const { reliable } = state;
      if (response.status < 200) {
        const stop = state.last === undefined ? ([{ type: 'stopTimer' }] as const) : NOTHING;
        return { state: { ...state, last: response }, effects: [...stop, { type: 'send', response }] };
      }
      if (response.status < 300) {
        return {
          state: { state: 'accepted', failed: false },
          effects: [
            { type: 'timer', name: 'L', ms: GIVE_UP },
            { type: 'send', response },
          ],
        };
      }
      // Timer G only where the response can be lost; Timer H always.
      const resending: Resending = { interval: reliable ? GIVE_UP : T1, spent: 0 };
      return {
        state: { state: 'completed', reliable, final: response, resending, failed: false },
        effects: [nextTimer(resending, 'G', 'H'), { type: 'send', response }],
      };
    }
    case 'timer':
      return {
        state,
        effects: event.name === 'trying' && state.last === undefined ? [{ type: 'sendTrying' }] : NOTHING,
      };
    case 'ack':
    case 'failed':
      // RFC 6026 §8.6: a response that could not be sent ends nothing.
      return { state, effects: NOTHING };
    default:
      return event satisfies never;
  }
}

function completed(
  state: Extract<InviteServerState, { state: 'completed' }>,
  event: InviteServerEvent,
): InviteServerStep {
  switch (event.type) {
    case 'request':
      return { state, effects: [{ type: 'send', response: state.final }] };
    case 'ack':
      return state.reliable
        ? { state: TERMINATED, effects: [{ type: 'stopTimer' }, { type: 'end', how: 'done' }] }
        : { state: { state: 'confirmed' }, effects: [{ type: 'timer', name: 'I', ms: T4 }] };
    case 'timer': {
      if (event.name === 'H') return ended(state.failed ? 'failed' : 'no-ack');
      const resending = backOff(state.resending, T2);
      return {
        state: { ...state, resending },
        effects: [nextTimer(resending, 'G', 'H'), { type: 'send', response: state.final }],
      };
    }
    case 'failed':
      return { state: { ...state, failed: true }, effects: NOTHING };
    case 'respond':
      return { state, effects: NOTHING };
    default:
      return event satisfies never;
  }
}

function accepted(
  state: Extract<InviteServerState, { state: 'accepted' }>,
  event: InviteServerEvent,
): InviteServerStep {
  switch (event.type) {
    case 'respond':
      return event.response.status >= 200 && event.response.status < 300
        ? { state, effects: [{ type: 'send', response: event.response }] }
        : { state, effects: NOTHING };
    case 'ack':
      return { state, effects: [{ type: 'deliverAck' }] };
    case 'timer':
      return event.name === 'L' ? ended(state.failed ? 'failed' : 'done') : { state, effects: NOTHING };
    case 'failed':
      return { state: { ...state, failed: true }, effects: NOTHING };
    case 'request':
      return { state, effects: NOTHING };
    default:
      return event satisfies never;
  }
}
