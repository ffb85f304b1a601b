/** Phones that cannot keep still, and those that only seem so. */
import { beforeEach, expect, test } from 'vitest';
import { RestlessPhones } from '../../../../proxy-core/server/restless-phones.ts';
import { type Aor, aorOf, type Binding } from '../../../../proxy-core/server/stores.ts';

const MINUTE = 60_000;
const AOR: Aor = aorOf('1002', 'office.example');

let now: number;
let phones: RestlessPhones;
let held: readonly Binding[];
beforeEach(() => {
  now = 1_000_000_000_000;
  phones = new RestlessPhones();
  held = [];
});

const bindingOf = (more: Partial<Binding> = {}): Binding => ({
  ...{ aor: AOR, contact: 'sip:1002@192.0.2.7', q: 1000, expiresAt: now + 600_000, callId: 'c', cseq: 1 },
  ...{ instance: 'urn:uuid:1', regId: 0, path: [], userAgent: 'Yealink', received: 'udp:192.0.2.7:5060' },
  ...{ listener: 'udp:192.0.2.1:5060', device: '', ...more },
});

/** Registers in the place of what has the same contact. */
function register(more: Partial<Binding> = {}): void {
  const binding = bindingOf(more);
  const before = held;
  held = [binding, ...before.filter(({ contact }) => contact !== binding.contact)];
  phones.registered(binding, before, held, now);
}

const told = () => phones.all(now).map(({ how, times, host }) => [how, times, host]);

test('a phone that registers every ten seconds is restless, one that does each minute is not', () => {
  for (let at = 0; at < 7; at++, now += 10_000) register();
  expect(told()).toEqual([['again', 6, '192.0.2.7']]);
  phones = new RestlessPhones();
  for (let at = 0; at < 60; at++, now += MINUTE) register();
  expect(told()).toEqual([]);
});

test('a phone that comes from another address each time is, by whatever port it comes', () => {
  for (let at = 0; at < 5; at++, now += MINUTE) register({ received: `tcp:192.0.2.${at}:${5060 + at}` });
  expect(told()).toEqual([['moved', 4, '192.0.2.4']]);
  phones = new RestlessPhones();
  for (let at = 0; at < 9; at++, now += MINUTE) register({ received: `tcp:[2001:db8::1]:${40_000 + at}` });
  expect(told()).toEqual([]);
});

test('a phone that was gone each time is', () => {
  for (let at = 0; at < 5; at++, now += 5 * MINUTE) {
    register();
    held = [];
  }
  expect(told()).toEqual([['back', 4, '192.0.2.7']]);
});

test('two phones of the same make that do not say which they are take turns', () => {
  for (let at = 0; at < 20; at++, now += 20_000) {
    const of = at % 2;
    register({ instance: '', contact: `sip:1002@192.0.2.${of}`, received: `udp:192.0.2.${of}:5060` });
  }
  expect(told()).toEqual([]);
});

test('the two flows of one phone are two', () => {
  for (let at = 0; at < 20; at++, now += 5 * MINUTE) {
    register({ regId: 1, contact: 'sip:a@h', received: 'tcp:192.0.2.7:1' });
    register({ regId: 2, contact: 'sip:b@h', received: 'tcp:192.0.2.8:1' });
  }
  expect(told()).toEqual([]);
});

test('one that has kept still for a quarter of an hour is no longer told of', () => {
  for (let at = 0; at < 7; at++, now += 10_000) register();
  now += 16 * MINUTE;
  expect(told()).toEqual([]);
});

test('the one that flapped last stands first, and only so many are followed', () => {
  for (let at = 0; at < 7; at++, now += 10_000) for (const of of ['1', '2']) register({ instance: of, contact: of });
  expect(phones.all(now).map(({ how }) => how)).toEqual(['again', 'again']);
  for (let at = 0; at < 20_000; at++) phones.registered(bindingOf({ instance: `x${at}` }), [], [], now);
  expect(told()).toEqual([]);
});
