import { beforeEach, describe, expect, test } from 'vitest';
import { noHandling } from '../../../../../../proxy-core/server/divert/call-handling.ts';
import { aorOf } from '../../../../../../proxy-core/server/stores.ts';
import {
  COLLEAGUES,
  type Colleagues,
  OFFICE_EVENT,
  readColleagues,
} from '../../../../../../proxy-core/sip/bodies/colleagues.ts';
import type { HeaderLine } from '../../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import type { FlowId, Source } from '../../../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, SELF, source, TestExchange } from '../../../../../support/exchange-parts.ts';
import { Watcher } from '../../../../../support/watching.ts';

const EVENT: HeaderLine = ['Event', OFFICE_EVENT];
const ACCEPT: HeaderLine = ['Accept', COLLEAGUES];
const TO: HeaderLine = ['To', `<sip:${DOMAIN}>`];
const stream: Source = { ...source, transport: 'TCP', flow: 'tcp:1' as FlowId, listener: `tcp:${SELF}:5060` };

let exchange: TestExchange;
beforeEach(() => {
  exchange = new TestExchange();
  exchange.users.add('1003', 'three').add('2001', 'far', 'other.example');
  exchange.lists.users = ['1001', '1002', '1003'].map((number) => aorOf(number, DOMAIN));
  exchange.bind('1002', 'sip:1002@192.0.2.62');
});

const watch = (number = '1001', password = 'one', from = source): Watcher =>
  new Watcher(exchange, number, password, [EVENT, ACCEPT, TO], '', from);

function documents(watcher: Watcher): Colleagues[] {
  return watcher.notifies.map(({ request }) => {
    expect(request.header(H.ContentType)).toBe(COLLEAGUES);
    const read = readColleagues(request.body);
    if (!read.ok) throw new Error(read.reason);
    return read.value;
  });
}

const words = ({ users }: Colleagues): string[] => users.map(({ number, state }) => `${number} ${state}`);
const last = (watcher: Watcher): Colleagues => documents(watcher).at(-1) as Colleagues;
/** Answers all that comes within so many ms. */
function hear(watcher: Watcher, ms: number): void {
  for (let gone = 0; gone < ms; gone += 50) {
    watcher.answer();
    exchange.clock.advance(50);
  }
  watcher.answer();
}

/** A call that rings at `to` and is taken there. */
function callTo(to: string, from: string, password: string): { ring(): void; answer(): void; end(): void } {
  const invite = exchange.receiveFrom(from, password, 'INVITE', `sip:${to}@${DOMAIN}`, [
    ['Contact', `<sip:${from}@192.0.2.61>`],
    ['Call-ID', 'the-call'],
  ]);
  const leg = exchange.sent.find(({ request }) => request.method === 'INVITE');
  if (leg === undefined) throw new Error(`no INVITE but ${invite.statuses}`);
  const contact: HeaderLine = ['Contact', `<sip:${to}@192.0.2.62>`];
  return {
    ring: () => void leg.answer(180, { toTag: 'b', headers: [contact] }),
    answer: () => void leg.answer(200, { toTag: 'b', headers: [contact] }),
    end: () => void leg.answer(486, { toTag: 'b' }),
  };
}

describe('the office that its phones watch', () => {
  test('is told whole, with who has no phone that is on', () => {
    const watcher = watch();
    expect(watcher.first.statuses).toEqual([200]);
    expect(documents(watcher)).toEqual([
      {
        ...{ version: 0, domain: DOMAIN, isFull: true, hasMore: false, gone: [] },
        users: [
          { number: '1001', name: '', state: 'offline' },
          { number: '1002', name: '', state: 'available' },
          { number: '1003', name: '', state: 'offline' },
        ],
      },
    ]);
  });

  test('follows a call from ringing to its end, and do not disturb', () => {
    const watcher = watch('1003', 'three');
    hear(watcher, 2_000);
    exchange.bind('1001', 'sip:1001@192.0.2.61');
    hear(watcher, 2_000);
    expect(words(last(watcher))).toEqual(['1001 available']);
    const call = callTo('1002', '1001', 'one');
    call.ring();
    hear(watcher, 2_000);
    const two = documents(watcher).slice(-2).flatMap(words);
    expect(two).toEqual(['1001 in-call', '1002 ringing']);
    call.answer();
    hear(watcher, 2_000);
    expect(words(last(watcher))).toEqual(['1002 in-call']);
    exchange.callHandling.set({ number: '1003', domain: DOMAIN }, { ...noHandling, doNotDisturb: true });
    exchange.bind('1003', 'sip:1003@192.0.2.63');
    hear(watcher, 2_000);
    expect(words(last(watcher))).toEqual(['1003 do-not-disturb']);
  });

  test('tells what changes within half a second together, and then waits a second', () => {
    const watcher = watch();
    hear(watcher, 2_000);
    const before = watcher.notifies.length;
    for (let i = 0; i < 20; i++) {
      exchange.bind('1002', ...(i % 2 === 0 ? [] : ['sip:1002@192.0.2.62']));
      exchange.bind('1003', `sip:1003@192.0.2.6${i % 2}`);
      exchange.clock.advance(20);
    }
    hear(watcher, 3_000);
    expect(watcher.notifies.length - before).toBe(2);
    expect(words(last(watcher))).toEqual(['1003 available', '1002 available']);
  });

  test('hears of users who are added, named and removed', () => {
    const watcher = watch();
    hear(watcher, 2_000);
    exchange.users.add('1004', 'four');
    exchange.parts.events.userChanged(aorOf('1004', DOMAIN));
    hear(watcher, 2_000);
    expect(words(last(watcher))).toEqual(['1004 offline']);
    exchange.users.remove('1004');
    exchange.parts.events.userChanged(aorOf('1004', DOMAIN));
    hear(watcher, 2_000);
    expect(last(watcher)).toMatchObject({ users: [], gone: ['1004'], isFull: false });
  });

  test('tells all again to who asks again, and ends with the subscription', () => {
    const watcher = watch();
    hear(watcher, 2_000);
    watcher.again();
    expect(last(watcher)).toMatchObject({ isFull: true, version: 1 });
    hear(watcher, 100);
    watcher.again([['Expires', '0']]);
    expect(watcher.states.at(-1)).toBe('terminated;reason=timeout');
    watcher.answer();
    expect(exchange.parts.events.size).toBe(0);
    exchange.bind('1003', 'sip:1003@192.0.2.63');
    expect(watcher.notifies).toHaveLength(3);
  });
});

describe('who may know', () => {
  test('nobody but users of the domain watches it, and only the office itself', () => {
    exchange.users.add('1009', 'nine', 'other.example');
    const asked = (to: string) =>
      new Watcher(exchange, '1001', 'one', [EVENT, ACCEPT, ['To', `<sip:${to}>`]]).first.statuses;
    expect(asked(`1002@${DOMAIN}`)).toEqual([404]);
    expect(
      new Watcher(exchange, '1001', 'one', [EVENT, ['Accept', 'application/pidf+xml'], TO]).first.statuses,
    ).toEqual([406]);
  });

  test('how one is whom nobody may watch is kept from others, and not that he changes', () => {
    exchange.rules.rules.set(`1002@${DOMAIN}`, { watchers: 'nobody', listed: [], details: false });
    const [other, himself] = [watch('1003', 'three'), watch('1002', 'two')];
    expect(words(last(other))).toContain('1002 unknown');
    expect(words(last(himself))).toContain('1002 available');
    hear(other, 2_000);
    hear(himself, 2_000);
    exchange.bind('1002');
    hear(other, 2_000);
    hear(himself, 2_000);
    expect(other.notifies).toHaveLength(1);
    expect(words(last(himself))).toEqual(['1002 offline']);
  });

  test('a rule that changes is told to those who watch, and a list of watchers holds', () => {
    const [anna, carl] = [watch('1001', 'one'), watch('1003', 'three')];
    hear(anna, 2_000);
    hear(carl, 2_000);
    exchange.rules.rules.set(`1002@${DOMAIN}`, { watchers: 'listed', listed: [`1003@${DOMAIN}`], details: false });
    exchange.parts.events.subscriptions.rulesChanged();
    hear(anna, 2_000);
    hear(carl, 2_000);
    expect([words(last(anna)), words(last(carl))]).toEqual([['1002 unknown'], ['1002 available']]);
    expect(last(anna).isFull).toBe(false);
    exchange.rules.rules.clear();
    exchange.parts.events.subscriptions.rulesChanged();
    hear(anna, 2_000);
    expect(words(last(anna))).toEqual(['1002 available']);
  });
});

describe('an office of four thousand', () => {
  const numbers = Array.from({ length: 4_000 }, (_, i) => `${5000 + i}`);
  beforeEach(() => {
    for (const number of numbers) exchange.users.add(number, 'x');
    exchange.lists.users = numbers.map((number) => aorOf(number, DOMAIN));
    for (const number of numbers) exchange.bind(number, `sip:${number}@192.0.2.70`);
  });

  test.each([
    ['by datagrams, none of which is cut up on its way', source, 1_500],
    ['by a connection, in some pieces', stream, 30_000],
  ])('is told %s', (_what, from, most) => {
    const watcher = watch('1001', 'one', from);
    for (let turn = 0; turn < 1_000 && last(watcher).hasMore; turn++) {
      watcher.answer();
      exchange.clock.advance(20);
    }
    const all = documents(watcher);
    expect([all[0]?.isFull, all.filter(({ isFull }) => isFull).length, all.at(-1)?.hasMore]).toEqual([true, 1, false]);
    expect(new Set(all.flatMap(words)).size).toBe(4_000);
    for (const { request } of watcher.notifies) expect(request.wire.length).toBeLessThan(most);
    expect(all.map(({ version }) => version)).toEqual(all.map((_, at) => at));
    hear(watcher, 2_000);
    exchange.bind('6000');
    hear(watcher, 2_000);
    expect(words(last(watcher))).toEqual(['6000 offline']);
  });

  test('with as many phones that watch sends no more than some hundred notifications a second', () => {
    for (const number of numbers) {
      new Watcher(exchange, number, 'x', [EVENT, ACCEPT, TO], '', stream);
    }
    expect(exchange.parts.events.size).toBe(4_000);
    const whole = new Set<string>();
    let sent = 0;
    let most = 0;
    /** Lets seconds pass in which somebody comes or goes every 50 ms, where it is a busy time. */
    const pass = (seconds: number, busy: boolean): void => {
      [sent, most] = [0, 0];
      for (let second = 0; second < seconds; second++) {
        let now = 0;
        for (let tick = 0; tick < 20; tick++) {
          if (busy) exchange.bind(numbers[second * 20 + tick] ?? '');
          exchange.clock.advance(50);
          const due = exchange.sent.splice(0);
          now += due.length;
          for (const one of due) {
            if (one.request.body.includes('"more":false')) whole.add(one.request.callId);
            one.answer(200);
          }
        }
        sent += now;
        most = Math.max(most, now);
      }
    };
    for (const one of exchange.sent.splice(0)) one.answer(200);
    pass(15, false);
    expect(whole.size).toBe(4_000);
    pass(40, true);
    expect(sent).toBeGreaterThan(4_000 * 2);
    expect(most).toBeLessThan(300);
    whole.clear();
    exchange.bind('8999');
    pass(20, false);
    expect(whole.size).toBe(4_000);
    pass(5, false);
    expect(sent).toBe(0);
  });
});
