/** The way back, written into a Contact and read again. */
import { expect, test } from 'vitest';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import { FLOW_PARAM, FlowTokens } from '../../../../../proxy-core/server/nat/flow-token.ts';
import { parseUri, type SipUri } from '../../../../../proxy-core/sip/grammar/uri.ts';
import type { FlowId, Hop } from '../../../../../proxy-core/sip/transport/port.ts';

const HOUR_MS = 3_600_000;
let now = 1_800_000_000_000;
const made = (secret = 'secret') => new FlowTokens(secret, nodeHashes.sha256, () => now);
const tokens = made();

function uriWith(token: string | undefined): SipUri {
  const uri = parseUri(`sip:1001@10.0.0.7:5060;ob;${FLOW_PARAM}=${token}`);
  if (!uri.ok) throw new Error(uri.error);
  return uri.value;
}

const ways: Hop[] = [
  { transport: 'UDP', host: '192.0.2.7', port: 40_001, listener: 'udp://192.0.2.1:5060' },
  { transport: 'UDP', host: '2001:db8::7', port: 40_001, listener: 'udp://[2001:db8::1]:5060' },
  { transport: 'UDP', host: '192.0.2.7', port: 40_001 },
  { transport: 'TCP', host: '192.0.2.7', port: 40_001, listener: 'tcp://192.0.2.1:5060', flow: 'tcp-1a2b-7' as FlowId },
  { transport: 'WSS', host: '192.0.2.7', port: 40_001, listener: 'wss://192.0.2.1:443', flow: 'ws-3' as FlowId },
];

test.each(ways)('$transport $host from $listener comes back as it was, also after a restart', (way) => {
  const uri = uriWith(tokens.make(way));
  expect(made().read(uri)).toEqual(way);
});

test('a datagram’s flow is its addresses and is not written', () => {
  expect(tokens.make({ ...ways[2]!, flow: 'udp://192.0.2.1:5060>192.0.2.7:40001' as FlowId })).toBe(
    tokens.make(ways[2]!),
  );
});

test('what another made up leads nowhere', () => {
  const token = tokens.make(ways[0]!) ?? '';
  expect(tokens.read(uriWith(token.replace('192.0.2.7', '192.0.2.8')))).toBeUndefined();
  expect(tokens.read(uriWith(token.replace('40001', '40002')))).toBeUndefined();
  expect(tokens.read(uriWith(token.replace(/.$/, (last) => (last === '0' ? '1' : '0'))))).toBeUndefined();
  expect(made('other').read(uriWith(token))).toBeUndefined();
  expect(tokens.read(uriWith('x'))).toBeUndefined();
  expect(tokens.read(uriWith(''))).toBeUndefined();
  expect(tokens.read(uriWith(token.replace('udp:', `${'x'.repeat(100)}udp:`)))).toBeUndefined();
});

test('it ends after two days, and nobody can make it younger', () => {
  const token = tokens.make(ways[0]!) ?? '';
  const hour = token.split('~')[5] ?? '';
  now += 48 * HOUR_MS;
  expect(tokens.read(uriWith(token))).toEqual(ways[0]);
  now += HOUR_MS;
  expect(tokens.read(uriWith(token))).toBeUndefined();
  const young = Math.floor(now / HOUR_MS).toString(36);
  expect(tokens.read(uriWith(token.replace(`~${hour}~`, `~${young}~`)))).toBeUndefined();
  expect(tokens.read(uriWith(tokens.make(ways[0]!)))).toEqual(ways[0]);
});

test('a clock that was set back a little takes nobody’s way', () => {
  const uri = uriWith(tokens.make(ways[0]!));
  now -= 5 * HOUR_MS;
  expect(tokens.read(uri)).toEqual(ways[0]);
});

test('a listener that cannot stand in a URI is not written', () => {
  expect(tokens.make({ ...ways[0]!, listener: 'udp://[fe80::1%eth0]:5060' })).toBeUndefined();
});
