/** Where a response goes when its connection is gone: by DNS, and never into a network that its sender is not in. */
import { expect, test } from 'vitest';
import { sentByHops } from '../../../../proxy-core/server/sent-by.ts';
import type { SipUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import { parseVia } from '../../../../proxy-core/sip/message/via.ts';
import type { Hop, TransportName } from '../../../../proxy-core/sip/transport/port.ts';

const hop = (transport: TransportName, host: string, port = 5060): Hop => ({ transport, host, port });

async function found(sentBy: string, tried: Hop, known: readonly Hop[] | 'fails'): Promise<[string[], string]> {
  const via = parseVia(`SIP/2.0/${tried.transport} ${sentBy};branch=z9hG4bK1`);
  if (!via.ok) throw new Error(via.error);
  let asked = '';
  const resolve = (uri: SipUri) => {
    asked = uri.toString();
    return known === 'fails' ? Promise.reject(new Error('no DNS')) : Promise.resolve(known);
  };
  const hops = await new Promise<readonly Hop[]>((done) => sentByHops(resolve)(via.value, tried, done));
  return [hops.map(({ host, port }) => `${host}:${port}`), asked];
}

test.each<[what: string, sentBy: string, tried: Hop, known: readonly Hop[] | 'fails', hops: string[], asked: string]>([
  [
    'the servers of a name',
    'pbx.example',
    hop('TCP', '203.0.113.9'),
    [hop('TCP', '203.0.113.10'), hop('TCP', '203.0.113.11', 5070)],
    ['203.0.113.10:5060', '203.0.113.11:5070'],
    'sip:pbx.example;transport=tcp',
  ],
  [
    'over TLS where it was TLS',
    'pbx.example:5062',
    hop('TLS', '203.0.113.9'),
    [hop('TLS', '203.0.113.10'), hop('TCP', '203.0.113.10')],
    ['203.0.113.10:5060'],
    'sips:pbx.example:5062;transport=tcp',
  ],
  [
    'not what was tried already',
    'pbx.example',
    hop('TCP', '203.0.113.9'),
    [hop('TCP', '203.0.113.9')],
    [],
    'sip:pbx.example;transport=tcp',
  ],
  [
    'not our own network for one from outside',
    '10.0.0.1:22',
    hop('TCP', '203.0.113.9'),
    [hop('TCP', '10.0.0.1', 22), hop('TCP', '127.0.0.1', 22)],
    [],
    'sip:10.0.0.1:22;transport=tcp',
  ],
  ['nothing without DNS', 'pbx.example', hop('TCP', '203.0.113.9'), 'fails', [], 'sip:pbx.example;transport=tcp'],
])('%s', async (_what, sentBy, tried, known, hops, asked) => {
  expect(await found(sentBy, tried, known)).toEqual([hops, asked]);
});
