import { describe, expect, test } from 'vitest';
import type { RingEntry } from '../../../../../proxy-core/node/trace/ring.ts';
import { localEndpoints, tracedLog, tracedPort, tracedResolve } from '../../../../../proxy-core/node/trace/taps.ts';
import { parseListenAddress } from '../../../../../proxy-core/node/transport/listen-address.ts';
import type { ServerHop } from '../../../../../proxy-core/server/failed-hops.ts';
import { parseUri, type SipUri } from '../../../../../proxy-core/sip/grammar/uri.ts';
import type { Hop, TransportPort } from '../../../../../proxy-core/sip/transport/port.ts';

const uriOf = (text: string): SipUri => {
  const uri = parseUri(text);
  if (!uri.ok) throw new Error(uri.error);
  return uri.value;
};

class Notes {
  readonly told: [string, unknown][] = [];
  note = (text: string, details?: unknown): void => void this.told.push([text, details]);
}

test('a port tells what leaves by it, and changes nothing', () => {
  const sent: unknown[] = [];
  const hop: Hop = { transport: 'UDP', host: '192.0.2.7', port: 5060 };
  const port: TransportPort = {
    send: (...given) => void sent.push(['port', ...given]),
    sentBy: () => ({ transport: 'UDP', sentBy: 'us' }),
    isReliable: (transport) => transport === 'TCP',
    alias: (...given) => void sent.push(['alias', ...given]),
  };
  const traced = tracedPort(port, { received: () => undefined, sent: (...given) => void sent.push(['tap', ...given]) });
  const failed = (): void => undefined;
  traced.send(hop, 'x', failed);
  traced.alias?.('flow' as never, 'host', 5061);
  expect(sent).toEqual([
    ['tap', 'x', hop],
    ['port', hop, 'x', failed],
    ['alias', 'flow', 'host', 5061],
  ]);
  expect([traced.sentBy(hop).sentBy, traced.isReliable('TCP'), traced.isReliable('UDP')]).toEqual(['us', true, false]);
});

test('only names that lead nowhere are written down, now or later', async () => {
  const notes = new Notes();
  const hop: ServerHop = { transport: 'UDP', host: '192.0.2.7', port: 5060 };
  const answers: Record<string, readonly ServerHop[] | Promise<readonly ServerHop[]>> = {
    here: [hop],
    nowhere: [],
    late: Promise.resolve([hop]),
    never: Promise.resolve([]),
  };
  const resolve = tracedResolve((uri) => answers[uri.host] ?? [], notes);
  for (const host of Object.keys(answers)) await resolve(uriOf(`sip:x@${host}`));
  expect(notes.told.map(([, details]) => (details as { host: string }).host)).toEqual(['nowhere', 'never']);
});

test('the log says what it said, and the trace remembers it', () => {
  const [notes, lines] = [new Notes(), [] as unknown[]];
  const log = tracedLog(
    { info: () => undefined, warn: (...line) => void lines.push(line), error: () => undefined },
    notes,
  );
  log.warn('a target could not be reached', { hop: 'x' });
  expect([notes.told, lines]).toEqual([
    [['a target could not be reached', { hop: 'x' }]],
    [['a target could not be reached', { hop: 'x' }]],
  ]);
});

describe('our own address', () => {
  const addresses = ['udp://127.0.0.1:5060', 'udp://0.0.0.0:5070', 'tcp://127.0.0.1:5062', 'udp://[::1]:5064'].map(
    parseListenAddress,
  );
  const local = localEndpoints(() => addresses);
  const entry = (more: Partial<RingEntry>): RingEntry => ({
    ...{ id: 1, at: 0, direction: 'in', transport: 'UDP', remote: { host: '127.0.0.1', port: 1 }, listener: '' },
    ...{ connection: '', isRefused: false, isCut: false, wire: '' },
    ...more,
  });

  test.each([
    ['of the listener that is named', { listener: 'udp://127.0.0.1:5060' }, '127.0.0.1', 5060],
    ['of a wildcard listener is what the other side sees', { listener: 'udp://0.0.0.0:5070' }, '127.0.0.1', 5070],
    [
      'where none is named fits the other side',
      { direction: 'out' as const, remote: { host: '::1', port: 1 } },
      '::1',
      5064,
    ],
    [
      'on a connection that we opened has no known port',
      { direction: 'out' as const, transport: 'TCP' as const },
      '127.0.0.1',
      0,
    ],
    ['over what we do not listen on has none either', { transport: 'TLS' as const }, '127.0.0.1', 0],
  ])('%s', (_what, more, host, port) => {
    expect(local(entry(more))).toEqual({ host, port });
  });

  test('towards thousands of strangers is asked of the system once', () => {
    const towards = Array.from({ length: 3_000 }, (_, i) => ({
      host: `203.0.${113 + (i >> 8)}.${i & 255}`,
      port: 5060,
    }));
    const hosts = towards.map((remote) => local(entry({ remote, listener: 'udp://0.0.0.0:5070' })).host);
    expect(new Set(hosts).size).toBe(1);
  });
});
