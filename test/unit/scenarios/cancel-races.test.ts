/**
 * Hanging up and picking up at the same moment, in every order that the wire can give (RFC 3261 §9, §16.7, §16.10;
 * RFC 6026). A datagram takes 5 ms: what the caller sends at 0 is at the exchange at 5 and at the phone at 10.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { EXCHANGE, FakeOffice } from '../../support/fake-office.ts';
import type { Fate, Packet } from '../../support/rough-network.ts';
import type { IncomingCall, OutgoingRequest, TestPhone } from '../../support/sip-phone.ts';

const A = '192.0.2.11:5060';
const B = '192.0.2.12:5060';
const B2 = '192.0.2.13:5060';

let office: FakeOffice;
let anna: TestPhone;
let ben: TestPhone;

beforeEach(async () => {
  office = new FakeOffice();
  anna = await office.registered('1001', A);
  ben = await office.registered('1002', B);
});

/** Loses the first packet that matches, on each of its ways. */
function losing(what: string, from?: string): Fate {
  const lost = new Set<string>();
  return (packet: Packet) => {
    const way = `${packet.from} ${packet.to}`;
    if (packet.what !== what || (from !== undefined && packet.from !== from) || lost.has(way)) return [5];
    lost.add(way);
    return [];
  };
}

const at = (ms: number, act: () => void): void => void office.clock.after(ms, act);
const incoming = (phone: TestPhone): IncomingCall => {
  const [call] = phone.incoming;
  if (call === undefined) throw new Error('it does not ring');
  return call;
};

/** Picks up unless the call is over, and sends the 2xx again until it is acknowledged, as §13.3.1.4 says. */
function pickUp(phone: TestPhone): void {
  const call = incoming(phone);
  if (!call.transaction.isOpen) return;
  call.respond(200);
  for (let again = 1; again < 10; again++) at(again * 500, () => phone.acks.length === 0 && call.respond(200));
}

async function allEnds(): Promise<void> {
  await office.pass(70_000);
  expect(office.transactions?.size).toEqual({ client: 0, server: 0, open: 0 });
  // A dialog that nobody hung up keeps its call in view for longer.
  office.calls?.close();
  expect(office.clock.waiting).toBe(0);
  expect(office.faults).toEqual([]);
}

/** Both sides must be of one mind: whoever picked up is acknowledged and can be hung up, or knows that it is over. */
async function agree(call: OutgoingRequest, phones: readonly TestPhone[], pickedUp: number): Promise<void> {
  const answers = call.responses.filter(({ status }) => status === 200);
  if (pickedUp === 0) {
    expect(call.last.status).toBe(487);
    expect(answers).toEqual([]);
  } else {
    expect(new Set(answers.map(({ to }) => to.tag)).size).toBe(pickedUp);
    expect(call.statuses.filter((status) => status >= 300)).toEqual([]);
    call.ack();
    call.bye();
    await office.pass(100);
    expect(phones.reduce((sum, phone) => sum + phone.heard('BYE'), 0)).toBe(1);
  }
  await allEnds();
}

/** When the callee picks up, and whether that is before the CANCEL is there. */
const orders: [what: string, ms: number, wins: 'pick-up' | 'hang-up'][] = [
  ['the answer is with the caller before he hangs up', -15, 'pick-up'],
  ['the answer has passed the exchange when he hangs up', -7, 'pick-up'],
  ['the answer is at the exchange before the CANCEL', -2, 'pick-up'],
  ['the answer meets the CANCEL behind the exchange', 2, 'pick-up'],
  ['the answer leaves just before the CANCEL is there', 8, 'pick-up'],
  ['the CANCEL is there first', 12, 'hang-up'],
];

const weathers: [what: string, fate: () => Fate][] = [
  ['nothing is lost', () => () => [5]],
  ['everything comes twice', () => () => [5, 6]],
  ['the CANCEL is lost once on each way', () => losing('CANCEL')],
  ['the answer is lost once on each way', () => losing('200 INVITE')],
  ['the 487 is lost once on each way', () => losing('487 INVITE')],
  ['the answer to the CANCEL is lost once on each way', () => losing('200 CANCEL')],
];

describe.each(weathers)('%s', (_weather, fate) => {
  test.each(orders)('%s', async (what, ms, wins) => {
    const call = anna.call('1002');
    await office.pass(50);
    incoming(ben).respond(180);
    await office.pass(50);
    office.network.fate = fate();
    at(Math.max(0, -ms), () => call.cancel());
    at(Math.max(0, ms), () => pickUp(ben));
    await office.pass(10_000);
    // A CANCEL that is lost comes half a second later: by then everybody has picked up who was about to.
    const isLate = _weather.startsWith('the CANCEL') && what.startsWith('the CANCEL');
    await agree(call, [ben], wins === 'pick-up' || isLate ? 1 : 0);
  });
});

describe('before anything was heard of the callee', () => {
  test('the CANCEL waits for the first sign of life, and an answer that comes before it wins', async () => {
    const call = anna.call('1002');
    await office.pass(50);
    call.cancel();
    await office.pass(50);
    expect(ben.heard('CANCEL')).toBe(0);
    pickUp(ben);
    await office.pass(1_000);
    await agree(call, [ben], 1);
  });

  test('the sign of life brings the CANCEL', async () => {
    const call = anna.call('1002');
    await office.pass(50);
    call.cancel();
    await office.pass(50);
    incoming(ben).respond(180);
    await office.pass(1_000);
    expect(ben.heard('CANCEL')).toBe(1);
    await agree(call, [ben], 0);
  });

  test('a phone that is gone is given up', async () => {
    office.network.detach(B);
    const call = anna.call('1002');
    await office.pass(50);
    call.cancel();
    await office.pass(40_000);
    expect(call.statuses).toEqual([100, 487]);
    await allEnds();
  });
});

describe('two devices', () => {
  let desk: TestPhone;
  beforeEach(async () => {
    desk = await office.registered('1002', B2);
  });

  async function ringing(): Promise<OutgoingRequest> {
    const call = anna.call('1002');
    await office.pass(50);
    incoming(ben).respond(180);
    incoming(desk).respond(180);
    await office.pass(50);
    return call;
  }

  /** How much later the second one picks up; how many calls come of it. Its CANCEL is there 10 ms after the first. */
  const seconds: [later: number, calls: number][] = [
    [0, 2],
    [4, 2],
    [6, 2],
    [9, 2],
    [11, 1],
    [100, 1],
  ];
  test.each(seconds)('the second picks up %i ms after the first: %i calls', async (later, calls) => {
    const call = await ringing();
    pickUp(ben);
    at(later, () => pickUp(desk));
    await office.pass(400);
    await agree(call, [ben, desk], calls);
  });

  test.each([
    [-12, 2],
    [2, 2],
    [12, 0],
  ])('both pick up %i ms after the caller hung up', async (ms, calls) => {
    const call = await ringing();
    at(Math.max(0, -ms), () => call.cancel());
    at(Math.max(0, ms), () => {
      pickUp(ben);
      pickUp(desk);
    });
    await office.pass(400);
    await agree(call, [ben, desk], calls);
  });

  test.each([180, 183, 199])('a %i that comes after the answer of the other goes no further', async (status) => {
    const call = await ringing();
    pickUp(ben);
    at(2, () => incoming(desk).respond(status));
    await office.pass(400);
    expect(call.statuses).toEqual([100, 180, 180, 200]);
    await agree(call, [ben, desk], 1);
  });

  test.each([486, 603])('one refuses with %i while the other picks up: the answer stands', async (status) => {
    for (const ms of [-8, -2, 2, 8]) {
      const call = await ringing();
      at(Math.max(0, -ms), () => incoming(ben).respond(status));
      at(Math.max(0, ms), () => pickUp(desk));
      await office.pass(400);
      expect(call.last.status).toBe(200);
      await agree(call, [desk], 1);
      for (const phone of [ben, desk]) phone.incoming.length = phone.acks.length = phone.requests.length = 0;
    }
  });

  test('one that refuses for all (603) ends the ringing of the other, and is told to the caller last', async () => {
    const call = await ringing();
    incoming(ben).respond(603);
    await office.pass(400);
    expect(desk.requests.map((request) => request.header(H.Reason))).toEqual(['SIP;cause=603']);
    expect(call.statuses).toEqual([100, 180, 180, 603]);
    await allEnds();
  });
});

describe('timers', () => {
  test.each([
    ['just before', -20, 200],
    ['at the moment when', 2, 200],
    ['after', 20, 487],
  ])('the callee picks up %s Timer C runs out', async (_what, ms, status) => {
    const call = anna.call('1002');
    await office.pass(50);
    incoming(ben).respond(180);
    // The 180 is at the exchange 5 ms later and starts it anew; its CANCEL is there after 181 s and 10 ms.
    at(181_005 + ms, () => pickUp(ben));
    await office.pass(182_000);
    expect(call.last.status).toBe(status);
    await agree(call, [ben], status === 200 ? 1 : 0);
  });

  test('a provisional answer late in Timer C gives all its time again', async () => {
    const call = anna.call('1002');
    await office.pass(50);
    incoming(ben).respond(180);
    await office.pass(180_000);
    incoming(ben).respond(183);
    await office.pass(180_000);
    expect(ben.heard('CANCEL')).toBe(0);
    pickUp(ben);
    await office.pass(400);
    await agree(call, [ben], 1);
  });

  test('an answer after the call was given up goes no further: it belongs to no transaction (RFC 6026 §7.3)', async () => {
    office.network.fate = ({ from }) => (from === B ? [] : [5]);
    const call = anna.call('1002');
    await office.pass(33_000);
    expect(call.statuses).toEqual([100, 408]);
    await office.pass(40_000);
    office.network.fate = () => [5];
    const before = office.network.sent.filter(({ from }) => from === EXCHANGE).length;
    incoming(ben).respond(200);
    await office.pass(1_000);
    expect(office.network.sent.filter(({ from }) => from === EXCHANGE)).toHaveLength(before);
    expect(call.statuses).toEqual([100, 408]);
    await allEnds();
  });

  test('a 2xx that comes again goes up again, until its time is over', async () => {
    const call = anna.call('1002');
    await office.pass(50);
    incoming(ben).respond(200);
    await office.pass(1_000);
    incoming(ben).respond(200);
    await office.pass(1_000);
    expect(call.statuses).toEqual([100, 200, 200]);
    await allEnds();
    incoming(ben).respond(200);
    await office.pass(1_000);
    expect(call.statuses).toEqual([100, 200, 200]);
  });
});
