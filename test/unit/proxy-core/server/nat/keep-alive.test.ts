/** Pings: whom, how often, how many at once, and what silence means. */
import { beforeEach, describe, expect, test } from 'vitest';
import { KeepAlive } from '../../../../../proxy-core/server/nat/keep-alive.ts';
import { defaultSettings, type Settings } from '../../../../../proxy-core/server/settings.ts';
import { type Aor, aorOf, type Binding } from '../../../../../proxy-core/server/stores.ts';
import { buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import type { Hop } from '../../../../../proxy-core/sip/transport/port.ts';
import { countingHex, FakeClock } from '../../../../support/fake-clock.ts';
import { bindingOf, MemoryLocations } from '../../../../support/memory-stores.ts';

const INTERVAL = defaultSettings.natPingInterval;

let clock: FakeClock;
let locations: MemoryLocations;
let keepAlive: KeepAlive;
let pings: { request: SipRequest; hop: Hop; at: number }[];
let bytes: { bytes: string; hop: Hop }[];
const ended: string[] = [];

function open(settings: Partial<Settings> = {}): void {
  clock = new FakeClock();
  locations = new MemoryLocations();
  pings = [];
  bytes = [];
  ended.length = 0;
  keepAlive = new KeepAlive({
    ...{ clock, locations, random: countingHex(), settings: { ...defaultSettings, ...settings } },
    log: {
      info: (_text, details) => void ended.push(String(details?.aor)),
      warn: () => undefined,
      error: () => undefined,
    },
    port: {
      request: (draft, hop) =>
        void pings.push({ request: draft('SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKping;rport'), hop, at: clock.now() }),
      bytes: (text, hop) => void bytes.push({ bytes: text, hop }),
    },
  });
}

beforeEach(() => open());

const nated = (number: number, parts: Partial<Binding> = {}): Binding =>
  bindingOf(aorOf(`${number}`, 'office.example'), `sip:${number}@10.0.0.7:5060`, {
    ...{ received: `udp:198.51.100.7:${30_000 + number}`, listener: 'udp://192.0.2.1:5060' },
    ...parts,
  });

async function bind(...bindings: Binding[]): Promise<void> {
  const byAor = new Map<Aor, Binding[]>();
  for (const binding of bindings) byAor.set(binding.aor, [...(byAor.get(binding.aor) ?? []), binding]);
  for (const [aor, all] of byAor) await locations.replace(aor, all);
  for (const binding of bindings) keepAlive.watch(binding);
}

const held = (number: number): number => locations.lookup(aorOf(`${number}`, 'office.example'), clock.now()).length;

/** Lets the phone answer each ping of the next interval. */
function answered(intervals: number, status = 200): void {
  for (let turn = 0; turn < intervals; turn++) {
    const from = pings.length;
    clock.advance(INTERVAL);
    for (const { request } of pings.slice(from)) keepAlive.heard(buildResponse(request, status, { toTag: 'x' }));
  }
}

test('pings a phone behind a NAT once in each interval, by its Contact and the way it came', async () => {
  await bind(nated(1));
  clock.advance(INTERVAL * 3);
  expect(pings).toHaveLength(3);
  const { request, hop } = pings[0]!;
  expect(request).toMatchObject({ method: 'OPTIONS', uriText: 'sip:1@10.0.0.7:5060' });
  expect(hop).toMatchObject({ host: '198.51.100.7', port: 30_001, listener: 'udp://192.0.2.1:5060' });
  expect(pings.map(({ request: { cseq } }) => cseq)).toEqual([1, 2, 3]);
});

test.each([
  ['in our own network', { contact: 'sip:1@10.0.0.7:5060', received: 'udp:10.0.0.7:5060' }],
  ['on the usual port, which it does not name', { contact: 'sip:1@10.0.0.7', received: 'udp:10.0.0.7:5060' }],
  ['on a connection, which shows by itself that it ended', { received: 'tcp:198.51.100.7:40000' }],
  ['behind another proxy', { received: '' }],
  ['behind an edge that keeps the way itself', { path: ['<sip:192.0.2.9;lr>'] }],
])('does not ping a phone %s', async (_what, parts) => {
  await bind(nated(1, parts));
  clock.advance(INTERVAL * 2);
  expect(pings).toEqual([]);
  expect(clock.waiting).toBe(0);
});

test('spreads thousands evenly, so that none comes in a burst', async () => {
  await bind(...Array.from({ length: 3_000 }, (_, index) => nated(index)));
  clock.advance(INTERVAL);
  expect(pings).toHaveLength(3_000);
  const perSlot = new Map<number, number>();
  for (const { at } of pings) perSlot.set(at, (perSlot.get(at) ?? 0) + 1);
  expect(Math.max(...perSlot.values())).toBeLessThanOrEqual(11);
});

test('a way that thousands share is watched at the cost of one', async () => {
  const shared = Array.from({ length: 40_000 }, (_, index) => nated(index, { received: 'udp:198.51.100.7:30000' }));
  const before = performance.now();
  await bind(...shared);
  for (const binding of shared) keepAlive.watch(binding);
  expect(performance.now() - before).toBeLessThan(3_000);
  clock.advance(INTERVAL);
  expect(pings).toHaveLength(1);
});

test('never sends more in one turn than it may, and leaves nobody out', async () => {
  open({ natPingInterval: 1_000 });
  await bind(...Array.from({ length: 5_000 }, (_, index) => nated(index)));
  clock.advance(2_000);
  const perSlot = new Map<number, number>();
  for (const { at } of pings) perSlot.set(at, (perSlot.get(at) ?? 0) + 1);
  expect(Math.max(...perSlot.values())).toBeLessThanOrEqual(400);
  expect(new Set(pings.map(({ hop }) => hop.port)).size).toBe(5_000);
});

describe('silence', () => {
  test.each([200, 404, 501])('after answers of %i ends the binding at the fourth miss', async (status) => {
    await bind(nated(1));
    answered(2, status);
    clock.advance(INTERVAL * 4);
    expect(held(1)).toBe(1);
    clock.advance(INTERVAL);
    expect(held(1)).toBe(0);
    expect(ended).toEqual(['1@office.example']);
    expect(keepAlive.counts).toEqual({ kept: 0, expired: 1 });
    clock.advance(INTERVAL * 2);
    expect(clock.waiting).toBe(0);
  });

  test('of a phone that never answered anything ends nothing: it may only not know OPTIONS', async () => {
    await bind(nated(1));
    clock.advance(INTERVAL * 50);
    expect(held(1)).toBe(1);
    expect(pings).toHaveLength(50);
  });

  test('is broken by a new registration', async () => {
    await bind(nated(1));
    answered(1);
    for (let turn = 0; turn < 10; turn++) {
      clock.advance(INTERVAL * 3);
      await bind(nated(1));
    }
    expect(held(1)).toBe(1);
  });

  test('ends what came by that way only', async () => {
    await bind(nated(1), nated(1, { contact: 'sip:1@10.0.0.8:5060', received: 'udp:198.51.100.9:40000' }));
    for (let turn = 0; turn < 8; turn++) {
      const from = pings.length;
      clock.advance(INTERVAL);
      for (const { request, hop } of pings.slice(from)) {
        if (turn === 0 || hop.host === '198.51.100.9') keepAlive.heard(buildResponse(request, 200, { toTag: 'x' }));
      }
    }
    expect(held(1)).toBe(1);
    expect(keepAlive.counts.kept).toBe(1);
  });
});

test('one ping serves all numbers that share a way', async () => {
  const received = 'udp:198.51.100.7:40000';
  await bind(nated(1, { received }), nated(2, { received }));
  answered(2);
  expect(pings).toHaveLength(2);
  clock.advance(INTERVAL * 5);
  expect([held(1), held(2)]).toEqual([0, 0]);
});

test('stops when the binding is gone or has moved', async () => {
  await bind(nated(1));
  clock.advance(INTERVAL);
  await bind(nated(1, { received: 'udp:198.51.100.7:40000' }));
  clock.advance(INTERVAL * 3);
  expect(pings.slice(2).every(({ hop }) => hop.port === 40_000)).toBe(true);
  expect(keepAlive.counts.kept).toBe(1);
});

test('bytes keep the way open where that is asked for, and their silence means nothing', async () => {
  open({ natPing: 'crlf' });
  await bind(nated(1));
  clock.advance(INTERVAL * 20);
  expect(bytes).toHaveLength(20);
  expect(bytes[0]).toMatchObject({ bytes: '\r\n\r\n', hop: { host: '198.51.100.7', port: 30_001 } });
  expect(held(1)).toBe(1);
});

test('an answer to something else is none of ours', async () => {
  await bind(nated(1));
  clock.advance(INTERVAL);
  const response = buildResponse(pings[0]!.request, 200, { toTag: 'x', headers: [] });
  expect(keepAlive.heard(response)).toBe(true);
  expect(keepAlive.heard({ ...response, callId: 'other', cseqMethod: 'OPTIONS' } as typeof response)).toBe(false);
});
