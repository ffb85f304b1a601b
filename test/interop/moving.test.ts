/**
 * Calls of our phone that get another address on the way, in network namespaces: the sound goes on, and the person sees
 * that it was broken. Needs root, as our own runs have; elsewhere it fails and says so.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallSettings } from '../../app/shared/call-settings.ts';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { EXCHANGE_ADDRESS, type NatSite, Netns } from '../support/netns.ts';
import { buildPhone, Phone } from './phone-process/phone.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-moving-'));
const script = join(folder, 'phone.cjs');
const phones: Phone[] = [];
let net: Netns;
let exchange: ExchangeProcess;

beforeAll(async () => {
  buildPhone(script);
  net = Netns.open();
  exchange = await ExchangeProcess.start({
    users: Object.fromEntries(
      [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012].map((number) => [number, 'good-pass']),
    ),
    namespace: { name: net.exchange, address: EXCHANGE_ADDRESS },
  });
});
afterAll(async () => {
  for (const phone of phones.splice(0)) phone.close();
  await exchange?.close();
  net?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function register(site: NatSite, number: string, calls: Partial<CallSettings>): Promise<Phone> {
  const phone = new Phone(script, site);
  phones.push(phone);
  await phone.register(exchange.server, number, calls);
  return phone;
}

// One after the other: nine programs that start at once leave a small computer no time for a call.
it.each([
  ['without ICE', ['1001', '1002'], { ice: 'never' }],
  ['with ICE', ['1003', '1004'], { ice: 'always' }],
  ['protected', ['1005', '1006'], { ice: 'always', protection: 'always', keyExchange: 'dtls' }],
] as const)(
  'a call between two of our phones, %s, goes on when one of them moves',
  async (_how, [one, other], calls) => {
    const site = net.host();
    const [anna, ben] = await Promise.all([register(site, one, calls), register(net.host(), other, calls)]);
    anna.tell({ call: other });
    await ben
      .shows('the call', ({ calls: [call] }) => call?.state === 'incoming')
      .catch((error: unknown) => {
        throw new Error(`the caller shows ${JSON.stringify(anna.now)}`, { cause: error });
      });
    ben.tell({ answer: true });
    await Promise.all([anna.hearsMore(), ben.hearsMore()]);
    net.unplug(site);
    net.plugIn(site);
    await anna.recovers(anna.now?.calls[0]?.id);
    await Promise.all([anna.hearsMore(), ben.hearsMore()]);
  },
);

it.each([
  ['calls', ['1009', '1010'], 0],
  ['is called', ['1011', '1012'], 1],
] as const)(
  'a call that rings while the phone that %s moves is answered, and heard',
  async (_which, numbers, moved) => {
    const [here, there] = [net.host(), net.host()];
    const [anna, ben] = await Promise.all([register(here, numbers[0], {}), register(there, numbers[1], {})]);
    anna.tell({ call: numbers[1] });
    await ben.shows('the call', ({ calls: [call] }) => call?.state === 'incoming');
    await anna.shows('the ringing', ({ calls: [call] }) => call?.state === 'ringing');
    const site = moved === 0 ? here : there;
    const before = ben.now?.registrations ?? 0;
    net.unplug(site);
    net.plugIn(site);
    if (moved === 0) await anna.shows('that it was cut off', ({ wasBroken }) => wasBroken);
    else await ben.shows('its new address', ({ registrations }) => registrations > before);
    ben.tell({ answer: true });
    await Promise.all([anna.hearsMore(), ben.hearsMore()]);
    for (const phone of [anna, ben]) {
      await phone.shows('the call as one', ({ calls }) => calls.length === 1 && calls[0]?.reconnecting === undefined);
    }
  },
);

it('a call with baresip goes on when our phone was without a network for a while', async () => {
  const site = net.host();
  const there = net.host();
  const anna = await register(site, '1007', {});
  const ben = await Baresip.start({
    aor: `sip:1008@${exchange.server}`,
    password: 'good-pass',
    codecs: ['PCMU/8000/1'],
    namespace: { name: there.name, address: there.privateAddress },
  });
  try {
    anna.tell({ call: '1008' });
    await anna.hearsMore();
    const id = anna.now?.calls[0]?.id;
    net.unplug(site);
    await anna.shows('the broken call', ({ calls }) => calls.some(({ reconnecting }) => reconnecting !== undefined));
    expect(anna.now?.calls[0]?.state).toBe('active');
    net.plugIn(site);
    await anna.recovers(id);
    await anna.hearsMore();
  } finally {
    await ben.close();
  }
});
