/**
 * Every order in which the CANCEL of an INVITE, its answers and the timers can pass each other between two transaction
 * layers (RFC 3261 §9, §17; RFC 6026). Times are in ms from the INVITE; each message takes 5 ms unless a row says
 * otherwise, and `lost` ones never arrive, however often they are sent.
 */
import { expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { RoughNetwork } from '../../support/rough-network.ts';
import { agent, notes, reply, send } from '../proxy-core/sip/transaction/messages.ts';

interface Race {
  readonly what: string;
  /** When bob answers, with what. */
  readonly answers: readonly (readonly [at: number, status: number])[];
  readonly cancelAt?: number;
  /** Whether bob ends a cancelled INVITE by 487, as he should. */
  readonly obeys?: boolean;
  readonly slow?: Readonly<Record<string, number>>;
  readonly lost?: readonly string[];
  /** What alice is told, in order. */
  readonly told: readonly (number | string)[];
  /** Whether a CANCEL that matched an open INVITE reached bob. */
  readonly cancelled: boolean;
}

const races: readonly Race[] = [
  // The CANCEL and the provisional response.
  {
    what: 'before anything was heard: it waits for the 100 of the layer',
    answers: [],
    cancelAt: 1,
    obeys: true,
    told: [100, 487],
    cancelled: true,
  },
  {
    what: 'before a 180 that is on its way: it follows it',
    answers: [[50, 180]],
    cancelAt: 40,
    obeys: true,
    told: [180, 487],
    cancelled: true,
  },
  { what: 'after a 180', answers: [[50, 180]], cancelAt: 100, obeys: true, told: [180, 487], cancelled: true },
  {
    what: 'and the 180 is slower than the INVITE that comes again: one CANCEL, after the first of them',
    answers: [[10, 180]],
    cancelAt: 100,
    obeys: true,
    slow: { '180 INVITE': 600 },
    told: [180, 487],
    cancelled: true,
  },
  {
    what: 'and no response ever comes: nothing is cancelled, Timer B ends it',
    answers: [],
    cancelAt: 100,
    lost: ['100 INVITE'],
    told: ['timeout'],
    cancelled: false,
  },
  // The CANCEL and the 2xx.
  {
    what: 'after the 200 was sent, before it came',
    answers: [
      [10, 180],
      [100, 200],
    ],
    cancelAt: 102,
    obeys: true,
    slow: { '200 INVITE': 50 },
    told: [180, 200],
    cancelled: false,
  },
  {
    what: 'after the 200 came: nothing is sent',
    answers: [
      [10, 180],
      [100, 200],
    ],
    cancelAt: 200,
    obeys: true,
    told: [180, 200],
    cancelled: false,
  },
  {
    what: 'before the 200, but slower',
    answers: [
      [10, 180],
      [100, 200],
    ],
    cancelAt: 99,
    obeys: true,
    slow: { CANCEL: 50 },
    told: [180, 200],
    cancelled: false,
  },
  {
    what: 'before the first response, which is a 200: nothing is sent',
    answers: [[100, 200]],
    cancelAt: 50,
    obeys: true,
    told: [200],
    cancelled: false,
  },
  {
    what: 'came and was ignored: the 200 counts',
    answers: [
      [10, 180],
      [200, 200],
    ],
    cancelAt: 50,
    obeys: false,
    told: [180, 200],
    cancelled: true,
  },
  {
    what: 'is lost for good, and the 200 comes',
    answers: [
      [10, 180],
      [3_000, 200],
    ],
    cancelAt: 50,
    obeys: true,
    lost: ['CANCEL'],
    told: [180, 200],
    cancelled: false,
  },
  // The CANCEL and a refusal.
  {
    what: 'crosses a 486',
    answers: [
      [10, 180],
      [100, 486],
    ],
    cancelAt: 98,
    obeys: true,
    slow: { CANCEL: 10 },
    told: [180, 486],
    cancelled: false,
  },
  {
    what: 'after a 486: nothing is sent',
    answers: [
      [10, 180],
      [100, 486],
    ],
    cancelAt: 200,
    obeys: true,
    told: [180, 486],
    cancelled: false,
  },
  {
    what: 'crosses a 302',
    answers: [
      [10, 180],
      [100, 302],
    ],
    cancelAt: 98,
    obeys: true,
    slow: { CANCEL: 10 },
    told: [180, 302],
    cancelled: false,
  },
  {
    what: 'comes again after its answer was lost: it is absorbed',
    answers: [[10, 180]],
    cancelAt: 50,
    obeys: true,
    lost: ['200 CANCEL'],
    told: [180, 487],
    cancelled: true,
  },
  {
    what: 'ends in 487 whose ACK gets lost: the 487 is told once',
    answers: [[10, 180]],
    cancelAt: 50,
    obeys: true,
    lost: ['ACK'],
    told: [180, 487],
    cancelled: true,
  },
  // The CANCEL and the timers.
  {
    what: 'is obeyed by nobody: given up after 64 × T1',
    answers: [[10, 180]],
    cancelAt: 50,
    obeys: false,
    told: [180, 'timeout'],
    cancelled: true,
  },
  {
    what: 'is lost, and nobody answers: given up after 64 × T1',
    answers: [[10, 180]],
    cancelAt: 50,
    lost: ['CANCEL'],
    told: [180, 'timeout'],
    cancelled: false,
  },
  {
    what: '487 is lost for good: given up after 64 × T1',
    answers: [[10, 180]],
    cancelAt: 50,
    obeys: true,
    lost: ['487 INVITE'],
    told: [180, 'timeout'],
    cancelled: true,
  },
  {
    what: 'at the moment when Timer B would fire',
    answers: [],
    cancelAt: 31_999,
    lost: ['INVITE'],
    told: ['timeout'],
    cancelled: false,
  },
  {
    what: 'and the 200 comes when all was given up: it is left to the user',
    answers: [
      [10, 180],
      [40_000, 200],
    ],
    cancelAt: 50,
    obeys: false,
    told: [180, 'timeout', 'stray 200'],
    cancelled: true,
  },
  // No CANCEL at all.
  {
    what: 'none: a 200 of two forks both come',
    answers: [
      [10, 180],
      [100, 200],
      [101, 200],
    ],
    told: [180, 200, 200],
    cancelled: false,
  },
  {
    what: 'none: a 180 overtaken by the 200 is not told any more',
    answers: [
      [10, 180],
      [11, 200],
    ],
    slow: { '180 INVITE': 100 },
    told: [200],
    cancelled: false,
  },
  {
    what: 'none: a 180 overtaken by a 486 is not told any more',
    answers: [
      [10, 180],
      [11, 486],
    ],
    slow: { '180 INVITE': 100 },
    told: [486],
    cancelled: false,
  },
  {
    what: 'none: a 486 that comes again is acknowledged again and told once',
    answers: [[10, 486]],
    lost: ['ACK'],
    told: [486],
    cancelled: false,
  },
  { what: 'none: the INVITE is lost for good', answers: [], lost: ['INVITE'], told: ['timeout'], cancelled: false },
];

test.each(races)('CANCEL $what', ({ answers, cancelAt, obeys = true, slow = {}, lost = [], told, cancelled }) => {
  const clock = new FakeClock();
  const network = new RoughNetwork(clock);
  const alice = agent(network, clock, '10.0.0.1');
  const bob = agent(network, clock, '10.0.0.2');
  network.fate = ({ what }) => (lost.includes(what) ? [] : [slow[what] ?? 5]);
  let stopped = false;
  bob.answer = (transaction) => {
    if (transaction.request.method !== 'CANCEL') return;
    reply(transaction, 200);
    const [matched] = bob.cancels;
    if (matched?.isOpen !== true) return;
    stopped = true;
    if (obeys) reply(matched, 487);
  };
  const heard: (number | string)[] = [];
  const told1 = notes((response) => void heard.push(response.status));
  const invite = send(alice, bob, 'INVITE', {
    ...told1,
    timeout: () => void heard.push('timeout'),
  });
  for (const [i, [at, status]] of answers.entries()) {
    clock.after(at, () => {
      const [transaction] = bob.requests;
      if (transaction !== undefined) reply(transaction, status, `fork-${i}`);
    });
  }
  if (cancelAt !== undefined) clock.after(cancelAt, () => invite.cancel());
  for (let minutes = 0; minutes < 5; minutes++) clock.advance(60_000);
  expect([...heard, ...alice.strays.map(({ status }) => `stray ${status}`)]).toEqual(told);
  expect(stopped).toBe(cancelled);
  // Bob's side of an INVITE that he never answers is his user's to end.
  expect(alice.transactions.size).toEqual({ client: 0, server: 0, open: 0 });
});
