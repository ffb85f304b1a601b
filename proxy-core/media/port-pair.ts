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

/** A socket that asks no resolver: only literal addresses come here, and binding and sending happen at once. */
const literal = (
  name: string,
  _options: unknown,
  found: (error: null, address: string, family: number) => void,
): void => found(null, name, isIP(name));

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
  const { first, pairs } = pairsOf(range);
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

/**
 * Binds a pair at once, starting at the `start`th of the range: undefined where none of the ports tried is free.
 * @throws the system's error where it is another than a port in use.
 */
export function takePortPair(address: string, range: PortRange, start: number): PortPair | undefined {
  const { first, pairs } = pairsOf(range);
  for (let i = 0; i < Math.min(pairs, MAX_TRIES); i++) {
    const port = first + ((start + i) % pairs) * 2;
    try {
      return takePair(address, port);
    } catch (error) {
      if (!isInUse(error)) throw error;
    }
  }
  return undefined;
}

/** RTP ports are even; both of a pair must lie in the range. */
export function pairsOf({ min, max }: PortRange): { readonly first: number; readonly pairs: number } {
  const first = min + (min % 2);
  return { first, pairs: Math.max(0, Math.floor((max - first + 1) / 2)) };
}

function takePair(address: string, port: number): PortPair {
  const rtp = bindNow(address, port);
  try {
    return pairOf(address, port, rtp, bindNow(address, port + 1));
  } catch (error) {
    rtp.close();
    throw error;
  }
}

/** With a lookup that answers at once, dgram binds within the call and tells a refusal by its event before it returns. */
function bindNow(address: string, port: number): Socket {
  const socket = newSocket(address);
  let refusal: Error | undefined;
  socket.once('error', (error) => {
    refusal = error;
  });
  socket.bind({ address, port, exclusive: true });
  if (refusal !== undefined) {
    socket.close();
    throw refusal;
  }
  return settled(socket);
}

function newSocket(address: string): Socket {
  const six = isIP(address) === 6;
  return createSocket({ type: six ? 'udp6' : 'udp4', ...(six && { ipv6Only: true }), lookup: literal });
}

/** A single failed send (an interface that went away) must not end the call, still less the process. */
function settled(socket: Socket): Socket {
  socket.removeAllListeners('error');
  return socket.on('error', () => undefined);
}

function pairOf(address: string, port: number, rtp: Socket, rtcp: Socket): PortPair {
  const close = async (): Promise<void> => {
    await Promise.all([closeSocket(rtp), closeSocket(rtcp)]);
  };
  return { address, port, rtp, rtcp, close };
}

async function bindPair(address: string, port: number): Promise<PortPair> {
  const rtp = await bindSocket(address, port);
  try {
    return pairOf(address, port, rtp, await bindSocket(address, port + 1));
  } catch (error) {
    await closeSocket(rtp);
    throw error;
  }
}

/** A socket on `address` that asks no resolver, and that no failed send ends. @param port 0 for any. */
export function bindSocket(address: string, port: number): Promise<Socket> {
  const socket = newSocket(address);
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', refuse);
    socket.bind({ address, port, exclusive: true }, () => {
      resolve(settled(socket));
    });
  });
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.removeAllListeners('message');
    try {
      socket.close(() => resolve());
    } catch {
      // It is closed.
      resolve();
    }
  });
}

/** EACCES is what Windows says of ports that it keeps for itself. */
const isInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
