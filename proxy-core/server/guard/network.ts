/** Whom an address stands for when it is held against someone. */

/**
 * An IPv4 address stands for itself, an IPv6 address for its /64, of which one customer has 2^64 (RFC 6177 §2): as
 * `2001:db8:0:1::/64`. What is no address is its own name.
 */
export function networkOf(host: string): string {
  if (!host.includes(':')) return host;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = (host.split('%')[0] ?? host).toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...new Array<string>(zeros).fill('0'), ...last].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
