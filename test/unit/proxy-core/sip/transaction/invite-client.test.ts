import { describe, expect, it } from 'vitest';
import {
  type InviteClientEvent,
  type InviteClientState,
  startInviteClient,
  stepInviteClient,
} from '../../../../../proxy-core/sip/transaction/invite-client.ts';
import type { TimerName } from '../../../../../proxy-core/sip/transaction/timers.ts';
import { response } from './messages.ts';

const ringing = response(180);
const ok = response(200);
const ok2 = response(200, 'INVITE', 'another fork');
const busy = response(486);
const busyAgain = response(486);

const timer = (name: TimerName): InviteClientEvent => ({ type: 'timer', name });
const got = (message = ringing): InviteClientEvent => ({ type: 'response', response: message });
const cancel: InviteClientEvent = { type: 'cancel', reason: 'SIP;cause=200' };
const uncancelled: InviteClientEvent = { type: 'uncancelled' };
const failed: InviteClientEvent = { type: 'failed', failure: { reason: 'no route' } };

const calling: InviteClientState = startInviteClient(false).state;
const callingTcp: InviteClientState = startInviteClient(true).state;
const cancelling = { ...calling, cancelling: { reason: 'SIP;cause=200' } } as InviteClientState;
const proceeding: InviteClientState = { state: 'proceeding', reliable: false, cancelled: false };
const proceedingTcp: InviteClientState = { state: 'proceeding', reliable: true, cancelled: false };
const cancelled: InviteClientState = { state: 'proceeding', reliable: false, cancelled: true };
const completed: InviteClientState = { state: 'completed', final: busy };
const accepted: InviteClientState = { state: 'accepted' };
const terminated: InviteClientState = { state: 'terminated' };

const setTimer = (name: TimerName, ms: number) => ({ type: 'timer', name, ms });
const deliver = (message = ringing) => ({ type: 'deliver', response: message });
const sendCancel = { type: 'cancel', reason: 'SIP;cause=200' };
const stopTimer = { type: 'stopTimer' };

describe('the INVITE client transaction', () => {
  const table: [string, InviteClientState, InviteClientEvent, object, object[]][] = [
    [
      '§17.1.1.2 Timer A: sent again, the wait doubled',
      calling,
      timer('A'),
      { ...calling, resending: { interval: 1000, spent: 500 } },
      [setTimer('A', 1000), { type: 'send' }],
    ],
    ['§17.1.1.2 Timer B: timeout', calling, timer('B'), terminated, [{ type: 'timeout' }]],
    ['§17.1.1.2 1xx stops sending', calling, got(), proceeding, [stopTimer, deliver()]],
    ['RFC 6026 §7.2 2xx: Accepted', calling, got(ok), accepted, [setTimer('M', 32_000), deliver(ok)]],
    [
      '§17.1.1.2 300–699: ACK, Timer D',
      calling,
      got(busy),
      completed,
      [setTimer('D', 32_000), { type: 'ack', response: busy }, deliver(busy)],
    ],
    [
      '§17.1.1.2 300–699 over TCP: Timer D is 0',
      callingTcp,
      got(busy),
      terminated,
      [stopTimer, { type: 'ack', response: busy }, deliver(busy)],
    ],
    ['§17.1.4 transport error', calling, failed, terminated, [{ type: 'fail', failure: { reason: 'no route' } }]],
    ['§9.1 no CANCEL before a provisional response', calling, cancel, cancelling, []],
    ['§9.1 a second cancel changes nothing', cancelling, cancel, cancelling, []],
    [
      '§9.1 CANCEL when the first 1xx comes',
      cancelling,
      got(),
      cancelled,
      [setTimer('cancel', 32_000), sendCancel, deliver()],
    ],
    [
      '§9.1 a final response makes the CANCEL needless',
      cancelling,
      got(ok),
      accepted,
      [setTimer('M', 32_000), deliver(ok)],
    ],
    ['§17.1.1.2 another 1xx', proceeding, got(), proceeding, [deliver()]],
    ['RFC 6026 §7.2 2xx in Proceeding', proceeding, got(ok), accepted, [setTimer('M', 32_000), deliver(ok)]],
    [
      '§17.1.1.2 300–699 in Proceeding',
      proceeding,
      got(busy),
      completed,
      [setTimer('D', 32_000), { type: 'ack', response: busy }, deliver(busy)],
    ],
    [
      '§17.1.1.2 the same over TCP',
      proceedingTcp,
      got(busy),
      terminated,
      [stopTimer, { type: 'ack', response: busy }, deliver(busy)],
    ],
    ['a CANCEL that could not be sent changes nothing', cancelled, uncancelled, proceeding, [stopTimer]],
    ['nor one that nobody waits for', proceeding, uncancelled, proceeding, []],
    ['§9.1 CANCEL at once', proceeding, cancel, cancelled, [setTimer('cancel', 32_000), sendCancel]],
    ['§9.1 only one CANCEL', cancelled, cancel, cancelled, []],
    ['§9.1 a cancelled INVITE that never ends', cancelled, timer('cancel'), terminated, [{ type: 'timeout' }]],
    [
      '§9.1 487 after CANCEL',
      cancelled,
      got(busy),
      completed,
      [setTimer('D', 32_000), { type: 'ack', response: busy }, deliver(busy)],
    ],
    ['a late failure of a copy', proceeding, failed, proceeding, []],
    [
      '§17.1.1.2 the final response again: ACK again, not delivered',
      completed,
      got(busyAgain),
      completed,
      [{ type: 'ack', response: busyAgain }],
    ],
    ['§16.7 a 2xx of another fork', completed, got(ok), completed, [deliver(ok)]],
    ['a late 1xx', completed, got(), completed, []],
    ['§17.1.1.2 Timer D', completed, timer('D'), terminated, []],
    ['too late to cancel', completed, cancel, completed, []],
    ['an ACK that could not be sent', completed, failed, completed, []],
    ['RFC 6026 §7.2 2xx again or of another fork', accepted, got(ok2), accepted, [deliver(ok2)]],
    ['a late 1xx in Accepted', accepted, got(), accepted, []],
    ['a failure after a 2xx', accepted, got(busy), accepted, []],
    ['too late to cancel in Accepted', accepted, cancel, accepted, []],
    ['RFC 6026 §7.2 Timer M', accepted, timer('M'), terminated, []],
    ['nothing wakes the dead', terminated, got(ok), terminated, []],
  ];

  it.each(table)('%s', (_name, state, event, after, effects) => {
    expect(stepInviteClient(state, event)).toEqual({ state: after, effects });
  });

  it('sends after 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s and gives up after 32 (§17.1.1.2)', () => {
    const sent: number[] = [];
    let at = 0;
    let step = startInviteClient(false);
    for (let turns = 0; turns < 20 && step.state.state !== 'terminated'; turns++) {
      let next: { name: TimerName; ms: number } | undefined;
      for (const effect of step.effects) {
        if (effect.type === 'send') sent.push(at);
        if (effect.type === 'timer') next = effect;
      }
      at += next?.ms ?? 0;
      step = stepInviteClient(step.state, timer(next?.name ?? 'B'));
    }
    expect(sent).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(at).toBe(32_000);
    expect(step.effects).toEqual([{ type: 'timeout' }]);
  });

  it('sends once over TCP and still gives up after 32 s', () => {
    expect(startInviteClient(true).effects).toEqual([setTimer('B', 32_000), { type: 'send' }]);
  });
});
