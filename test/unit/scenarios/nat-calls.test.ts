/** Phones behind NATs in one process: reached by the way they came, in and outside dialogs, for as long as they live. */
import { beforeEach, describe, expect, test } from 'vitest';
import { aorOf } from '../../../proxy-core/server/stores.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { FakeNat } from '../../support/fake-nat.ts';
import { EXCHANGE, FakeOffice, OFFICE } from '../../support/fake-office.ts';
import type { TestPhone } from '../../support/sip-phone.ts';

/** Behind different routers they may well have the same address. */
const INSIDE = '192.168.1.10:5060';
const OUTSIDE = '192.0.2.12:5060';

let office: FakeOffice;
let home: FakeNat;
let hotel: FakeNat;

const natAt = (host: string, isSymmetric = false): FakeNat =>
  new FakeNat({ clock: office.clock, network: office.network, host, isSymmetric });

beforeEach(() => {
  office = new FakeOffice();
  home = natAt('198.51.100.7');
  hotel = natAt('198.51.100.8', true);
});

async function talk(caller: TestPhone, callee: TestPhone) {
  const call = caller.call(callee.options.number);
  await office.pass(100);
  callee.incoming[0]?.respond(180);
  await office.pass(100);
  callee.incoming[0]?.respond(200);
  await office.pass(100);
  call.ack();
  await office.pass(100);
  expect(call.statuses).toEqual([100, 180, 200]);
  return call;
}

describe('a call', () => {
  const places: [who: string, caller: () => FakeNat | undefined, callee: () => FakeNat | undefined][] = [
    ['from behind a NAT', () => home, () => undefined],
    ['to behind a NAT', () => undefined, () => home],
    ['between two NATs', () => home, () => hotel],
    ['between two phones behind one NAT', () => home, () => home],
  ];
  for (const [who, caller, callee] of places) {
    test.each(['the caller', 'the callee'])(`${who}: the ACK arrives, and %s hangs up`, async (hangsUp) => {
      const anna = await office.registered('1001', caller() ? INSIDE : OUTSIDE, caller());
      const ben = await office.registered('1002', callee() ? '192.168.1.11:5060' : '192.0.2.13:5060', callee());
      const call = await talk(anna, ben);
      expect(ben.acks).toHaveLength(1);
      if (hangsUp === 'the caller') call.bye();
      else ben.incoming[0]?.bye();
      await office.pass(100);
      expect((hangsUp === 'the caller' ? ben : anna).heard('BYE')).toBe(1);
      expect(office.faults).toEqual([]);
    });
  }

  test('goes on after a restart of the exchange', async () => {
    const anna = await office.registered('1001', INSIDE, home);
    const ben = await office.registered('1002', INSIDE, hotel);
    const call = await talk(anna, ben);
    office.cut();
    office.open();
    call.bye();
    await office.pass(100);
    expect(ben.heard('BYE')).toBe(1);
  });

  test('a phone gets back the Contact that it gave, and the exchange’s own address inside is no riddle', async () => {
    // The address that the phone has at home is that of the exchange where it stands.
    const anna = await office.registered('1001', EXCHANGE, home);
    const ben = await office.registered('1002', OUTSIDE);
    await talk(anna, ben);
    ben.incoming[0]?.bye();
    await office.pass(100);
    expect(anna.requests.find(({ method }) => method === 'BYE')?.uriText).toBe(`sip:1001@${EXCHANGE}`);
  });

  test('of phones in one network, without a NAT, keeps their Contacts as they are', async () => {
    const anna = await office.registered('1001', '192.0.2.11:5060');
    const ben = await office.registered('1002', OUTSIDE);
    const call = await talk(anna, ben);
    expect(call.last.header(H.Contact)).toBe(ben.contact);
    expect(ben.incoming[0]?.transaction.request.header(H.Contact)).toBe(anna.contact);
  });

  test('the other side learns the new way when a phone whose router forgot it refreshes the target', async () => {
    const anna = await office.registered('1001', INSIDE, home);
    const ben = await office.registered('1002', OUTSIDE);
    const call = await talk(anna, ben);
    home.restart();
    // Any request of the phone that refreshes the target tells the other side the new way.
    call.again('UPDATE');
    await office.pass(100);
    expect(ben.heard('UPDATE')).toBe(1);
    const told = ben.requests.at(-1)?.header(H.Contact);
    expect(told).toContain('198.51.100.7~40001~');
  });
});

describe('keeping the way open', () => {
  const received = (number: string): readonly string[] =>
    office.locations.lookup(aorOf(number, OFFICE), office.clock.now()).map((binding) => binding.received);

  test('a phone is reached long after its router would have forgotten it', async () => {
    const ben = await office.registered('1002', INSIDE, new FakeNat({ ...short(), lifetimeMs: 40_000 }));
    const anna = await office.registered('1001', OUTSIDE);
    await office.pass(200_000);
    expect(ben.heard('OPTIONS')).toBeGreaterThanOrEqual(6);
    const call = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(486);
    await office.pass(100);
    expect(call.last.status).toBe(486);
  });

  test('without pings the same router has forgotten it', async () => {
    office = new FakeOffice({ natPing: 'off' });
    office.keepAlive?.stop();
    const ben = await office.registered('1002', INSIDE, new FakeNat({ ...short(), lifetimeMs: 20_000 }));
    const anna = await office.registered('1001', OUTSIDE);
    office.keepAlive?.stop();
    await office.pass(60_000);
    anna.call('1002');
    await office.pass(1000);
    expect(ben.incoming).toHaveLength(0);
  });

  test('a phone that is gone loses its binding after the misses, and one in our own network is never asked', async () => {
    await office.registered('1001', OUTSIDE);
    await office.registered('1002', INSIDE, home);
    await office.pass(40_000);
    expect(received('1002')).toEqual(['udp:198.51.100.7:40000']);
    home.restart();
    await office.pass(30_000 * 3);
    expect(received('1002')).toHaveLength(1);
    await office.pass(30_000 * 3);
    expect(received('1002')).toEqual([]);
    expect(received('1001')).toHaveLength(1);
    expect(office.keepAlive?.counts).toEqual({ kept: 0, expired: 1 });
    expect(office.network.sent.some(({ to, wire }) => to === OUTSIDE && wire.startsWith('OPTIONS'))).toBe(false);
  });

  const short = () => ({ clock: office.clock, network: office.network, host: '198.51.100.9' });
});
