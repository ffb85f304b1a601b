/** What the gateway finds out of the way to a peer that is silent, on real sockets. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { MediaGateway } from '../../../../proxy-core/media/index.ts';
import { WayWatch } from '../../../../proxy-core/media/way-watch.ts';
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

async function call() {
  const clock = new FakeClock();
  const gateway = new MediaGateway({
    localHost: () => '192.0.2.200',
    loopback: true,
    protection: () => ({ wanted: 'offered', offered: 'sdes' }),
    clock,
  });
  const window = await WindowEnd.open();
  const peer = await RtpEnd.open();
  let gone = false;
  const leave = (): void => {
    if (!gone) peer.close();
    gone = true;
  };
  closers.push(
    () => gateway.closeAll(),
    () => window.close(),
    leave,
  );
  const offered = await gateway.offer({ ...ID, webrtcOffer: window.offer() });
  if (!offered.ok) throw new Error(offered.reason);
  const sipAnswer = peer.sdp('0');
  const answered = await gateway.answer({ ...ID, sipAnswer });
  if (!answered.ok) throw new Error(answered.reason);
  await window.connect(answered.webrtcAnswer);
  const port = Number(/^m=audio (\d+)/m.exec(offered.sipOffer)?.[1]);
  const target = { address: '127.0.0.1', port: Number(/^m=audio (\d+)/m.exec(sipAnswer)?.[1]) };
  const way = () => gateway.stats(ID)?.way;
  return { clock, gateway, window, peer, leave, port, target, way };
}

it('knows where sound goes and what the window gave', async () => {
  const { window, target, way } = await call();
  expect(way()).toMatchObject({ target, local: '127.0.0.1', fromWindow: 0, answer: 'none', sendError: '' });
  window.send(0, 0, Buffer.alloc(160));
  window.send(99, 0, Buffer.alloc(160));
  await until('both packets', () => way()?.fromWindow === 2);
});

it('is told that nobody listens at the port of a silent peer', async () => {
  const { clock, leave, way } = await call();
  leave();
  clock.advance(3_000);
  await until('the refusal', () => {
    clock.advance(50);
    return way()?.answer === 'refused';
  });
});

it('hears nothing of a peer that is silent but there, and lets go of its question', async () => {
  const { clock, peer, way } = await call();
  const before = clock.waiting;
  clock.advance(3_000);
  await until('the question', () => peer.raw.some((data) => data.length === 0));
  clock.advance(1_000);
  expect(way()?.answer).toBe('none');
  expect(clock.waiting).toBeLessThanOrEqual(before);
});

it('counts what comes from elsewhere and what cannot be read, until the peer is heard', async () => {
  const { peer, port, way, gateway } = await call();
  peer.send(port, packet({ payloadType: 77, sequence: 1, timestamp: 160 }));
  await until('the unreadable one', () => way()?.unreadable === 1);
  peer.send(port, packet({ payloadType: 0, sequence: 2, timestamp: 320 }));
  await until('the peer', () => gateway.stats(ID)?.received === 1);
  expect(way()).toMatchObject({ unreadable: 0, foreign: 0, foreignFrom: null });
  const stranger = await RtpEnd.open();
  closers.push(() => stranger.close());
  stranger.send(port, packet({ payloadType: 0, sequence: 9, timestamp: 160 }));
  await until('the stranger', () => way()?.foreign === 1);
  expect(way()?.foreignFrom).toMatchObject({ address: '127.0.0.1' });
});

it('keeps the system’s word on what could not be sent, until something could', () => {
  const watch = new WayWatch(new FakeClock());
  watch.sent(Object.assign(new Error('no'), { code: 'EPERM' }));
  expect(watch.facts(undefined, '')).toMatchObject({ sendError: 'EPERM', target: null });
  watch.sent(null);
  expect(watch.facts(undefined, '').sendError).toBe('');
});

it('asks again each time, and stops with the call', async () => {
  const clock = new FakeClock();
  const watch = new WayWatch(clock);
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => void socket.close());
  const knocks: number[] = [];
  socket.on('message', (data) => knocks.push(data.length));
  const target = { address: '127.0.0.1', port: socket.address().port };
  watch.ask(target, '127.0.0.1');
  watch.ask(target, '127.0.0.1');
  await until('one knock', () => knocks.length > 0);
  watch.close();
  expect(clock.waiting).toBe(0);
  expect(knocks).toEqual([0]);
});
