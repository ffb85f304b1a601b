/** A store that takes its time, or fails after it: what was answered is so, and calls do not wait for it. */
import { beforeEach, expect, test } from 'vitest';
import { type Aor, aorOf, type Binding } from '../../../proxy-core/server/stores.ts';
import { FakeOffice, OFFICE } from '../../support/fake-office.ts';
import { MemoryLocations } from '../../support/memory-stores.ts';
import type { TestPhone } from '../../support/sip-phone.ts';

const AOR = aorOf('1002', OFFICE);
const SLOW_MS = 3_000;

let office: FakeOffice;
let anna: TestPhone;
let ben: TestPhone;

beforeEach(async () => {
  office = new FakeOffice();
  anna = await office.registered('1001', '192.0.2.11:5060');
  ben = await office.registered('1002', '192.0.2.12:5060');
});

/** From now on a change is durable, or fails, `SLOW_MS` later. As the real store, it is seen at once. */
function slowDown(fails: () => boolean = () => false): void {
  const { locations, clock } = office;
  const keep = locations.replace.bind(locations);
  locations.replace = (aor: Aor, bindings: readonly Binding[]) => {
    const before = locations.lookup(aor, clock.now());
    void keep(aor, bindings);
    return new Promise((resolve, reject) => {
      clock.after(SLOW_MS, () => {
        if (!fails()) return resolve();
        void keep(aor, before);
        reject(new Error('the disk is full'));
      });
    });
  };
}

const contacts = (): string[] => office.locations.lookup(AOR, office.clock.now()).map(({ contact }) => contact);

test('a registration is answered when it is durable and not before, once, however often it is asked', async () => {
  slowDown();
  const desk = office.phone('1002', '192.0.2.13:5060');
  const register = desk.register();
  await office.pass(SLOW_MS - 200);
  expect(register.responses).toEqual([]);
  await office.pass(400);
  expect(register.statuses).toEqual([200]);
  expect(contacts()).toHaveLength(2);
});

test('calls are made, answered and ended meanwhile', async () => {
  slowDown();
  const register = office.phone('1003', '192.0.2.14:5060').register();
  const call = anna.call('1002');
  await office.pass(100);
  ben.incoming[0]?.respond(200);
  await office.pass(100);
  call.ack();
  call.bye();
  await office.pass(100);
  expect(ben.heard('BYE')).toBe(1);
  expect(register.responses).toEqual([]);
});

test('what could not be kept is refused, and what there was stays', async () => {
  slowDown(() => true);
  const desk = office.phone('1002', '192.0.2.13:5060');
  const register = desk.register();
  await office.pass(SLOW_MS + 500);
  expect(register.statuses).toEqual([500]);
  expect(contacts()).toEqual(['sip:1002@192.0.2.12:5060']);
  anna.call('1002');
  await office.pass(100);
  expect([ben.incoming.length, desk.incoming.length]).toEqual([1, 0]);
});

test('the exchange falls before it was durable: the phone was told nothing, and registers with the next one', async () => {
  const durable = office.locations.lookup(AOR, office.clock.now());
  slowDown();
  const desk = office.phone('1002', '192.0.2.13:5060');
  const register = desk.register();
  await office.pass(1_000);
  office.cut();
  await office.pass(SLOW_MS);
  expect(register.responses).toEqual([]);
  // Memory is gone with the process.
  await MemoryLocations.prototype.replace.call(office.locations, AOR, durable);
  office.open();
  await office.pass(SLOW_MS + 5_000);
  expect(register.statuses).toEqual([200]);
});
