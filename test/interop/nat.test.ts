/**
 * Calls of real phones through NATs of every kind, in network namespaces: sound is measured at both ends. Needs root, as
 * our own runs have; elsewhere it fails and says so.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectControl } from '../../proxy-core/node/control/index.ts';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { EXCHANGE_ADDRESS, type NatKind, type NatSite, Netns } from '../support/netns.ts';
import { until } from '../support/until.ts';

let net: Netns;
let exchange: ExchangeProcess;
const phones: Baresip[] = [];

beforeEach(() => {
  net = Netns.open();
});

afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close();
  await exchange?.close();
  net?.close();
});

async function open(...serve: string[]): Promise<void> {
  exchange = await ExchangeProcess.start({
    users: { 1001: 'one-pass', 1002: 'two-pass' },
    namespace: { name: net.exchange, address: EXCHANGE_ADDRESS },
    serve,
  });
}

const aor = (number: string): string => `sip:${number}@${exchange.server}`;

async function phone(
  number: string,
  password: string,
  site: NatSite,
  answer: 'auto' | 'manual',
  transport = 'udp',
): Promise<Baresip> {
  const started = await Baresip.start({
    ...{ aor: aor(number), password, answer, outbound: `sip:${exchange.server};transport=${transport}` },
    namespace: { name: site.name, address: site.privateAddress },
    codecs: ['PCMU/8000/1'],
  });
  phones.push(started);
  return started;
}

async function call(from: NatSite, to: NatSite, transport = 'udp'): Promise<readonly [Baresip, Baresip]> {
  const anna = await phone('1001', 'one-pass', from, 'manual', transport);
  const ben = await phone('1002', 'two-pass', to, 'auto', transport);
  anna.dial(aor('1002'));
  await Promise.all([anna.waitFor('CALL_ESTABLISHED'), ben.waitFor('CALL_ESTABLISHED')]);
  await until('both to hear the other', () => anna.heardLevel() > 100 && ben.heardLevel() > 100);
  return [anna, ben];
}

async function status() {
  const client = await connectControl(exchange.dataDir);
  try {
    return (await client?.call('status', {}))?.nat;
  } finally {
    client?.close();
  }
}

describe('a call through a NAT', () => {
  const kinds: readonly NatKind[] = ['full cone', 'restricted cone', 'port restricted', 'symmetric'];

  test.each(kinds)('%s, to a phone on the internet: both hear each other and either hangs up', async (kind) => {
    await open();
    const [anna, ben] = await call(net.site(kind), net.host());
    ben.hangUp();
    await anna.waitFor('CALL_CLOSED');
    expect((await status())?.relayedCalls).toBe(0);
  });

  test.each(kinds)('%s, from a phone on the internet: both hear each other and either hangs up', async (kind) => {
    await open();
    const [anna, ben] = await call(net.host(), net.site(kind));
    anna.hangUp();
    await ben.waitFor('CALL_CLOSED');
  });

  test.each(kinds)('%s on both sides: the media passes through the exchange', async (kind) => {
    await open();
    const [anna, ben] = await call(net.site(kind), net.site(kind));
    expect(await status()).toMatchObject({ relayedCalls: 1, refusedCalls: 0 });
    await until('packets to pass', async () => ((await status())?.packets ?? 0) > 50);
    ben.hangUp();
    await anna.waitFor('CALL_CLOSED');
    await until('the ports to be given back', async () => (await status())?.relayedCalls === 0);
  });

  test('symmetric on both sides, without the relay: nobody hears anything, so that the tests above show something', async () => {
    await open('--relay', 'never');
    const anna = await phone('1001', 'one-pass', net.site('symmetric'), 'manual');
    const ben = await phone('1002', 'two-pass', net.site('symmetric'), 'auto');
    anna.dial(aor('1002'));
    await Promise.all([anna.waitFor('CALL_ESTABLISHED'), ben.waitFor('CALL_ESTABLISHED')]);
    // In each of the calls above both were heard within a second.
    const heard = until('sound', () => anna.heardLevel() > 100 || ben.heardLevel() > 100, 3_000);
    await expect(heard).rejects.toThrow('in vain');
    // Signalling needs no relay.
    anna.hangUp();
    await ben.waitFor('CALL_CLOSED');
  });

  test('goes on over a restart of the exchange: it is hung up, and the next one has sound', async () => {
    await open();
    const [anna, ben] = await call(net.site('symmetric'), net.site('port restricted'));
    await exchange.kill('SIGTERM');
    await exchange.serve();
    ben.hangUp();
    await anna.waitFor('CALL_CLOSED');
    for (const one of [anna, ben]) one.events.length = 0;
    anna.dial(aor('1002'));
    await Promise.all([anna.waitFor('CALL_ESTABLISHED'), ben.waitFor('CALL_ESTABLISHED')]);
    await until('packets to pass', async () => ((await status())?.packets ?? 0) > 100);
  });

  test('symmetric on both sides, signalled over TCP', async () => {
    await open();
    const [anna, ben] = await call(net.site('symmetric'), net.site('symmetric'), 'tcp');
    ben.hangUp();
    await anna.waitFor('CALL_CLOSED');
  });

  test('two phones behind one router', async () => {
    await open();
    const site = net.site('symmetric');
    const [anna, ben] = await call(site, net.neighbour(site));
    anna.hangUp();
    await ben.waitFor('CALL_CLOSED');
  });
});

describe('a router that forgets a phone after seconds', () => {
  test.each([
    ['with pings it is called', [], true],
    ['without pings nobody finds it', ['--nat-ping', 'off'], false],
  ] as const)('%s', async (_what, options, isFound) => {
    await open('--nat-ping-interval', '5', ...options);
    const site = net.site('symmetric', { udpTimeoutSeconds: 8 });
    const ben = await phone('1002', 'two-pass', site, 'auto');
    const anna = await phone('1001', 'one-pass', net.host(), 'manual');
    // The mapping that the REGISTER made is gone when nothing keeps it.
    await until('the time of the mapping to pass', () => net.ageMs(site) > 14_000, 30_000);
    anna.dial(aor('1002'));
    const rings = until('ben to be called', () => ben.events.some(({ type }) => type === 'CALL_ESTABLISHED'), 4_000);
    if (isFound) await rings;
    else await expect(rings).rejects.toThrow('in vain');
  });
});
