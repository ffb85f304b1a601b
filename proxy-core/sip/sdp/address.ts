/** Connection addresses: only literals are taken, so that a description can never start a name lookup (RFC 4566 §5.7). */

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export type AddressKind = 'unicast' | 'unspecified' | 'refused';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const IPV6 = /^[0-9a-f:]{2,39}$/i;

/** The family of a literal: 4, 6 or 0 when it is none. Octal, scoped and IPv4-in-IPv6 forms count as none. */
export function addressFamily(address: string): 4 | 6 | 0 {
  const parts = IPV4.exec(address);
  if (parts) return parts.slice(1).every((part) => Number(part) <= 255 && !/^0./.test(part)) ? 4 : 0;
  if (!IPV6.test(address)) return 0;
  const halves = address.split('::');
  const groups = address.split(':').filter((group) => group !== '');
  if (halves.length > 2 || groups.some((group) => group.length > 4)) return 0;
  return halves.length === 2 ? (groups.length < 8 ? 6 : 0) : groups.length === 8 && !/^:|:$/.test(address) ? 6 : 0;
}

/** `unspecified` is 0.0.0.0 or ::, the old way to say hold; multicast, broadcast and what is no literal are refused. */
export function addressKind(address: string): AddressKind {
  switch (addressFamily(address)) {
    case 4: {
      const first = Number(address.slice(0, address.indexOf('.')));
      if (address === '0.0.0.0') return 'unspecified';
      return first === 0 || first >= 224 ? 'refused' : 'unicast';
    }
    case 6:
      if (/^[0:]+$/.test(address)) return 'unspecified';
      return /^ff/i.test(address) ? 'refused' : 'unicast';
    default:
      return 'refused';
  }
}
