import { expect, it } from 'vitest';
import { namedHops } from '../../../../../proxy-core/node/tls/named-hops.ts';
import { parseUri } from '../../../../../proxy-core/sip/grammar/uri.ts';
import type { Hop, TransportName } from '../../../../../proxy-core/sip/transport/port.ts';

const hop = (transport: TransportName): Hop => ({ transport, host: '192.0.2.1', port: 5061 });

it.each<[string, readonly TransportName[], readonly (string | undefined)[]]>([
  ['sips:bob@Example.org', ['TLS', 'WSS'], ['example.org', 'example.org']],
  ['sip:bob@example.org', ['TLS', 'TCP', 'UDP'], ['example.org', undefined, undefined]],
  ['sips:example.org;maddr=192.0.2.1', ['TLS'], ['example.org']],
  ['sips:192.0.2.1', ['TLS'], [undefined]],
  ['sips:[2001:db8::1]', ['TLS'], [undefined]],
])('%s is to be proved, at once and later', async (text, transports, names) => {
  const uri = parseUri(text);
  if (!uri.ok) throw new Error(text);
  const hops = transports.map(hop);
  expect((await namedHops(() => hops)(uri.value)).map(({ name }) => name)).toEqual(names);
  expect((await namedHops(async () => hops)(uri.value)).map(({ name }) => name)).toEqual(names);
});
