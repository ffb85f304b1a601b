/** Two UDP sockets on neighbouring ports: RTP on an even one, RTCP on the odd one above (RFC 3550 §11). */
import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { RandomBelow } from './clock.ts';

export interface PortRange {
  readonly min: number;
  /** Included. */
  readonly max: number;
}

/** Below the ports that systems hand out by themselves (from 32768 on Linux, 49152 elsewhere). */
export const DEFAULT_PORTS: PortRange = { min: 16384, max: 32767 };

export interface PortPair {
  readonly address: string;
  /** Of RTP; RTCP is one above. */
  readonly port: number;
  readonly rtp: Socket;
  readonly rtcp: Socket;
  close(): Promise<void>;
}

export class PortsExhaustedError extends Error {
  override readonly name = 'PortsExhaustedError';
}

/** More tries than this mean that something else is wrong than a few ports in use. */
const MAX_TRIES = 256;

/**
 * Binds a pair on `address` (a literal), starting somewhere in the range and going on until two neighbours are free.
 * Throws PortsExhaustedError with the last socket error as its cause.
 */
export async function openPortPair(address: string, range: PortRange, random: RandomBelow): Promise<PortPair> {
  const first = range.min + (range.min % 2);
  const pairs = Math.floor((range.max - first + 1) / 2);
  const start = pairs > 0 ? random(pairs) : 0;
  let cause: unknown;
  for (let i = 0; i < Math.min(pairs, MAX_TRIES); i++) {
    const port = first + ((start + i) % pairs) * 2;
    try {
      return await bindPair(address, port);
    } catch (error) {
      cause = error;
      if (!isInUse(error)) break;
    }
  }
  throw new PortsExhaustedError(`No free pair of RTP ports on ${address} from ${range.min} to ${range.max}`, { cause });
}

async function bindPair(address: string, port: number): Promise<PortPair> {
  const rtp = await bind(address, port);
  try {
    const rtcp = await bind(address, port + 1);
    const close = async (): Promise<void> => {
      await Promise.all([closeSocket(rtp), closeSocket(rtcp)]);
    };
    return { address, port, rtp, rtcp, close };
  } catch (error) {
    await closeSocket(rtp);
    throw error;
  }
}

function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket(isIP(address) === 6 ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', refuse);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', refuse);
      // A single failed send (an interface that went away) must not end the call, still less the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.removeAllListeners('message');
    try {
      socket.close(() => resolve());
    } catch {
      resolve();
    }
  });
}

/** EACCES is what Windows says of ports that it keeps for itself. */
const isInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
