/** An office in one process: phones register and call each other through the exchange, every layer taking part. */
import { beforeEach, describe, expect, test } from 'vitest';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { FakeOffice } from '../../support/fake-office.ts';
import type { TestPhone } from '../../support/sip-phone.ts';

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

/** Everything ends by itself: no transaction stays. */
async function allEnds(): Promise<void> {
  await office.pass(70_000);
  expect(office.transactions?.size).toEqual({ client: 0, server: 0, open: 0 });
  expect(office.faults).toEqual([]);
}

describe('a call', () => {
  test.each(['the caller', 'the callee'])('rings, is answered, and %s hangs up', async (who) => {
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    await office.pass(100);
    ben.incoming[0]?.respond(200);
    await office.pass(100);
    expect(call.statuses).toEqual([100, 180, 200]);
    call.ack();
    await office.pass(100);
    expect(ben.acks).toHaveLength(1);
    if (who === 'the caller') call.bye();
    else ben.incoming[0]?.bye();
    await office.pass(100);
    expect((who === 'the caller' ? ben : anna).heard('BYE')).toBe(1);
    await allEnds();
  });

  test.each([486, 603, 480, 600])('is refused with %i', async (status) => {
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(status);
    await office.pass(100);
    expect(call.last.status).toBe(status);
    await allEnds();
  });

  test.each([
    ['1999', 404],
    ['1003', 480],
  ])('to %s ends with %i', async (number, status) => {
    const call = anna.call(number);
    await office.pass(100);
    expect(call.statuses).toEqual([status]);
    await allEnds();
  });

  test('to a phone that is gone ends with 408', async () => {
    office.network.detach(B);
    const call = anna.call('1002');
    await office.pass(31_000);
    expect(call.statuses).toEqual([100]);
    await office.pass(2_000);
    expect(call.statuses).toEqual([100, 408]);
    await allEnds();
  });

  test('is given up by the caller while it rings', async () => {
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    await office.pass(100);
    call.cancel();
    await office.pass(100);
    expect(ben.heard('CANCEL')).toBe(1);
    expect(call.statuses).toEqual([100, 180, 487]);
    await allEnds();
  });

  test('of nobody, when the password is wrong', async () => {
    const stranger = office.phone('1003', '192.0.2.99:5060', 'guess');
    const call = stranger.call('1002');
    const register = stranger.register();
    await office.pass(100);
    expect([call.last.status, register.last.status]).toEqual([407, 401]);
    expect(ben.incoming).toHaveLength(0);
  });
});

describe('two devices of one user', () => {
  let desk: TestPhone;

  beforeEach(async () => {
    desk = await office.registered('1002', B2);
  });

  test('both ring, the first to answer takes the call, the other stops and knows why', async () => {
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    desk.incoming[0]?.respond(180);
    await office.pass(100);
    desk.incoming[0]?.respond(200);
    await office.pass(100);
    call.ack();
    await office.pass(100);
    expect(call.statuses).toEqual([100, 180, 180, 200]);
    expect(ben.requests.map(({ method }) => method)).toEqual(['CANCEL']);
    expect(ben.requests[0]?.header(H.Reason)).toContain('Call completed elsewhere');
    expect(desk.heard('CANCEL')).toBe(0);
    expect(desk.acks).toHaveLength(1);
    await allEnds();
  });

  test('one is busy, the other rings on', async () => {
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(486);
    desk.incoming[0]?.respond(180);
    await office.pass(100);
    expect(call.statuses).toEqual([100, 180]);
    desk.incoming[0]?.respond(200);
    await office.pass(100);
    expect(call.last.status).toBe(200);
  });

  test('both answer at the same moment: the caller hears of both', async () => {
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(200);
    desk.incoming[0]?.respond(200);
    await office.pass(100);
    const answered = call.responses.filter(({ status }) => status === 200);
    expect(new Set(answered.map(({ to }) => to.tag)).size).toBe(2);
  });

  test('one that signs off does not ring', async () => {
    desk.register(0);
    await office.pass(100);
    anna.call('1002');
    await office.pass(100);
    expect([ben.incoming.length, desk.incoming.length]).toEqual([1, 0]);
  });
});

describe('the exchange', () => {
  test('is restarted in a call: both sides can still hang up', async () => {
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(200);
    await office.pass(100);
    call.ack();
    await office.pass(100);
    office.cut();
    office.open();
    call.bye();
    await office.pass(1_000);
    expect(ben.heard('BYE')).toBe(1);
    expect(call.last.status).toBe(200);
  });

  test('forgets a phone that does not register again, and keeps one that does', async () => {
    await office.pass(500_000);
    ben.register();
    await office.pass(200_000);
    expect((await result(anna.call('1002')))?.[0]).toBe(100);
    expect(await result(ben.call('1001'))).toEqual([480]);
    async function result(call: { statuses: number[] }): Promise<number[]> {
      await office.pass(100);
      return call.statuses;
    }
  });
});

/** Scattered over 0 to 1, the same in each run. */
const chance = (index: number): number => (Math.imul(index + 1, 2_654_435_761) >>> 0) / 2 ** 32;

describe('a bad network', () => {
  const weathers: [what: string, weather: (index: number) => number[]][] = [
    ['loses three datagrams of ten', (index) => (chance(index) < 0.3 ? [] : [1])],
    ['repeats each of them', () => [1, 4, 30]],
    ['turns their order round', (index) => [index % 2 === 0 ? 40 : 1]],
    ['does all of that', (index) => (chance(index) < 0.2 ? [] : chance(index + 7_000) < 0.5 ? [60, 2] : [1])],
  ];
  test.each(weathers)('that %s still carries a call', async (_what, weather) => {
    office.network.fate = () => weather(office.network.sent.length);
    const call = anna.call('1002');
    await office.pass(8_000);
    expect(ben.incoming).toHaveLength(1);
    ben.incoming[0]?.respond(180);
    await office.pass(1_000);
    ben.incoming[0]?.respond(200);
    // The callee sends its 2xx until the ACK comes (§13.3.1.4).
    for (let tries = 0; tries < 10 && ben.acks.length === 0; tries++) {
      await office.pass(1_000);
      if (call.last.status === 200) call.ack();
      if (ben.acks.length === 0) ben.incoming[0]?.respond(200);
    }
    await office.pass(1_000);
    expect(ben.acks.length).toBeGreaterThan(0);
    call.bye();
    await office.pass(20_000);
    expect(ben.heard('BYE')).toBe(1);
    await allEnds();
  });
});
