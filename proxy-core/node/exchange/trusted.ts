/** Networks from what a person wrote: against whom nothing is held, and who may tell whose a connection is. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { StartError } from '../start-options.ts';

const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1'];

/**
 * @param networks such as `192.0.2.0/24`, `2001:db8::/32` or one address; with `loopback` that is trusted besides.
 * @throws StartError with one sentence.
 */
export function trustedNetworks(networks: readonly string[], loopback: boolean): (host: string) => boolean {
  const list = new BlockList();
  for (const text of loopback ? [...LOOPBACK, ...networks] : networks) add(list, text);
  return (host) => isIP(host) !== 0 && list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

function add(list: BlockList, text: string): void {
  const [, address = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const bits = family === 'ipv6' ? 128 : 32;
  const prefix = Number(length ?? bits);
  if (isIP(address) === 0 || prefix > bits) {
    throw new StartError(`"${text}" is no network: write it as 192.0.2.0/24 or 2001:db8::/32.`);
  }
  list.addSubnet(address, prefix, family);
}
