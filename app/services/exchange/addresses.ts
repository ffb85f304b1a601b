/** Where the office listens, in the words of people who type it. */
import type { NetworkInterfaceInfo } from 'node:os';

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
  const [, host = '127.0.0.1', port = '5060'] = /\/\/(.+):(\d+)$/.exec(listeners[0] ?? '') ?? [];
  return `${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
}
