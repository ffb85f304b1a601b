import type { NaptrRecord, SrvRecord } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { byPriority, createResolver, type DnsPort } from '../../../../proxy-core/node/dns.ts';
import { parseUri, type SipUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { TransportName } from '../../../../proxy-core/sip/transport/port.ts';

interface Zone {
  readonly naptr?: Record<string, NaptrRecord[]>;
  readonly srv?: Record<string, SrvRecord[]>;
  readonly addresses?: Record<string, string[]>;
}

function zone({ naptr = {}, srv = {}, addresses = {} }: Zone): DnsPort & { asked: string[] } {
  const asked: string[] = [];
  const answer =
    <T>(kind: string, records: Record<string, T[]>) =>
    async (name: string) => {
      asked.push(`${kind} ${name}`);
      return records[name] ?? [];
    };
  return { asked, naptr: answer('NAPTR', naptr), srv: answer('SRV', srv), addresses: answer('A', addresses) };
}

const uri = (text: string): SipUri => {
  const parsed = parseUri(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

const srv = (name: string, port: number, priority = 0, weight = 0): SrvRecord => ({ name, port, priority, weight });
const naptr = (service: string, replacement: string, order = 0): NaptrRecord => ({
  ...{ flags: 's', service, regexp: '', replacement, order, preference: 0 },
});

const both: TransportName[] = ['UDP', 'TCP'];
const addresses = { 'a.example': ['192.0.2.1'], 'b.example': ['192.0.2.2'], 'example.org': ['192.0.2.9'] };

const cases: [what: string, text: string, zone: Zone, hops: string[]][] = [
  ['a port: address records only', 'sip:a.example:5070', { addresses }, ['UDP 192.0.2.1:5070']],
  ['a port and a transport', 'sip:a.example:5070;transport=tcp', { addresses }, ['TCP 192.0.2.1:5070']],
  ['nothing but an address record', 'sip:example.org', { addresses }, ['UDP 192.0.2.9:5060']],
  [
    'SRV in the order of our transports',
    'sip:example.org',
    { addresses, srv: { '_sip._tcp.example.org': [srv('b.example', 5080)] } },
    ['TCP 192.0.2.2:5080'],
  ],
  [
    'SRV of the transport asked for',
    'sip:example.org;transport=tcp',
    {
      addresses,
      srv: { '_sip._tcp.example.org': [srv('a.example', 1)], '_sip._udp.example.org': [srv('b.example', 2)] },
    },
    ['TCP 192.0.2.1:1'],
  ],
  [
    'NAPTR before SRV',
    'sip:example.org',
    {
      addresses,
      naptr: { 'example.org': [naptr('SIP+D2U', 'u.example', 2), naptr('SIP+D2T', 't.example', 1)] },
      srv: { 'u.example': [srv('a.example', 1)], 't.example': [srv('b.example', 2)] },
    },
    ['TCP 192.0.2.2:2', 'UDP 192.0.2.1:1'],
  ],
  [
    'NAPTR without SRV behind it, by address',
    'sip:example.org',
    { addresses, naptr: { 'example.org': [naptr('SIP+D2U', 'u.example')] } },
    ['UDP 192.0.2.9:5060'],
  ],
  [
    'NAPTR that leads to no SRV record is none',
    'sip:example.org',
    {
      addresses,
      naptr: { 'example.org': [{ ...naptr('SIP+D2T', 'a.example'), flags: 'a' }] },
      srv: { 'a.example': [srv('a.example', 1)] },
    },
    ['UDP 192.0.2.9:5060'],
  ],
  [
    'the transport that can be had where the first one is not served',
    'sip:example.org',
    {
      addresses,
      srv: {
        '_sip._udp.example.org': [srv('gone.example', 1)],
        '_sip._tcp.example.org': [srv('b.example', 2)],
      },
    },
    ['TCP 192.0.2.2:2'],
  ],
  [
    'both families of a server',
    'sip:example.org;transport=udp',
    {
      addresses: { 'a.example': ['2001:db8::1', '192.0.2.1'] },
      srv: { '_sip._udp.example.org': [srv('a.example', 5070)] },
    },
    ['UDP 2001:db8::1:5070', 'UDP 192.0.2.1:5070'],
  ],
  [
    'lower priority first',
    'sip:example.org',
    { addresses, srv: { '_sip._udp.example.org': [srv('a.example', 1, 20), srv('b.example', 2, 10)] } },
    ['UDP 192.0.2.2:2', 'UDP 192.0.2.1:1'],
  ],
  [
    'no such service here',
    'sip:example.org',
    { addresses, srv: { '_sip._udp.example.org': [srv('', 0)] } },
    ['UDP 192.0.2.9:5060'],
  ],
  ['nothing at all', 'sip:nowhere.example', {}, []],
  ['a transport that we do not speak', 'sip:a.example;transport=sctp', { addresses }, []],
  ['sips where we have no TLS', 'sips:a.example', { addresses }, []],
];

test.each(cases)('%s', async (_what, text, records, hops) => {
  const resolve = createResolver({ transports: both, loopback: false, dns: zone(records) });
  const found = await resolve(uri(text));
  expect(found.map(({ transport, host, port }) => `${transport} ${host}:${port}`)).toEqual(hops);
});

test('a numeric host is answered at once, without asking', () => {
  const dns = zone({});
  const resolve = createResolver({ transports: both, loopback: false, dns });
  expect(resolve(uri('sip:a@192.0.2.5;transport=tcp'))).toEqual([{ transport: 'TCP', host: '192.0.2.5', port: 5060 }]);
  expect(resolve(uri('sip:a@[2001:db8::5]:5070'))).toEqual([{ transport: 'UDP', host: '2001:db8::5', port: 5070 }]);
  expect(dns.asked).toEqual([]);
});

describe('on loopback only', () => {
  const dns = zone({ addresses });
  const resolve = createResolver({ transports: both, loopback: true, dns });
  test.each(['sip:192.0.2.5', 'sip:a.example', 'sip:[2001:db8::5]'])(
    '%s is not reached, and nobody is asked',
    async (text) => {
      expect(await resolve(uri(text))).toEqual([]);
      expect(dns.asked).toEqual([]);
    },
  );
  test.each(['sip:127.0.0.1:5070', 'sip:localhost:5070'])('%s is', (text) => {
    expect(resolve(uri(text))).toEqual([{ transport: 'UDP', host: '127.0.0.1', port: 5070 }]);
  });
});

test('an answer is remembered for a while, a failure for a short one', async () => {
  const dns = zone({ addresses });
  let now = 0;
  const resolve = createResolver({ transports: ['UDP'], loopback: false, dns, now: () => now });
  await resolve(uri('sip:a.example:5060'));
  await resolve(uri('sip:a.example:5060'));
  expect(dns.asked).toHaveLength(1);
  await resolve(uri('sip:nowhere.example:5060'));
  now = 4_000;
  await resolve(uri('sip:nowhere.example:5060'));
  await resolve(uri('sip:a.example:5060'));
  expect(dns.asked).toHaveLength(3);
});

test('who is first is drawn for each request, from what is remembered', async () => {
  const records = [srv('a.example', 1, 0, 50), srv('b.example', 2, 0, 50)];
  const dns = zone({ addresses, srv: { '_sip._udp.example.org': records } });
  let drawn = 0.1;
  const resolve = createResolver({ transports: ['UDP'], loopback: false, dns, random: () => drawn });
  const ports = async (): Promise<number[]> => (await resolve(uri('sip:example.org'))).map(({ port }) => port);
  expect(await ports()).toEqual([1, 2]);
  drawn = 0.9;
  expect(await ports()).toEqual([2, 1]);
  expect(dns.asked.filter((question) => question.startsWith('SRV'))).toHaveLength(1);
});

test('the addresses of one server are known as such', async () => {
  const dns = zone({
    addresses: { 'a.example': ['192.0.2.1', '192.0.2.3'], 'example.org': ['192.0.2.9'] },
    srv: { '_sip._udp.example.org': [srv('A.example', 5070)] },
  });
  const resolve = createResolver({ transports: ['UDP'], loopback: false, dns });
  expect((await resolve(uri('sip:example.org'))).map(({ server }) => server)).toEqual([
    'UDP a.example:5070',
    'UDP a.example:5070',
  ]);
  expect((await resolve(uri('sip:example.org:5060'))).map(({ server }) => server)).toEqual([undefined]);
});

describe('a DNS that does not answer', () => {
  const silent = (): DnsPort & { asked: number } => {
    const port = { asked: 0, naptr: never, srv: never, addresses: never };
    function never(): Promise<never> {
      port.asked++;
      return new Promise(() => undefined);
    }
    return port;
  };

  test('holds a request up for a limited time', async () => {
    const resolve = createResolver({ transports: ['UDP'], loopback: false, dns: silent(), limitMs: 5 });
    expect(await resolve(uri('sip:slow.example'))).toEqual([]);
  });

  test('is not asked for more than a limited number of names at once', async () => {
    const dns = silent();
    const resolve = createResolver({ transports: ['UDP'], loopback: false, dns, limitMs: 5 });
    const all = Array.from({ length: 300 }, (_, i) => resolve(uri(`sip:slow${i}.example:5060`)));
    expect(dns.asked).toBe(100);
    await Promise.all(all);
  });
});

test('chance within a priority is weighed', () => {
  const records = [srv('light', 1, 0, 10), srv('heavy', 2, 0, 90), srv('last', 3, 1, 100)];
  expect(byPriority(records, () => 0.05).map(({ name }) => name)).toEqual(['light', 'heavy', 'last']);
  expect(byPriority(records, () => 0.5).map(({ name }) => name)).toEqual(['heavy', 'light', 'last']);
});

test('a name with thousands of NAPTR records has us ask a few questions only, and none that is not for SRV', async () => {
  const records = Array.from({ length: 3_000 }, (_, n) => naptr('SIP+D2U', `_sip._udp.s${n}.example`));
  const dns = zone({ naptr: { 'example.org': [{ ...naptr('SIP+D2U', 'u.example'), flags: 'u' }, ...records] } });
  const resolve = createResolver({ transports: both, loopback: false, dns });
  expect(await resolve(uri('sip:example.org'))).toEqual([]);
  const asked = dns.asked.filter((question) => question.startsWith('SRV'));
  expect([asked.length < 10, asked.includes('SRV u.example')]).toEqual([true, false]);
});
