import { describe, expect, it } from 'vitest';
import {
  type ClientEvent,
  type ClientState,
  startClient,
  stepClient,
} from '../../../../../proxy-core/sip/transaction/client.ts';
import type { TimerName } from '../../../../../proxy-core/sip/transaction/timers.ts';
import { response } from './messages.ts';

const trying100 = response(100, 'OPTIONS');
const ok = response(200, 'OPTIONS');
const timer = (name: TimerName): ClientEvent => ({ type: 'timer', name });
const got = (message = ok): ClientEvent => ({ type: 'response', response: message });
const failed: ClientEvent = { type: 'failed', failure: { reason: 'no route' } };
const setTimer = (name: TimerName, ms: number) => ({ type: 'timer', name, ms });
const deliver = (message = ok) => ({ type: 'deliver', response: message });

const trying: ClientState = startClient(false).state;
const tryingTcp: ClientState = startClient(true).state;
const proceeding = { ...trying, state: 'proceeding' } as ClientState;
const completed: ClientState = { state: 'completed' };
const terminated: ClientState = { state: 'terminated' };

describe('the client transaction of other methods', () => {
  const table: [string, ClientState, ClientEvent, object, object[]][] = [
    [
      '§17.1.2.2 Timer E: sent again, the wait doubled',
      trying,
      timer('E'),
      { ...trying, resending: { interval: 1000, spent: 500 } },
      [setTimer('E', 1000), { type: 'send' }],
    ],
    ['§17.1.2.2 Timer F: timeout', trying, timer('F'), terminated, [{ type: 'timeout' }]],
    ['§17.1.4 transport error', trying, failed, terminated, [{ type: 'fail', failure: { reason: 'no route' } }]],
    ['§17.1.2.2 1xx', trying, got(trying100), proceeding, [deliver(trying100)]],
    ['§17.1.2.2 final: Timer K', trying, got(), completed, [setTimer('K', 5000), deliver()]],
    ['§17.1.2.2 final over TCP: Timer K is 0', tryingTcp, got(), terminated, [{ type: 'stopTimer' }, deliver()]],
    [
      '§17.1.2.2 Timer E in Proceeding: T2',
      proceeding,
      timer('E'),
      { ...proceeding, resending: { interval: 4000, spent: 500 } },
      [setTimer('E', 4000), { type: 'send' }],
    ],
    ['§17.1.2.2 Timer F in Proceeding', proceeding, timer('F'), terminated, [{ type: 'timeout' }]],
    ['§17.1.2.2 final in Proceeding', proceeding, got(), completed, [setTimer('K', 5000), deliver()]],
    [
      '§17.1.4 transport error in Proceeding',
      proceeding,
      failed,
      terminated,
      [{ type: 'fail', failure: { reason: 'no route' } }],
    ],
    ['§17.1.2.2 the response again is absorbed', completed, got(), completed, []],
    ['§17.1.2.2 Timer K', completed, timer('K'), terminated, []],
    ['a failure of a late copy', completed, failed, completed, []],
    ['nothing wakes the dead', terminated, got(), terminated, []],
  ];

  it.each(table)('%s', (_name, state, event, after, effects) => {
    expect(stepClient(state, event)).toEqual({ state: after, effects });
  });

  it('sends 11 times in 32 s: after 0.5, 1.5, 3.5, then every 4 s (§17.1.2.2)', () => {
    const sent: number[] = [];
    let at = 0;
    let step = startClient(false);
    for (let turns = 0; turns < 30 && step.state.state !== 'terminated'; turns++) {
      let next: { name: TimerName; ms: number } | undefined;
      for (const effect of step.effects) {
        if (effect.type === 'send') sent.push(at);
        if (effect.type === 'timer') next = effect;
      }
      at += next?.ms ?? 0;
      step = stepClient(step.state, timer(next?.name ?? 'F'));
    }
    expect(sent).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(at).toBe(32_000);
  });
});
