/** The relay's sockets on loopback: which address a side is told, both families, and ports that run out. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serialiseRtp } from '../../../../proxy-core/media/rtp-packet.ts';
import { RtpRelay, type RtpRelayOptions } from '../../../../proxy-core/node/rtp-relay.ts';
import type { RelayStream } from '../../../../proxy-core/server/nat/ports.ts';
import type { RelayPeer } from '../../../../proxy-core/sip/sdp/relay-peer.ts';
import type { Hop } from '../../../../proxy-core/sip/transport/port.ts';
import { until } from '../../../support/until.ts';
import { packet } from '../media/parts.ts';

const V4 = 'udp://127.0.0.1:5060';
const V6 = 'udp://[::1]:5060';
const PORTS = { min: 43_000, max: 43_100 };

const sockets: Socket[] = [];
const streams: RelayStream[] = [];
let faults: string[];

beforeEach(() => {
  faults = [];
});

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
  for (const socket of sockets.splice(0)) socket.close();
});

const relayWith = (more: Partial<RtpRelayOptions> = {}): RtpRelay =>
  new RtpRelay({
    ports: PORTS,
    listeners: [V4, V6],
    sentBy: ({ host }) => ({ sentBy: host.includes(':') ? '[::1]:5060' : '127.0.0.1:5060' }),
    log: { info: () => undefined, warn: () => undefined, error: (text) => void faults.push(text) },
    ...more,
  });

const hop = (host: string, listener?: string): Hop => ({ transport: 'UDP', host, port: 5070, listener });

function opened(relay: RtpRelay, caller: Hop, callee: Hop): RelayStream {
  const stream = relay.open(caller, callee);
  if (stream === undefined) throw new Error(`no stream: ${faults}`);
  streams.push(stream);
  return stream;
}

async function end(host: string) {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').bind(0, host);
  sockets.push(socket);
  await once(socket, 'listening');
  const heard: Buffer[] = [];
  socket.on('message', (data) => heard.push(data));
  return { socket, heard, port: socket.address().port };
}

const peer = (address: string, port: number): RelayPeer => ({
  rtp: { address, port },
  rtcp: { address, port: port + 1 },
  ...{ expected: address, isStrict: true, isMuxed: false, isRtp: true },
});

test('joins a side on IPv4 with one on IPv6, and counts', async () => {
  const relay = relayWith();
  const stream = opened(relay, hop('127.0.0.1', V4), hop('::1', V6));
  const [a, b] = [await end('127.0.0.1'), await end('::1')];
  stream.announce('caller', peer('127.0.0.1', a.port));
  stream.announce('callee', peer('::1', b.port));
  const [toCaller, toCallee] = [stream.local('caller'), stream.local('callee')];
  expect([toCaller.address, toCallee.address]).toEqual(['127.0.0.1', '::1']);
  expect(toCaller.port % 2).toBe(0);
  expect(toCaller.rtcpPort).toBe(toCaller.port + 1);
  a.socket.send(serialiseRtp(packet()), toCaller.port, toCaller.address);
  expect([stream.heard('caller'), stream.heard('callee')]).toEqual([false, false]);
  await until('the caller to be heard', () => b.heard.length === 1);
  expect([stream.heard('caller'), stream.heard('callee')]).toEqual([true, false]);
  b.socket.send(serialiseRtp(packet()), toCallee.port, toCallee.address);
  await until('the callee to be heard', () => a.heard.length === 1);
  expect(relay.totals).toMatchObject({ packets: 2, dropped: 0 });
  expect(stream.lastPacketAt).toBeGreaterThan(Date.now() - 10_000);
});

describe('the address that a side is told', () => {
  const own = { sentBy: () => ({ sentBy: '192.168.1.2:5060' }), listeners: [V4] };
  test.each([
    ['ours, without another', undefined, '203.0.113.9', '192.168.1.2'],
    ['that of the router, outside', '203.0.113.1', '203.0.113.9', '203.0.113.1'],
    ['ours, inside', '203.0.113.1', '192.168.1.9', '192.168.1.2'],
    ['ours, where the other is of another family', '2001:db8::1', '203.0.113.9', '192.168.1.2'],
  ])('is %s', (_what, address, host, told) => {
    const stream = opened(relayWith({ ...own, address }), hop(host), hop(host));
    expect(stream.local('callee').address).toBe(told);
    expect(stream.local('caller').address).toBe(told);
  });
});

test('gives nothing, and keeps nothing, when the ports run out', async () => {
  const relay = relayWith({ ports: { min: 43_200, max: 43_205 } });
  const first = opened(relay, hop('127.0.0.1'), hop('127.0.0.1'));
  expect(relay.open(hop('127.0.0.1'), hop('127.0.0.1'))).toBeUndefined();
  first.close();
  streams.length = 0;
  await until('the ports to be free again', () => {
    const again = relay.open(hop('127.0.0.1'), hop('127.0.0.1'));
    if (again !== undefined) streams.push(again);
    return again !== undefined;
  });
  expect(faults).toEqual([]);
});

test('says so when its address is gone', () => {
  const relay = relayWith({ listeners: ['udp://203.0.113.77:5060'] });
  expect(relay.open(hop('203.0.113.9'), hop('203.0.113.9'))).toBeUndefined();
  expect(faults).toHaveLength(1);
});
