/** What coturn tells of our sockets, and sound over its relay by UDP, TCP and TLS. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from '../../proxy-core/media/clock.ts';
import { Gathering, type IceServers } from '../../proxy-core/media/gathering.ts';
import { MediaGateway } from '../../proxy-core/media/index.ts';
import { DEFAULT_PORTS, openPortPair } from '../../proxy-core/media/port-pair.ts';
import { Coturn, FIRST_RELAYED } from '../support/coturn.ts';
import { until } from '../support/until.ts';
import { WindowEnd } from '../unit/proxy-core/media/window-end.ts';

const ID = { sessionId: 'call', accountId: 'me' };
const closers: Array<() => Promise<void> | void> = [];
let coturn: Coturn;

beforeAll(async () => {
  coturn = await Coturn.start();
});
afterAll(() => coturn.close());
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function gather(servers: IceServers) {
  const ports = await openPortPair('127.0.0.1', DEFAULT_PORTS, systemRandom);
  const gathering = new Gathering({
    clock: systemClock,
    random: systemRandom,
    ports,
    servers: Promise.resolve(servers),
  });
  closers.push(
    () => gathering.close(),
    () => ports.close(),
  );
  await gathering.settled();
  return { ports, mapped: gathering.mapped, relayed: gathering.relayed };
}

it('tells where both sockets of a call are seen', async () => {
  const { ports, mapped } = await gather({ stun: { address: '127.0.0.1', port: coturn.port } });
  expect(mapped).toEqual({
    rtp: { address: '127.0.0.1', port: ports.port },
    rtcp: { address: '127.0.0.1', port: ports.port + 1 },
  });
});

it('gives nothing to who has another password, nor to who does not trust its certificate', async () => {
  expect((await gather({ turn: coturn.server('udp', 'guessed') })).relayed).toEqual([]);
  const { ca: _, ...unknown } = coturn.server('tls');
  expect((await gather({ turn: unknown })).relayed).toEqual([]);
});

describe.each(['udp', 'tcp', 'tls'] as const)('a call over its relay, reached by %s', (transport) => {
  async function phone(servers: IceServers, isReserved: (endpoint: { readonly port: number }) => boolean) {
    const gateway = new MediaGateway({
      localHost: () => '127.0.0.1',
      loopback: true,
      protection: () => ({ wanted: 'always', offered: 'dtls' }),
      ice: () => 'always',
      servers: async () => servers,
      isReserved,
    });
    const window = await WindowEnd.open();
    closers.push(
      () => gateway.closeAll(),
      () => window.close(),
    );
    return { gateway, window };
  }

  it('has sound both ways', async () => {
    // One side reaches nothing but what the server relays, as if a router stood between.
    const a = await phone({}, ({ port }) => port < FIRST_RELAYED);
    const b = await phone({ turn: coturn.server(transport) }, () => false);
    const offered = await a.gateway.offer({ ...ID, webrtcOffer: a.window.offer() });
    if (!offered.ok) return expect.fail(offered.reason);
    const accepted = await b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer: offered.sipOffer });
    if (!accepted.ok) return expect.fail(accepted.reason);
    expect(accepted.sipAnswer).toMatch(/ typ relay raddr 127\.0\.0\.1 /);
    const answered = await a.gateway.answer({ ...ID, sipAnswer: accepted.sipAnswer });
    if (!answered.ok) return expect.fail(answered.reason);
    await Promise.all([a.window.connect(answered.webrtcAnswer), b.window.connect(accepted.webrtcAnswer)]);
    let time = 0;
    await until('sound both ways', () => {
      time += 960;
      for (const { window } of [a, b]) window.send(111, time, Buffer.from([1, 2, 3]));
      return a.window.received.length > 5 && b.window.received.length > 5;
    });
    const chosen = b.gateway.stats(ID)?.ice?.pairs.find(({ nominated }) => nominated);
    expect(chosen).toMatchObject({ local: { type: 'relay' }, state: 'succeeded' });
  });
});
