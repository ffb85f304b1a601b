/**
 * Call after call through two of our phones and the exchange, on real sockets: memory, timers, sockets and ports are where
 * they were. `npm run soak` makes a thousand of them, after as many that fill what is remembered of past calls.
 */
import v8 from 'node:v8';
import { afterEach, expect, test } from 'vitest';
import { RTCDtlsTransport } from 'werift';
import { Call } from '../../app/renderer/softphone/call/call.ts';
import { MediaSession } from '../../proxy-core/media/session.ts';
import { printBeforeAfter } from '../support/before-after.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { NodePhone } from '../support/node-phone.ts';
import { SkippingClock } from '../support/skipping-clock.ts';
import { usedHeap } from '../support/used-heap.ts';

const CALLS = Number(process.env.TANDEM_SOAK_CALLS ?? 60);
/** The phone service remembers this many calls, to know their peers again. Until then memory may grow, from then on not. */
const REMEMBERED = 1_000;
const isLong = CALLS >= REMEMBERED;
const WARM_UP = isLong ? REMEMBERED + 100 : 20;
/** Bytes for each call. */
const MOST_PER_CALL = isLong ? 1_024 : 32_768;
/** As long as both sides may still have to answer what is sent again (64 T1), and then some. */
const PAST_MS = 120_000;
/** So long a transaction remembers what it answered (64 T1); registrations are refreshed less often. */
const TRANSACTION_MS = 33_000;
/** Nothing changes for so long: then it is at rest. */
const REST_MS = 500;

/** Ours and the library's, each of which belongs to one call. */
const OF_CALLS = [Call, MediaSession, RTCDtlsTransport] as const;
const queryObjects = (v8 as unknown as { queryObjects(of: unknown, how: { format: 'count' }): number }).queryObjects;
/** How many there are in this process, by name; prototypes among them. */
const living = (): Record<string, number> =>
  Object.fromEntries(OF_CALLS.map((one) => [one.name, queryObjects(one, { format: 'count' })]));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const resources = (): number => process.getActiveResourcesInfo().filter((kind) => /^(UDP|TCP|Pipe)/.test(kind)).length;

/** Looks as often as the program has nothing else to do. */
async function until(what: string, fits: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!fits()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

test(`${CALLS} calls leave nothing behind`, { timeout: 60_000 + (WARM_UP + CALLS) * 250 }, async () => {
  // A process of its own: its memory is no matter of the phone's, and a look at all objects here would stop it too.
  const exchange = await ExchangeProcess.start({ users: { 1001: 'pass-1', 1002: 'pass-2' } });
  open.push(exchange);
  const clock = new SkippingClock();
  const { server } = exchange;
  const anna = await NodePhone.register({ number: '1001', password: 'pass-1', server, clock });
  open.push(anna);
  const calls = { autoAnswer: 'always' } as const;
  const ben = await NodePhone.register({ number: '1002', password: 'pass-2', server, clock, calls });
  open.push(ben);

  const call = async (): Promise<void> => {
    const made = anna.softphone.call('1002');
    if (!made.ok) throw new Error(made.reason);
    const mine = () => anna.calls.find(({ id }) => id === made.callId)?.state;
    await until('the answer', () => mine() === 'active' && ben.calls.some(({ state }) => state === 'active'));
    anna.softphone.hangUp(made.callId);
    await until('the end', () => mine() === 'ended' && ben.calls.every(({ state }) => state === 'ended'));
    // Else a clock that skips would send the BYE again and again at once.
    await until('the answer to BYE', () => anna.heard.some((message) => /^CSeq: \d+ BYE/m.test(message)));
    anna.forgetPast();
    ben.forgetPast();
  };
  const registered = ({ accounts }: NodePhone) =>
    accounts.every(({ registration }) => registration.state === 'registered');
  const rest = async () => {
    let found = { timers: -1, sockets: -1 };
    let since = Date.now();
    await until('rest', () => {
      const now = { timers: clock.waiting, sockets: resources() };
      if (now.timers !== found.timers || now.sockets !== found.sockets) since = Date.now();
      found = now;
      return registered(anna) && registered(ben) && Date.now() - since > REST_MS;
    });
    return found;
  };
  const atRest = async () => {
    clock.skip(PAST_MS);
    await until('the calls to be forgotten', () => anna.calls.length + ben.calls.length === 0);
    // What came due on the way, registrations and subscriptions above all, is answered, and leaves nothing that waits …
    await rest();
    // … once its transactions are over: now one came due, now another.
    clock.skip(TRANSACTION_MS);
    return rest();
  };

  // Not counted: what is made once.
  for (let i = 0; i < WARM_UP; i++) await call();
  const before = await atRest();
  const [memory, objects] = [usedHeap(), living()];
  for (let i = 0; i < CALLS; i++) {
    await call();
    // Time passes faster than calls do.
    if (i % 50 === 49) clock.skip(35_000);
  }
  const after = await atRest();
  const [memoryAfter, objectsAfter] = [usedHeap(), living()];
  if (process.env.TANDEM_SOAK_CALLS !== undefined) {
    printBeforeAfter(`${CALLS} calls without a window`, [
      ...Object.entries(objects).map(([name, count]) => [`${name} in memory`, count, objectsAfter[name] ?? 0] as const),
      ['sockets', before.sockets, after.sockets],
      ['timers', before.timers, after.timers],
      ['heap', Math.round(memory / 1024), Math.round(memoryAfter / 1024), ' KB'],
    ]);
  }
  expect(after).toEqual(before);
  expect(objectsAfter).toEqual(objects);
  expect((memoryAfter - memory) / CALLS).toBeLessThan(MOST_PER_CALL);
  await call();
});
