/** How long a connection is given, by a clock that is turned by hand. */
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StreamConnection } from '../../../../../proxy-core/node/transport/stream-connection.ts';
import { STREAM_LIMITS } from '../../../../../proxy-core/node/transport/stream-limits.ts';
import type { FlowId } from '../../../../../proxy-core/sip/transport/port.ts';

const { firstMessageMs, idleMs } = STREAM_LIMITS;
const MESSAGE = 'MESSAGE sip:b@x SIP/2.0\r\nContent-Length: 0\r\n\r\n';
const HALF = MESSAGE.slice(0, 20);
const REST = MESSAGE.slice(20);

function accepted() {
  const socket = Object.assign(new PassThrough(), { setNoDelay: () => {}, setKeepAlive: () => {} });
  const got: string[] = [];
  new StreamConnection({
    socket: socket as unknown as Socket,
    source: { transport: 'TCP', host: '127.0.0.1', port: 9, flow: 'tcp-1' as FlowId, listener: '' },
    accepted: true,
    limits: STREAM_LIMITS,
    received: (wire) => void got.push(wire),
    closed: () => {},
  });
  const come = (text: string): boolean => socket.emit('data', Buffer.from(text, 'latin1'));
  return { socket, got, come };
}

it('who does not read gets no answers to keep-alives: they would only pile up', () => {
  const { socket, come } = accepted();
  socket.cork();
  for (let i = 0; i < 100; i++) come('\r\n\r\n'.repeat(100));
  expect(socket.writableLength).toBeLessThan(2000);
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('a busy peer whose pieces never end where a message does keeps its connection', () => {
  const { socket, got, come } = accepted();
  come(HALF);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(firstMessageMs / 2);
    come(REST + HALF);
  }
  expect([got.length, socket.destroyed]).toEqual([10, false]);
  vi.advanceTimersByTime(firstMessageMs);
  expect(socket.destroyed).toBe(true);
});

it('a message that comes byte by byte does not', () => {
  const { socket, come } = accepted();
  for (let i = 0; i < 10; i++) {
    come('a');
    vi.advanceTimersByTime(firstMessageMs / 8);
  }
  expect(socket.destroyed).toBe(true);
});

it('keep-alives alone do not keep a new connection, but one that has spoken SIP', () => {
  const silent = accepted();
  const spoken = accepted();
  spoken.come(MESSAGE);
  for (let i = 0; i < 10; i++) {
    silent.come('\r\n\r\n');
    spoken.come('\r\n\r\n');
    vi.advanceTimersByTime(firstMessageMs / 8);
  }
  expect([silent.socket.destroyed, spoken.socket.destroyed]).toEqual([true, false]);
  vi.advanceTimersByTime(idleMs);
  expect(spoken.socket.destroyed).toBe(true);
});
