/** Ports of 127.0.0.1 that were free a moment ago, for programs that cannot choose their own. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below those that the system gives to whoever opens a connection (Linux: 32768 and up), so that nobody takes one
 * between the question and its use.
 */
const FIRST = 12_000;
const COUNT = 20_000;
const MAX_TRIES = 2_000;

/** Tests run in several processes: each begins elsewhere. */
let next = Math.floor(Math.random() * COUNT);

/** A port that is free for UDP and TCP, and so is the one after it, which some programs take for TLS. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = FIRST + (next % COUNT);
    next += 2;
    const isFree = await Promise.all([port, port + 1].flatMap((one) => [udpIsFree(one), tcpIsFree(one)]));
    if (isFree.every(Boolean)) return port;
  }
  throw new Error('no port is free');
}

function tcpIsFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function udpIsFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
