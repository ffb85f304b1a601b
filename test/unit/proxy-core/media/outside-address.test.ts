/** Calls of an account with a STUN server: what it tells, and what it may not. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { ATTRIBUTE, readStun, writeAddress, writeStun } from '../../../../proxy-core/media/ice/stun-message.ts';
import { MediaGateway } from '../../../../proxy-core/media/index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { until } from '../../../support/until.ts';
import { packet } from './parts.ts';
import { RtpEnd } from './rtp-end.ts';
import { WindowEnd } from './window-end.ts';

const ID = { sessionId: 'call', accountId: 'me' };
const closers: Array<() => Promise<void> | void> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Answer = (transactionId: string, port: number) => Buffer | undefined;

const seenAt =
  (address: string, shift: (port: number) => number): Answer =>
  (transactionId, port) => {
    const value = writeAddress({ address, port: shift(port) }, transactionId);
    return writeStun({ kind: 'success', method: 1, transactionId }, [[ATTRIBUTE.XOR_MAPPED_ADDRESS, value]]);
  };

/** A server that answers so, and tells what it got. */
async function server(answer: Answer) {
  const got: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (data, { address, port }) => {
    const message = readStun(data);
    if (!message) return;
    got.push(message.kind);
    const reply = message.kind === 'request' ? answer(message.transactionId, port) : undefined;
    if (reply) socket.send(reply, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => void socket.close());
  return { got, at: { address: '127.0.0.1', port: socket.address().port } };
}

async function phone(at: { readonly address: string; readonly port: number }, ice: 'never' | 'offered' = 'offered') {
  const clock = new FakeClock();
  const gateway = new MediaGateway({
    localHost: () => '127.0.0.1',
    loopback: true,
    protection: () => ({ wanted: 'never', offered: 'sdes' }),
    ice: () => ice,
    servers: async (accountId, family) => (accountId === 'me' && family === 4 ? { stun: at } : {}),
    clock,
  });
  const window = await WindowEnd.open();
  closers.push(
    () => gateway.closeAll(),
    () => window.close(),
  );
  /** The offer; time passes meanwhile where that is said. */
  const offer = async (stepMs = 0): Promise<string> => {
    let sdp: string | undefined;
    const made = gateway.offer({ ...ID, webrtcOffer: window.offer() }).then((result) => {
      sdp = result.ok ? result.sipOffer : expect.fail(result.reason);
    });
    await until('the offer', () => {
      if (sdp === undefined) clock.advance(stepMs);
      return sdp !== undefined;
    });
    await made;
    return sdp ?? '';
  };
  return { gateway, window, clock, offer };
}

const own = (sdp: string): number[] =>
  [...sdp.matchAll(/^a=candidate:host . UDP \d+ 127\.0\.0\.1 (\d+) typ host/gm)].map((match) => Number(match[1]));

describe('an account with a STUN server', () => {
  it('names the address that is seen from outside, with ICE for those who have it', async () => {
    const { at } = await server(seenAt('127.0.0.9', (port) => port + 30_000));
    const sdp = await (await phone(at)).offer();
    const [rtp = 0, rtcp = 0] = own(sdp);
    expect(rtcp).toBe(rtp + 1);
    expect(sdp).toContain('c=IN IP4 127.0.0.9\r\n');
    expect(sdp).toContain(`m=audio ${rtp + 30_000} RTP/AVP`);
    expect(sdp).toContain(`127.0.0.9 ${rtcp + 30_000} typ srflx raddr 127.0.0.1 rport ${rtcp}\r\n`);
    expect(sdp).not.toContain('a=rtcp:');
  });

  it('says where RTCP is seen when that is not beside RTP, and has sound with a peer without ICE', async () => {
    const { at } = await server(seenAt('127.0.0.1', (port) => (port % 2 === 0 ? port : port + 10)));
    const { gateway, window, offer } = await phone(at, 'never');
    const peer = await RtpEnd.open();
    closers.push(() => peer.close());
    const sdp = await offer();
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
    expect(sdp).toContain(`a=rtcp:${port + 11}\r\n`);
    expect(sdp).not.toMatch(/a=(ice|candidate)/);
    const made = await gateway.answer({ ...ID, sipAnswer: peer.sdp('0') });
    if (!made.ok) return expect.fail(made.reason);
    await window.connect(made.webrtcAnswer);
    peer.send(port, packet({ sequence: 1 }));
    window.send(0, 0, Buffer.from([1]));
    await until('sound both ways', () => peer.received.length === 1 && window.received.length === 1);
  });

  it('keeps the way through the NAT open, and asks once for a call', async () => {
    const { at, got } = await server(seenAt('127.0.0.9', (port) => port));
    const { clock, offer, gateway } = await phone(at);
    const first = await offer();
    const asked = got.length;
    expect(await offer()).toBe(first);
    expect(got).toHaveLength(asked);
    clock.advance(15_000);
    await until('signs of life', () => got.filter((kind) => kind === 'indication').length === 2);
    await gateway.closeAll();
    expect(clock.waiting).toBe(0);
  });

  it.each<[string, Answer]>([
    ['is silent', () => undefined],
    ['answers what nobody asked', (_, port) => seenAt('127.0.0.9', () => port)('ab'.repeat(12), port)],
    ['names an address elsewhere', seenAt('192.0.2.1', (port) => port)],
    ['names a group', seenAt('239.0.0.1', (port) => port)],
    ['names no port', seenAt('127.0.0.9', () => 0)],
    ['answers rubbish', () => Buffer.from([1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42])],
  ])('calls with its own address, two seconds later, where the server %s', async (_, answer) => {
    const { at } = await server(answer);
    const { offer, clock } = await phone(at);
    const start = clock.now();
    const sdp = await offer(400);
    expect(clock.now() - start).toBeGreaterThanOrEqual(2000);
    expect(sdp).toContain('c=IN IP4 127.0.0.1\r\n');
    expect(sdp).not.toContain('candidate');
  });

  it('believes no one but the server', async () => {
    const strangers = await server(() => undefined);
    const stranger = createSocket('udp4');
    closers.push(() => void stranger.close());
    const { at } = await server((transactionId, port) => {
      const forged = seenAt('127.0.0.66', () => 666)(transactionId, port);
      if (forged) stranger.send(forged, port, '127.0.0.1');
      return undefined;
    });
    expect(strangers.got).toEqual([]);
    expect(await (await phone(at)).offer(400)).not.toContain('127.0.0.66');
  });
});
