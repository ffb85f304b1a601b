/** Takes the PROXY header off a connection that has just been accepted, and leaves what follows it where it was. */
import type { Socket } from 'node:net';
import { type ProxyHeader, readProxyHeader } from './proxy-header.ts';

/**
 * Calls `done` once with the header, or with the reason why there is none; not at all when the socket closes before.
 * @param ms for the whole header to come.
 */
export function takeProxyHeader(socket: Socket, ms: number, done: (result: ProxyHeader | string) => void): void {
  let taken: Buffer = Buffer.alloc(0);
  const finish = (result: ProxyHeader | string): void => {
    clearTimeout(timer);
    socket.removeListener('readable', read);
    socket.removeListener('close', forget);
    if (typeof result !== 'string' && taken.length > result.length) socket.unshift(taken.subarray(result.length));
    done(result);
  };
  const read = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    taken = taken.length === 0 ? chunk : Buffer.concat([taken, chunk]);
    const reading = readProxyHeader(taken);
    if (reading.state === 'whole') finish(reading.header);
    else if (reading.state === 'refused') finish(reading.reason);
  };
  const forget = (): void => clearTimeout(timer);
  const timer = setTimeout(() => finish('a PROXY header that did not come in time'), ms);
  timer.unref();
  socket.on('readable', read);
  socket.once('close', forget);
}
