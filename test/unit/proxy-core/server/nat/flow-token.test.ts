/** The way back, written into a Contact and read again. */
import { expect, test } from 'vitest';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import { FLOW_PARAM, FlowTokens } from '../../../../../proxy-core/server/nat/flow-token.ts';
import { parseUri, type SipUri } from '../../../../../proxy-core/sip/grammar/uri.ts';
import type { FlowId, Hop } from '../../../../../proxy-core/sip/transport/port.ts';

const tokens = new FlowTokens('secret', nodeHashes.sha256);

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
  expect(new FlowTokens('secret', nodeHashes.sha256).read(uri)).toEqual(way);
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
  expect(new FlowTokens('other', nodeHashes.sha256).read(uriWith(token))).toBeUndefined();
  expect(tokens.read(uriWith('x'))).toBeUndefined();
  expect(tokens.read(uriWith(''))).toBeUndefined();
});

test('a listener that cannot stand in a URI is not written', () => {
  expect(tokens.make({ ...ways[0]!, listener: 'udp://[fe80::1%eth0]:5060' })).toBeUndefined();
});
