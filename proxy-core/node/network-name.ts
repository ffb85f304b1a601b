/** One name for each network, however a person writes it. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** As it is kept and told: 192.0.2.7/24 is 192.0.2.0/24, and one address has no `/`. Undefined of what is no network. */
export function asNetwork(text: string): string | undefined {
  const [, host = '', length] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (isIP(host) === 0) return undefined;
  const address = ipaddr.process(host);
  const whole = address.kind() === 'ipv6' ? 128 : 32;
  const bits = Number(length ?? whole);
  if (bits > whole) return undefined;
  if (bits === whole) return address.toString();
  const cidr = `${address.toString()}/${bits}`;
  const first = whole === 32 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${first.toString()}/${bits}`;
}
