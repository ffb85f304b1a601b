import { describe, expect, it } from 'vitest';
import {
  type ServerEvent,
  type ServerState,
  startServer,
  stepServer,
} from '../../../../../proxy-core/sip/transaction/server.ts';
import type { TimerName } from '../../../../../proxy-core/sip/transaction/timers.ts';
import { response } from './messages.ts';

const progress = response(100, 'OPTIONS');
const ok = response(200, 'OPTIONS');
const timer = (name: TimerName): ServerEvent => ({ type: 'timer', name });
const respond = (message = ok): ServerEvent => ({ type: 'respond', response: message });
const again: ServerEvent = { type: 'request' };
const failed: ServerEvent = { type: 'failed' };
const setTimer = (name: TimerName, ms: number) => ({ type: 'timer', name, ms });
const send = (message = ok) => ({ type: 'send', response: message });

const trying: ServerState = { state: 'trying', reliable: false };
const tryingTcp: ServerState = { state: 'trying', reliable: true };
const proceeding: ServerState = { state: 'proceeding', reliable: false, last: progress };
const completed: ServerState = { state: 'completed', final: ok, failed: false };
const terminated: ServerState = { state: 'terminated' };

describe('the server transaction of other methods', () => {
  const table: [string, ServerState, ServerEvent, object, object[]][] = [
    ['§17.2.2 the request again before any answer', trying, again, trying, []],
    ['§17.2.2 1xx', trying, respond(progress), proceeding, [send(progress)]],
    ['§17.2.2 final: Timer J', trying, respond(), completed, [setTimer('J', 32_000), send()]],
    [
      '§17.2.2 final over TCP: Timer J is 0',
      tryingTcp,
      respond(),
      terminated,
      [{ type: 'stopTimer' }, send(), { type: 'end', how: 'done' }],
    ],
    ['RFC 4320 §4.2 no answer in 32 s', trying, timer('J'), terminated, [{ type: 'end', how: 'done' }]],
    ['§17.2.2 the request again: the last 1xx again', proceeding, again, proceeding, [send(progress)]],
    ['§17.2.2 final in Proceeding', proceeding, respond(), completed, [setTimer('J', 32_000), send()]],
    ['RFC 6026 §8.6 a failed 1xx ends nothing', proceeding, failed, proceeding, []],
    ['§17.2.2 the request again: the final response again', completed, again, completed, [send()]],
    ['§17.2.2 a second final response is ignored', completed, respond(), completed, []],
    ['§17.2.2 Timer J', completed, timer('J'), terminated, [{ type: 'end', how: 'done' }]],
    ['RFC 6026 §8.6 a failed final response is remembered', completed, failed, { ...completed, failed: true }, []],
    ['and told at the end', { ...completed, failed: true }, timer('J'), terminated, [{ type: 'end', how: 'failed' }]],
    ['nothing wakes the dead', terminated, again, terminated, []],
  ];

  it.each(table)('%s', (_name, state, event, after, effects) => {
    expect(stepServer(state, event)).toEqual({ state: after, effects });
  });

  it('begins in Trying, with the time that the client waits', () => {
    expect(startServer(false)).toEqual({ state: trying, effects: [setTimer('J', 32_000)] });
  });
});
