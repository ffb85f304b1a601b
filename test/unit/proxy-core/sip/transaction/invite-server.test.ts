import { describe, expect, it } from 'vitest';
import {
  type InviteServerEvent,
  type InviteServerState,
  startInviteServer,
  stepInviteServer,
} from '../../../../../proxy-core/sip/transaction/invite-server.ts';
import type { TimerName } from '../../../../../proxy-core/sip/transaction/timers.ts';
import { response } from './messages.ts';

const ringing = response(180);
const ok = response(200);
const busy = response(486);
const timer = (name: TimerName): InviteServerEvent => ({ type: 'timer', name });
const respond = (message = ringing): InviteServerEvent => ({ type: 'respond', response: message });
const again: InviteServerEvent = { type: 'request' };
const ack: InviteServerEvent = { type: 'ack' };
const failed: InviteServerEvent = { type: 'failed' };
const setTimer = (name: TimerName, ms: number) => ({ type: 'timer', name, ms });
const send = (message = ringing) => ({ type: 'send', response: message });

const fresh: InviteServerState = { state: 'proceeding', reliable: false, last: undefined };
const freshTcp: InviteServerState = { state: 'proceeding', reliable: true, last: undefined };
const rung: InviteServerState = { state: 'proceeding', reliable: false, last: ringing };
const completed: InviteServerState = {
  state: 'completed',
  reliable: false,
  final: busy,
  resending: { interval: 500, spent: 0 },
  failed: false,
};
const completedTcp: InviteServerState = { ...completed, reliable: true, resending: { interval: 32_000, spent: 0 } };
const late: InviteServerState = { ...completed, resending: { interval: 4000, spent: 27_500 } };
const confirmed: InviteServerState = { state: 'confirmed' };
const accepted: InviteServerState = { state: 'accepted', failed: false };
const terminated: InviteServerState = { state: 'terminated' };

describe('the INVITE server transaction', () => {
  const table: [string, InviteServerState, InviteServerEvent, object, object[]][] = [
    ['§17.2.1 100 after 200 ms', fresh, timer('trying'), fresh, [{ type: 'sendTrying' }]],
    ['§17.2.1 INVITE again before any answer', fresh, again, fresh, []],
    ['§17.2.1 1xx', fresh, respond(), rung, [{ type: 'stopTimer' }, send()]],
    ['§17.2.1 INVITE again: the last 1xx again', rung, again, rung, [send()]],
    ['§17.2.1 another 1xx', rung, respond(), rung, [send()]],
    ['RFC 6026 §7.1 2xx: Accepted', rung, respond(ok), accepted, [setTimer('L', 32_000), send(ok)]],
    ['§17.2.1 300–699: Timer G', rung, respond(busy), completed, [setTimer('G', 500), send(busy)]],
    [
      '§17.2.1 300–699 over TCP: Timer H alone',
      freshTcp,
      respond(busy),
      completedTcp,
      [setTimer('H', 32_000), send(busy)],
    ],
    ['an ACK before any final response', rung, ack, rung, []],
    ['RFC 6026 §8.6 a failed 1xx ends nothing', rung, failed, rung, []],
    ['§17.2.1 INVITE again: the final response again', completed, again, completed, [send(busy)]],
    [
      '§17.2.1 Timer G: again, the wait doubled',
      completed,
      timer('G'),
      { ...completed, resending: { interval: 1000, spent: 500 } },
      [setTimer('G', 1000), send(busy)],
    ],
    [
      '§17.2.1 Timer G: at most T2, Timer H when that is nearer',
      late,
      timer('G'),
      { ...completed, resending: { interval: 4000, spent: 31_500 } },
      [setTimer('H', 500), send(busy)],
    ],
    ['§17.2.1 ACK: Confirmed, Timer I', completed, ack, confirmed, [setTimer('I', 5000)]],
    [
      '§17.2.1 ACK over TCP: Timer I is 0',
      completedTcp,
      ack,
      terminated,
      [{ type: 'stopTimer' }, { type: 'end', how: 'done' }],
    ],
    ['§17.2.1 Timer H: no ACK came', completed, timer('H'), terminated, [{ type: 'end', how: 'no-ack' }]],
    ['RFC 6026 §8.6 a failed final response is remembered', completed, failed, { ...completed, failed: true }, []],
    ['and told at the end', { ...completed, failed: true }, timer('H'), terminated, [{ type: 'end', how: 'failed' }]],
    ['§17.2.1 a second final response is ignored', completed, respond(ok), completed, []],
    ['§17.2.1 ACK again is absorbed', confirmed, ack, confirmed, []],
    ['INVITE again after the ACK', confirmed, again, confirmed, []],
    ['§17.2.1 Timer I', confirmed, timer('I'), terminated, [{ type: 'end', how: 'done' }]],
    ['RFC 6026 §7.1 INVITE again is absorbed', accepted, again, accepted, []],
    ['RFC 6026 §7.1 2xx again, or of another fork', accepted, respond(ok), accepted, [send(ok)]],
    ['no failure after a 2xx', accepted, respond(busy), accepted, []],
    ['RFC 6026 §7.1 ACK goes up', accepted, ack, accepted, [{ type: 'deliverAck' }]],
    ['RFC 6026 §7.1 Timer L', accepted, timer('L'), terminated, [{ type: 'end', how: 'done' }]],
    ['RFC 6026 §8.6 a failed 2xx', accepted, failed, { state: 'accepted', failed: true }, []],
    ['nothing wakes the dead', terminated, respond(ok), terminated, []],
  ];

  it.each(table)('%s', (_name, state, event, after, effects) => {
    expect(stepInviteServer(state, event)).toEqual({ state: after, effects });
  });

  it('waits 200 ms before it says 100 by itself (§17.2.1)', () => {
    expect(startInviteServer(false)).toEqual({ state: fresh, effects: [setTimer('trying', 200)] });
  });
});
