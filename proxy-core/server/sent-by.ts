/** Where the sender of a request is to be found by the sent-by of its Via, as RFC 3263 §5 has it. */
import { parseUri } from '../sip/grammar/uri.ts';
import type { FindSentBy } from '../sip/transport/last-ways.ts';
import type { Hop } from '../sip/transport/port.ts';
import { realmOf } from './nat/addresses.ts';
import type { Resolve } from './parts.ts';

/** A stranger from outside cannot name a place in our own network by it. */
export function sentByHops(resolve: Resolve): FindSentBy {
  return (via, tried, found) => {
    const uri = parseUri(`${tried.transport === 'TLS' ? 'sips' : 'sip'}:${via.sentBy};transport=tcp`);
    const others = (hops: readonly Hop[]): void =>
      found(
        hops.filter(
          ({ transport, host, port }) =>
            transport === tried.transport &&
            realmOf(host) === realmOf(tried.host) &&
            !(host === tried.host && port === tried.port),
        ),
      );
    const hops = uri.ok ? resolve(uri.value) : [];
    if (hops instanceof Promise) hops.then(others, () => found([]));
    else others(hops);
  };
}
