/**
 * Calls of our phone that get another address on the way, in network namespaces: the sound goes on, and the person sees
 * that it was broken. Needs root, as our own runs have; elsewhere it fails and says so.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { Linphone } from '../support/linphone.ts';
import { until } from '../support/until.ts';
import { PASSWORD, PhoneLab } from './phone-process/lab.ts';

let lab: PhoneLab;

beforeAll(async () => {
  lab = await PhoneLab.open(Array.from({ length: 20 }, (_, i) => String(1001 + i)));
});
afterAll(() => lab?.close());

// One after the other: nine programs that start at once leave a small computer no time for a call.
it.each([
  ['without ICE', ['1001', '1002'], { ice: 'never' }],
  ['with ICE', ['1003', '1004'], { ice: 'always' }],
  ['protected', ['1005', '1006'], { ice: 'always', protection: 'always', keyExchange: 'dtls' }],
] as const)(
  'a call between two of our phones, %s, goes on when one of them moves',
  async (_how, [one, other], calls) => {
    const { net } = lab;
    const site = net.host();
    const [anna, ben] = await Promise.all([lab.phone(site, one, calls), lab.phone(net.host(), other, calls)]);
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
  ['calls moves', ['1009', '1010'], 0],
  ['is called moves', ['1011', '1012'], 1],
  ['is called has moved and does not know it', ['1017', '1018'], 2],
  ['is called has no network', ['1019', '1020'], 3],
] as const)('a call that rings while the phone that %s is answered, and heard', async (_which, numbers, moved) => {
  const { net } = lab;
  const [here, there] = [net.host(), net.host()];
  const [anna, ben] = await Promise.all([lab.phone(here, numbers[0], {}), lab.phone(there, numbers[1], {})]);
  anna.tell({ call: numbers[1] });
  await ben.shows('the call', ({ calls: [call] }) => call?.state === 'incoming');
  await anna.shows('the ringing', ({ calls: [call] }) => call?.state === 'ringing');
  const site = moved === 0 ? here : there;
  const before = ben.now?.registrations ?? 0;
  net.unplug(site);
  if (moved === 3) {
    ben.tell({ answer: true });
    await ben.shows('the press', ({ calls: [call] }) => call?.state === 'connecting');
  }
  net.plugIn(site);
  if (moved === 0) await anna.shows('that it was cut off', ({ wasBroken }) => wasBroken);
  if (moved === 1) await ben.shows('its new address', ({ registrations }) => registrations > before);
  if (moved !== 3) ben.tell({ answer: true });
  await Promise.all([anna.hearsMore(), ben.hearsMore()]);
  for (const phone of [anna, ben]) {
    await phone.shows('the call as one', ({ calls }) => calls.length === 1 && calls[0]?.reconnecting === undefined);
  }
});

it('a phone that rings stops when its caller, who had no network when he gave up, has one again', async () => {
  const { net } = lab;
  const here = net.host();
  const [anna, ben] = await Promise.all([lab.phone(here, '1013', {}), lab.phone(net.host(), '1014', {})]);
  anna.tell({ call: '1014' });
  await ben.shows('the call', ({ calls: [call] }) => call?.state === 'incoming');
  await anna.shows('the ringing', ({ calls: [call] }) => call?.state === 'ringing');
  net.unplug(here);
  await anna.shows('that it was cut off', ({ wasBroken }) => wasBroken);
  anna.tell({ hangUp: true });
  await anna.shows('the end', ({ calls }) => calls.every(({ state }) => state === 'ended'));
  expect(ben.now?.calls[0]?.state).toBe('incoming');
  net.plugIn(here);
  await ben.shows('that nobody calls any more', ({ calls }) => calls.every(({ state }) => state === 'ended'));
});

it('a call with baresip goes on when our phone was without a network for a while', async () => {
  const { net, exchange } = lab;
  const site = net.host();
  const there = net.host();
  const anna = await lab.phone(site, '1007', {});
  const ben = await Baresip.start({
    aor: `sip:1008@${exchange.server}`,
    password: PASSWORD,
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

it('a call with linphone goes on in another dialog (Replaces) when both have moved and find each other no more', async () => {
  const { net, exchange } = lab;
  const [here, there] = [net.host(), net.host()];
  net.addWayOut(there);
  const anna = await lab.phone(here, '1015', {});
  const account = { number: '1016', password: PASSWORD, server: exchange.server, namespace: there.name };
  const ben = await Linphone.start(account);
  try {
    ben.playFiles();
    ben.type('autoanswer enable');
    anna.tell({ call: '1016' });
    await anna.hearsMore();
    await until('linphone to hear us', () => ben.heardLevel() > 1_000);
    const id = anna.now?.calls[0]?.id;
    for (const site of [here, there]) {
      net.unplug(site);
      net.plugIn(site);
    }
    net.addWayOut(there);
    ben.signIn(account);
    await anna.recovers(id);
    await anna.hearsMore();
    // The same call for linphone, too, whose sound began anew.
    await ben.waitFor(/(?:Media streams established with \S+ for call 1 [\s\S]*){2}/);
    await until('linphone to hear us again', () => ben.heardLevel() > 1_000);
    expect(anna.now?.calls).toHaveLength(1);
  } finally {
    await ben.close();
  }
});
