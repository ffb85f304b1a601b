/** The guard alone: what is held against an address, for how long, and what is not. */
import { beforeEach, describe, expect, test } from 'vitest';
import { defaultGuardSettings, Guard, type Offence } from '../../../../../proxy-core/server/guard/guard.ts';
import { MemoryBans } from '../../../../support/memory-stores.ts';

const HOST = '192.0.2.7';
const { banMs, forgetMs, banAt, slowAt, openChallenges, maxBanMs } = defaultGuardSettings;

let now: number;
let bans: MemoryBans;
let told: string[];
let guard: Guard;

beforeEach(() => {
  now = 1_000_000_000_000;
  bans = new MemoryBans();
  told = [];
  guard = new Guard({
    bans,
    now: () => now,
    isTrusted: (host) => host.startsWith('10.'),
    banned: (address, reason) => void told.push(`${address}: ${reason}`),
  });
});

function accuse(offence: Offence, times: number, host = HOST): void {
  for (let i = 0; i < times; i++) guard.accuse(host, offence);
}

/** How many of `count` messages that come at once are let in. */
const admitted = (count: number, host = HOST): number =>
  Array.from({ length: count }, () => guard.admits(host)).filter(Boolean).length;

describe('a guesser', () => {
  test('is answered slowly first, then banned, and told of in the log', () => {
    accuse('password', slowAt + 1);
    expect(admitted(100)).toBe(5);
    now += 1000;
    expect(admitted(100)).toBe(1);
    accuse('password', banAt);
    expect(admitted(1)).toBe(0);
    expect(told).toEqual([`${HOST}: ${bans.find(HOST)?.reason}`]);
    expect(told[0]).toMatch(/: \d+ wrong passwords$/);
  });

  test('is free again when the ban ends, and the next one is twice as long', () => {
    accuse('scanner', 1);
    now += banMs;
    expect(admitted(3)).toBe(3);
    accuse('scanner', 1);
    now += banMs;
    expect(admitted(1)).toBe(0);
    now += banMs;
    expect(admitted(1)).toBe(1);
  });

  test('is never banned for longer than a day', () => {
    for (let i = 0; i < 20; i++) accuse('scanner', 1);
    expect((bans.find(HOST)?.until ?? 0) - now).toBe(maxBanMs);
  });

  test('does not draw others in', () => {
    accuse('scanner', 1);
    expect(admitted(10, '192.0.2.8')).toBe(10);
  });

  test('of one IPv6 network is one guesser, whatever address it takes', () => {
    for (let i = 0; i < banAt; i++) guard.accuse(`2001:db8::${i.toString(16)}`, 'refused');
    expect(admitted(1, '2001:db8::ffff')).toBe(0);
    expect(admitted(1, '2001:db8:0:1::1')).toBe(1);
  });
});

describe('a phone', () => {
  test('may be challenged all day as long as it comes back with its password', () => {
    for (let i = 0; i < 10_000; i++) {
      guard.challenged(HOST);
      guard.proved(HOST);
    }
    expect(admitted(100)).toBe(100);
  });

  test('with a wrong password that tries twice a minute is not banned', () => {
    for (let i = 0; i < 600; i++) {
      guard.challenged(HOST);
      guard.accuse(HOST, 'password');
      now += forgetMs;
    }
    expect(bans.size).toBe(0);
  });

  test('that has proved its password cannot be banned by a few forged datagrams', () => {
    guard.proved(HOST);
    accuse('password', banAt);
    expect(admitted(10)).toBe(10);
    accuse('password', 9 * banAt);
    expect(admitted(1)).toBe(0);
  });

  test('that has proved its password is not shut out, nor slowed down, by a forged scanner', () => {
    guard.proved(HOST);
    accuse('scanner', 2);
    expect(admitted(100)).toBe(100);
  });

  test('stays known as one that proved its password, however many strangers come', () => {
    guard.proved(HOST);
    for (let i = 0; i < 60_000; i++) guard.challenged(`198.51.${i >> 8}.${i & 255}`);
    accuse('password', banAt);
    expect(admitted(100)).toBe(100);
  });
});

test('a flood of requests without a password ends in a ban; the first ones count nothing', () => {
  for (let i = 0; i < openChallenges; i++) guard.challenged(HOST);
  expect(admitted(100)).toBe(100);
  for (let i = 0; i < 10 * banAt + 1; i++) guard.challenged(HOST);
  expect(admitted(1)).toBe(0);
});

test('a ban refuses even a connection, slowing down does not', () => {
  accuse('refused', slowAt);
  expect(guard.isBanned(HOST)).toBe(false);
  accuse('refused', banAt);
  expect(guard.isBanned(HOST)).toBe(true);
  now += banMs;
  expect(guard.isBanned(HOST)).toBe(false);
});

test('a trusted address is never held to account', () => {
  accuse('scanner', 100, '10.0.0.1');
  expect(admitted(100, '10.0.0.1')).toBe(100);
});

test('memory stays bounded when each datagram forges another source', () => {
  for (let i = 0; i < 60_000; i++) guard.accuse(`198.51.${i >> 8}.${i & 255}`, 'malformed');
  // The first are forgotten by now: what they did counts anew.
  accuse('refused', slowAt - 1, '198.51.0.0');
  expect(admitted(100, '198.51.0.0')).toBe(100);
});
