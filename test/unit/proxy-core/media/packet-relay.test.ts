/** A relayed stream between two real sockets on loopback. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PacketRelay, type RelayTotals } from '../../../../proxy-core/media/packet-relay.ts';
import { pairsOf, takePortPair } from '../../../../proxy-core/media/port-pair.ts';
import { serialiseRtp } from '../../../../proxy-core/media/rtp-packet.ts';
import type { RelayPeer } from '../../../../proxy-core/sip/sdp/index.ts';
import { until } from '../../../support/until.ts';
import { packet } from './parts.ts';

const HERE = '127.0.0.1';
const RANGE = { min: 41_000, max: 41_400 };

class End {
  readonly heard: Buffer[] = [];
  /** Where each datagram came from. */
  readonly from: number[] = [];
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (data, { port }) => {
      this.heard.push(data);
      this.from.push(port);
    });
  }

  static async open(): Promise<End> {
    const socket = createSocket('udp4').bind(0, HERE);
    await once(socket, 'listening');
    return new End(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  send(port: number, data: Buffer): void {
    this.socket.send(data, port, HERE);
  }

  rtp(port: number, sequence: number, ssrc = 7): void {
    this.send(port, serialiseRtp(packet({ sequence, ssrc })));
  }
}

let now = 10_000;
let totals: RelayTotals;
let relay: PacketRelay;
const ends: End[] = [];

const open = async (): Promise<End> => {
  const end = await End.open();
  ends.push(end);
  return end;
};

beforeEach(() => {
  now = 10_000;
  totals = { packets: 0, bytes: 0, lost: 0, dropped: 0 };
  const take = (start: number) => {
    const pair = takePortPair(HERE, RANGE, start);
    if (pair === undefined) throw new Error('no ports');
    return pair;
  };
  const clock = { now: () => now, after: () => ({ cancel: () => undefined }) };
  relay = new PacketRelay([take(process.pid % 100), take((process.pid % 100) + 50)], clock, totals);
});

afterEach(async () => {
  await relay.close();
  for (const end of ends.splice(0)) end.socket.close();
});

/** A peer that is where it says. */
const openPeer = (end: End, more: Partial<RelayPeer> = {}): RelayPeer => ({
  rtp: { address: HERE, port: end.port },
  rtcp: undefined,
  ...{ expected: HERE, isStrict: true, isMuxed: false, isRtp: true },
  ...more,
});
/** A peer behind a NAT, whose signalling comes from `expected`. */
const hiddenPeer = (expected = HERE): RelayPeer => ({
  ...{ rtp: undefined, rtcp: undefined, expected, isStrict: false, isMuxed: false, isRtp: true },
});

test('passes packets both ways as they are, from the port that each side was given', async () => {
  const [a, b] = [await open(), await open()];
  relay.announce(0, openPeer(a));
  relay.announce(1, openPeer(b));
  const sent = serialiseRtp(packet({ sequence: 1, payload: Buffer.alloc(160, 5) }));
  a.send(relay.port(0), sent);
  await until('b to hear a', () => b.heard.length === 1);
  expect(b.heard[0]).toEqual(sent);
  expect(b.from).toEqual([relay.port(1)]);
  b.rtp(relay.port(1), 9);
  await until('a to hear b', () => a.heard.length === 1);
  expect(a.from).toEqual([relay.port(0)]);
  expect(totals).toMatchObject({ packets: 2, bytes: sent.length + (a.heard[0]?.length ?? 0), lost: 0, dropped: 0 });
  expect(relay.lastPacketAt).toBe(now);
});

test('finds a peer behind a NAT by its first packet, and sends nothing to anyone before', async () => {
  const [a, b] = [await open(), await open()];
  relay.announce(0, hiddenPeer());
  relay.announce(1, openPeer(b));
  b.rtp(relay.port(1), 1);
  await until('the packet to be dropped', () => totals.dropped === 1);
  a.rtp(relay.port(0), 1);
  await until('b to hear a', () => b.heard.length === 1);
  b.rtp(relay.port(1), 2);
  await until('a to hear b', () => a.heard.length === 1);
});

describe('a stranger', () => {
  test('gets nothing and is not heard once somebody was there', async () => {
    const [a, b, stranger] = [await open(), await open(), await open()];
    relay.announce(0, hiddenPeer());
    relay.announce(1, openPeer(b));
    a.rtp(relay.port(0), 1);
    await until('b to hear a', () => b.heard.length === 1);
    for (let i = 0; i < 10; i++) stranger.rtp(relay.port(0), i, 99);
    await until('the stranger to be dropped', () => totals.dropped === 10);
    b.rtp(relay.port(1), 1);
    await until('a to hear b', () => a.heard.length === 1);
    expect(stranger.heard).toEqual([]);
    expect(b.heard).toHaveLength(1);
  });

  test('is never heard where the address is known, not even first', async () => {
    const [a, b] = [await open(), await open()];
    relay.announce(0, openPeer(a, { rtp: { address: '127.0.0.9', port: a.port }, expected: '127.0.0.9' }));
    relay.announce(1, openPeer(b));
    for (let i = 0; i < 10; i++) a.rtp(relay.port(0), i);
    await until('all to be dropped', () => totals.dropped === 10);
    expect(b.heard).toEqual([]);
  });

  test('at an address that nobody expected has to prove that it is the stream, five packets in order', async () => {
    const [a, b] = [await open(), await open()];
    relay.announce(0, hiddenPeer('127.0.0.9'));
    relay.announce(1, openPeer(b));
    for (const sequence of [1, 2, 9, 4]) a.rtp(relay.port(0), sequence);
    await until('four to be dropped', () => totals.dropped === 4);
    for (let sequence = 10; sequence < 15; sequence++) a.rtp(relay.port(0), sequence);
    await until('the fifth to pass', () => b.heard.length === 1);
    expect(totals.dropped).toBe(8);
  });

  test('takes over only after silence, when the router gave the peer another port', async () => {
    const [a, moved, b] = [await open(), await open(), await open()];
    relay.announce(0, hiddenPeer());
    relay.announce(1, openPeer(b));
    a.rtp(relay.port(0), 1);
    await until('b to hear a', () => b.heard.length === 1);
    now += 1_500;
    for (let sequence = 2; sequence < 7; sequence++) moved.rtp(relay.port(0), sequence);
    await until('b to hear a from its new port', () => b.heard.length === 2);
    b.rtp(relay.port(1), 1);
    await until('the answer to go there', () => moved.heard.length === 1);
  });

  test('cannot send anything but RTP, nor RTCP', async () => {
    const [a, b, stranger] = [await open(), await open(), await open()];
    relay.announce(0, hiddenPeer('127.0.0.9'));
    relay.announce(1, openPeer(b, { rtcp: { address: HERE, port: b.port } }));
    stranger.send(relay.port(0), Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]));
    stranger.send(relay.port(0) + 1, Buffer.alloc(28, 0x80));
    await until('both to be dropped', () => totals.dropped === 2);
    expect(b.heard).toEqual([]);
    expect(a.heard).toEqual([]);
  });
});

test('RTCP goes its own way beside, and learns the port that it comes from', async () => {
  const [a, aControl, b, bControl] = [await open(), await open(), await open(), await open()];
  relay.announce(0, hiddenPeer());
  relay.announce(1, openPeer(b, { rtcp: { address: HERE, port: bControl.port } }));
  a.rtp(relay.port(0), 1);
  await until('b to hear a', () => b.heard.length === 1);
  const report = Buffer.alloc(28, 0x81);
  aControl.send(relay.port(0) + 1, report);
  await until('the report to arrive', () => bControl.heard.length === 1);
  bControl.send(relay.port(1) + 1, report);
  await until('the other report to arrive', () => aControl.heard.length === 1);
});

test('STUN and DTLS pass before there is any RTP, RTCP on the shared port as well', async () => {
  const [a, b] = [await open(), await open()];
  relay.announce(0, hiddenPeer());
  relay.announce(1, openPeer(b, { isMuxed: true }));
  const stun = Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  a.send(relay.port(0), stun);
  a.send(relay.port(0), Buffer.from([22, 254, 253, 0, 0]));
  a.send(relay.port(0), Buffer.from([0x80, 200, 0, 6, ...new Array(24).fill(0)]));
  await until('all to arrive', () => b.heard.length === 3);
  expect(totals.lost).toBe(0);
});

test('counts what was lost before it came here, and not a stream that begins anew', async () => {
  const [a, b] = [await open(), await open()];
  relay.announce(0, openPeer(a));
  relay.announce(1, openPeer(b));
  for (const [sequence, ssrc] of [
    [65_534, 1],
    [65_535, 1],
    [2, 1],
    [1, 1],
    [500, 2],
    [501, 2],
  ] as const) {
    a.rtp(relay.port(0), sequence, ssrc);
  }
  await until('all to arrive', () => b.heard.length === 6);
  // 0 and 1 were missing, and 1 came late.
  expect(totals.lost).toBe(1);
});

test('a flood of one side is cut to what calls need', async () => {
  const [a, b] = [await open(), await open()];
  relay.announce(0, openPeer(a));
  relay.announce(1, openPeer(b));
  for (let i = 0; i < 4_000; i++) {
    a.rtp(relay.port(0), i);
    if (i % 100 === 99) await until('the sent ones to come in', () => totals.packets + totals.dropped > i - 50);
  }
  await until('the rest to be dropped', () => totals.dropped > 1_000);
  expect(totals.packets).toBeLessThanOrEqual(2_500);
});

test('closes every port', async () => {
  const ports = [relay.port(0), relay.port(1)];
  await relay.close();
  for (const port of ports) {
    const again = takePortPair(HERE, { min: port, max: port + 1 }, 0);
    expect(again?.port).toBe(port);
    await again?.close();
  }
});

describe('ports', () => {
  test('come in pairs from within the range, the next free one, until none is left', async () => {
    const range = { min: 41_501, max: 41_506 };
    expect(pairsOf(range)).toEqual({ first: 41_502, pairs: 2 });
    const first = takePortPair(HERE, range, 1);
    const second = takePortPair(HERE, range, 1);
    expect([first?.port, second?.port]).toEqual([41_504, 41_502]);
    expect(takePortPair(HERE, range, 0)).toBeUndefined();
    await first?.close();
    await second?.close();
  });

  test('of an address that this machine does not have are a fault, not a lack', () => {
    expect(() => takePortPair('203.0.113.77', RANGE, 0)).toThrow(/EADDRNOTAVAIL/);
  });
});

test('outlives ports to which nothing can be sent', async () => {
  const pair = takePortPair(HERE, RANGE, 100);
  const other = takePortPair(HERE, RANGE, 120);
  if (pair === undefined || other === undefined) throw new Error('no ports');
  const clock = { now: () => now, after: () => ({ cancel: () => undefined }) };
  const hostile = new PacketRelay([pair, other], clock, totals);
  hostile.announce(0, { ...hiddenPeer(), rtcp: { address: HERE, port: 65_536 } });
  hostile.announce(1, hiddenPeer());
  const data = serialiseRtp(packet({ sequence: 1 }));
  const from = (port: number) => ({ address: HERE, port, family: 'IPv4', size: data.length });
  pair.rtp.emit('message', data, from(0));
  other.rtp.emit('message', data, from(5000));
  other.rtcp.emit('message', Buffer.from('80c90001', 'hex'), from(5001));
  expect(totals.dropped).toBe(3);
  await hostile.close();
});
