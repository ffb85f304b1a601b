/**
 * Every order in which CANCEL, answers and timers can pass each other at the exchange, seen from the caller and from the
 * devices of the one called: RFC 3261 §16.7, §16.8, §16.10; RFC 6026; RFC 3326. Times in ms from the call.
 */
import { describe, expect, test } from 'vitest';
import { FakeOffice } from '../../support/fake-office.ts';
import type { TestPhone } from '../../support/sip-phone.ts';

const ANNA = '192.0.2.11:5060';
const DEVICES = ['192.0.2.12:5060', '192.0.2.13:5060', '192.0.2.14:5060'];

type Act =
  | readonly [at: number, device: number, status: number]
  | readonly [at: number, what: 'cancel']
  | readonly [at: number, what: 'gone', device: number];

interface Race {
  readonly what: string;
  readonly devices: number;
  readonly acts: readonly Act[];
  /** ms that messages between exchange and devices take, by what they are; 5 otherwise. */
  readonly slow?: Readonly<Record<string, number>>;
  readonly lost?: readonly string[];
  /** All that the caller hears, the 100 and its like left out. */
  readonly heard: readonly number[];
  /** For each device how many CANCELs it got, repetitions absorbed. */
  readonly cancels: readonly number[];
}

const TIMER_C = 181_000;

const races: readonly Race[] = [
  // One device.
  {
    what: 'CANCEL while it rings',
    devices: 1,
    acts: [
      [50, 0, 180],
      [100, 'cancel'],
    ],
    heard: [180, 487],
    cancels: [1],
  },
  {
    what: 'CANCEL before the device said anything: sent after the 100 of its transaction',
    devices: 1,
    acts: [
      [100, 'cancel'],
      [300, 0, 180],
    ],
    heard: [487],
    cancels: [1],
  },
  {
    what: 'CANCEL crosses the 200 between exchange and device',
    devices: 1,
    acts: [
      [50, 0, 180],
      [100, 0, 200],
      [100, 'cancel'],
    ],
    slow: { '200 INVITE': 30 },
    heard: [180, 200],
    cancels: [1],
  },
  {
    what: 'CANCEL crosses the 200 between caller and exchange: it comes too late for anyone',
    devices: 1,
    acts: [
      [50, 0, 180],
      [100, 0, 200],
      [107, 'cancel'],
    ],
    heard: [180, 200],
    cancels: [0],
  },
  {
    what: 'CANCEL crosses a 486',
    devices: 1,
    acts: [
      [50, 0, 180],
      [100, 0, 486],
      [100, 'cancel'],
    ],
    slow: { '486 INVITE': 30 },
    heard: [180, 486],
    cancels: [1],
  },
  {
    what: 'CANCEL to a device that went away while it rang: caller and exchange give up together',
    devices: 1,
    acts: [
      [50, 0, 180],
      [90, 'gone', 0],
      [100, 'cancel'],
    ],
    heard: [180],
    cancels: [0],
  },
  {
    what: 'CANCEL whose 487 gets lost',
    devices: 1,
    acts: [
      [50, 0, 180],
      [100, 'cancel'],
    ],
    lost: ['487 INVITE'],
    heard: [180, 487],
    cancels: [1],
  },
  {
    what: 'CANCEL after the refusal: nothing',
    devices: 1,
    acts: [
      [50, 0, 603],
      [200, 'cancel'],
    ],
    heard: [603],
    cancels: [0],
  },
  {
    what: 'CANCEL when Timer C has just called back',
    devices: 1,
    acts: [
      [50, 0, 180],
      [TIMER_C + 52, 'cancel'],
    ],
    heard: [180, 487],
    cancels: [1],
  },
  // Timers.
  {
    what: 'Timer C calls a device back that rings for three minutes',
    devices: 1,
    acts: [[50, 0, 180]],
    heard: [180, 487],
    cancels: [1],
  },
  {
    what: 'every 18x winds Timer C up again',
    devices: 1,
    acts: [
      [50, 0, 180],
      [170_000, 0, 180],
      [300_000, 0, 200],
    ],
    heard: [180, 180, 200],
    cancels: [0],
  },
  {
    what: 'a 200 in the moment in which Timer C calls back: the call is up',
    devices: 1,
    acts: [
      [50, 0, 180],
      [TIMER_C + 50, 0, 200],
    ],
    slow: { CANCEL: 40 },
    heard: [180, 200],
    cancels: [1],
  },
  {
    what: 'nobody answers at all: Timer B makes it a 408',
    devices: 1,
    acts: [[1, 'gone', 0]],
    heard: [408],
    cancels: [0],
  },
  {
    what: 'a 200 after Timer B: nobody is left to be told',
    devices: 1,
    acts: [[40_000, 0, 200]],
    lost: ['100 INVITE'],
    heard: [408],
    cancels: [0],
  },
  // Several devices.
  {
    what: 'CANCEL while three ring',
    devices: 3,
    acts: [
      [50, 0, 180],
      [60, 1, 180],
      [70, 2, 183],
      [100, 'cancel'],
    ],
    heard: [180, 180, 183, 487],
    cancels: [1, 1, 1],
  },
  {
    what: 'CANCEL while one rings, one refused and one is silent',
    devices: 3,
    acts: [
      [50, 0, 180],
      [60, 1, 486],
      [100, 'cancel'],
    ],
    heard: [180, 487],
    cancels: [1, 0, 1],
  },
  {
    what: 'CANCEL crosses the 200 of one of two',
    devices: 2,
    acts: [
      [50, 0, 180],
      [60, 1, 180],
      [100, 1, 200],
      [100, 'cancel'],
    ],
    slow: { '200 INVITE': 30 },
    heard: [180, 180, 200],
    cancels: [1, 1],
  },
  {
    what: 'two answer in the same moment: both come to the caller',
    devices: 2,
    acts: [
      [50, 0, 200],
      [50, 1, 200],
    ],
    heard: [200, 200],
    cancels: [0, 0],
  },
  {
    what: 'the second answers while the CANCEL is on its way to it',
    devices: 2,
    acts: [
      [50, 1, 180],
      [100, 0, 200],
      [112, 1, 200],
    ],
    slow: { CANCEL: 40 },
    heard: [180, 200, 200],
    cancels: [0, 1],
  },
  {
    what: 'one answers, the other refuses while the CANCEL is on its way',
    devices: 2,
    acts: [
      [50, 1, 180],
      [100, 0, 200],
      [112, 1, 486],
    ],
    slow: { CANCEL: 40 },
    heard: [180, 200],
    cancels: [0, 1],
  },
  {
    what: 'a 6xx stops the others',
    devices: 3,
    acts: [
      [50, 0, 180],
      [60, 1, 180],
      [100, 2, 603],
    ],
    heard: [180, 180, 603],
    cancels: [1, 1, 0],
  },
  {
    what: 'a 6xx and a 200 in the same moment: somebody has answered',
    devices: 2,
    acts: [
      [50, 0, 180],
      [100, 1, 603],
      [100, 0, 200],
    ],
    heard: [180, 200],
    cancels: [1, 0],
  },
  {
    what: 'a 200 after the 6xx, while the CANCEL is on its way',
    devices: 2,
    acts: [
      [50, 0, 180],
      [100, 1, 603],
      [112, 0, 200],
    ],
    slow: { CANCEL: 40 },
    heard: [180, 200],
    cancels: [1, 0],
  },
  {
    what: 'all refuse: the best of it goes back',
    devices: 3,
    acts: [
      [50, 0, 480],
      [60, 1, 486],
      [70, 2, 480],
    ],
    heard: [486],
    cancels: [0, 0, 0],
  },
  {
    what: 'one is gone and one refuses: the refusal goes back when the other is given up',
    devices: 2,
    acts: [
      [1, 'gone', 0],
      [50, 1, 486],
    ],
    heard: [486],
    cancels: [0, 0],
  },
  {
    what: 'one is gone and one answers',
    devices: 2,
    acts: [
      [1, 'gone', 0],
      [50, 1, 200],
    ],
    heard: [200],
    cancels: [0, 0],
  },
];

describe('at the exchange', () => {
  test.each(races)('$what', async ({ devices, acts, slow = {}, lost = [], heard, cancels }) => {
    const office = new FakeOffice();
    const anna = await office.registered('1001', ANNA);
    const phones: TestPhone[] = [];
    for (const address of DEVICES.slice(0, devices)) phones.push(await office.registered('1002', address));
    const call = anna.call('1002');
    office.clock.advance(40);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    // From here on the call has gone out to all devices.
    const gone = new Set<string>();
    const isNear = (host: string): boolean => DEVICES.includes(host);
    const lostOnce = new Set(lost);
    office.network.fate = ({ from, to, what }) => {
      if (!isNear(from) && !isNear(to)) return [5];
      if (gone.has(from) || gone.has(to)) return [];
      return lostOnce.has(what) ? [] : [slow[what] ?? 5];
    };
    if (lost.includes('487 INVITE')) office.clock.after(2_000, () => lostOnce.clear());
    for (const act of acts) {
      office.clock.after(act[0], () => {
        if (act[1] === 'cancel') call.cancel();
        else if (act[1] === 'gone') gone.add(DEVICES[act[2]] ?? '');
        else phones[act[1]]?.incoming[0]?.respond(act[2]);
      });
    }
    await office.pass(500_000);
    expect(call.statuses.filter((status) => status !== 100)).toEqual(heard);
    expect(phones.map((phone) => phone.heard('CANCEL'))).toEqual(cancels);
    expect(office.transactions?.size).toEqual({ client: 0, server: 0, open: 0 });
    expect(office.faults).toEqual([]);
  });
});
