/** Where the office listens: on 5060, or on the next port that is free for both UDP and TCP. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

const FIRST_PORT = 5060;
const TRIED_PORTS = 100;

/** Undefined when none of a hundred ports is free. */
export async function freePort(host: string): Promise<number | undefined> {
  for (let port = FIRST_PORT; port < FIRST_PORT + TRIED_PORTS; port += 1) {
    if ((await udpIsFree(host, port)) && (await tcpIsFree(host, port))) return port;
  }
  return undefined;
}

function udpIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

function tcpIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Listeners as other computers reach them: "every address" is spelled out, since nobody can type 0.0.0.0. */
export function reachable(
  listeners: readonly string[],
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
): readonly string[] {
  const own = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter((one) => !one.internal && one.family === 'IPv4')
    .map((one) => one.address);
  const addresses = own.length > 0 ? own : ['127.0.0.1'];
  return listeners.flatMap((listener) =>
    listener.includes('//0.0.0.0:')
      ? addresses.map((address) => listener.replace('//0.0.0.0:', `//${address}:`))
      : [listener],
  );
}

/** What a phone on this computer types as its server. */
export function localServer(listeners: readonly string[]): string {
  const [, host = '127.0.0.1', port = String(FIRST_PORT)] = /\/\/(.+):(\d+)$/.exec(listeners[0] ?? '') ?? [];
  return `${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
}
