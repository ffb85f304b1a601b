import { createSocket } from 'node:dgram';
import { afterEach, expect, it } from 'vitest';
import { MediaGateway } from '../../../../proxy-core/media/index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { until } from '../../../support/until.ts';
import { WindowEnd } from './window-end.ts';

/** Few enough for a stranger to try each. */
const PORTS = { min: 28_600, max: 28_663 };
const ID = { sessionId: 'echo-1' };
const closers: Array<() => Promise<void> | void> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function testCall() {
  const clock = new FakeClock();
  const gateway = new MediaGateway({
    // No account has a connection, and those that had would want protection: a test call needs neither.
    localHost: () => undefined,
    protection: () => ({ wanted: 'always', offered: 'sdes' }),
    clock,
    portRange: PORTS,
  });
  const window = await WindowEnd.open();
  closers.push(
    () => gateway.closeAll(),
    () => window.close(),
  );
  const made = await gateway.echo({ ...ID, webrtcOffer: window.offer() });
  if (!made.ok) throw new Error(made.reason);
  await window.connect(made.webrtcAnswer);
  return { clock, gateway, window };
}

it('gives back what it hears, as it was, a second later and by way of UDP', async () => {
  const { clock, gateway, window } = await testCall();
  const before = clock.waiting;
  for (let i = 0; i < 10; i++) {
    window.send(111, i * 960, Buffer.from([i, 2, 3]));
    await until(`packet ${i} to go out`, () => gateway.stats(ID)?.sent === i + 1);
    // It is on its way to the other end and waits there.
    await until(`packet ${i} to wait`, () => clock.waiting > before + i);
    clock.advance(20);
  }
  expect(window.received).toHaveLength(0);
  for (let i = 0; i < 10; i++) {
    clock.advance(i === 0 ? 1_000 : 20);
  }
  await until('all to come back', () => window.received.length === 10);
  expect(window.received.map((packet) => [packet.payloadType, ...packet.payload])).toEqual(
    Array.from({ length: 10 }, (_, i) => [111, i, 2, 3]),
  );
});

it('refuses the name of a call that is on, and what is no offer', async () => {
  const { gateway, window } = await testCall();
  expect(await gateway.echo({ ...ID, webrtcOffer: window.offer() })).toMatchObject({ ok: false, status: 400 });
  expect(await gateway.echo({ sessionId: 'other', webrtcOffer: 'v=0' })).toMatchObject({ ok: false, status: 400 });
  expect(gateway.stats({ sessionId: 'other' })).toBeNull();
});

it('lets every socket and timer go when it is closed', async () => {
  const { clock, gateway, window } = await testCall();
  window.send(111, 0, Buffer.from([1]));
  await until('the packet to go out', () => gateway.stats(ID)?.sent === 1);
  await gateway.close(ID);
  expect(clock.waiting).toBe(0);
});

it('is deaf to strangers on this computer', async () => {
  const { clock, gateway, window } = await testCall();
  const before = clock.waiting;
  const stranger = createSocket('udp4');
  closers.push(() => void stranger.close());
  window.send(111, 0, Buffer.from([1]));
  await until('the packet to wait', () => gateway.stats(ID)?.sent === 1);
  for (let port = PORTS.min; port < PORTS.max; port += 2) stranger.send(Buffer.alloc(20, 0x80), port, '127.0.0.1');
  await until('the packet alone', () => clock.waiting > before);
  clock.advance(1_000);
  await until('it to come back', () => window.received.length > 0);
  expect(window.received.map((packet) => [...packet.payload])).toEqual([[1]]);
});
