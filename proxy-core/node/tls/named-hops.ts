/**
 * Whom a server must prove to be: the domain of the URI, not what DNS made of it on the way to an address, since DNS is not
 * to be believed (RFC 5922 §7.2, RFC 3263 §4.1).
 */
import type { Resolve } from '../../server/parts.ts';
import type { SipUri } from '../../sip/grammar/uri.ts';
import { type Hop, isSecure } from '../../sip/transport/port.ts';

export function namedHops(resolve: Resolve): Resolve {
  return (uri) => {
    const found = resolve(uri);
    return found instanceof Promise ? found.then((hops) => named(hops, uri)) : named(found, uri);
  };
}

function named(hops: readonly Hop[], uri: SipUri): readonly Hop[] {
  const isAddress = uri.host.startsWith('[') || /^[\d.]+$/.test(uri.host);
  if (isAddress || !hops.some(({ transport }) => isSecure(transport))) return hops;
  const name = uri.host.toLowerCase();
  return hops.map((hop) => (isSecure(hop.transport) ? { ...hop, name } : hop));
}
