/** Our phone at our exchange with strangers: messages with linphonec, the lamp of a baresip, and a pickup from it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { TestOffice } from '../support/exchange.ts';
import { Linphone } from '../support/linphone.ts';
import { NodePhone, type NodePhoneOptions } from '../support/node-phone.ts';
import { until } from '../support/until.ts';

let office: TestOffice;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two', 1003: 'three' } });
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await office.close();
});

const server = (): string => `127.0.0.1:${office.port}`;

function kept<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

const phone = async (number: string, password: string, more: Partial<NodePhoneOptions> = {}): Promise<NodePhone> =>
  kept(await NodePhone.register({ number, password, server: server(), ...more }));

const fatesOf = (anna: NodePhone, id: string): string[] =>
  anna.fates.filter((fate) => fate.id === id).map(({ state }) => state);

test('messages reach linphonec, which knows no envelopes, and come from it; also one that waited at the exchange', async () => {
  const anna = await phone('1001', 'one');
  expect(anna.softphone.sendMessage('m1', '1002', 'Are you there? Žofie')).toMatchObject({ ok: true, peer: '1002' });
  await until('the message to wait', () => fatesOf(anna, 'm1').includes('kept'));
  const ben = kept(await Linphone.start({ number: '1002', password: 'two', server: server() }));
  await until('linphonec to show it', () => ben.texts.some((text) => text.includes('Are you there? Žofie')));
  await until('that to be known', () => fatesOf(anna, 'm1').at(-1) === 'sent');
  anna.softphone.sendMessage('m2', '1002', 'Again');
  await until('the next one', () => ben.texts.some((text) => text.includes('Again')));
  ben.type(`chat sip:1001@${server()} Yes, Anna`);
  await until('the answer', () => anna.messages.length === 1);
  expect(anna.messages[0]).toMatchObject({ peer: '1002', text: 'Yes, Anna', direction: 'in' });
});

test('one of ours tells the other that a message was delivered, also one that waited', async () => {
  const anna = await phone('1001', 'one');
  anna.softphone.sendMessage('m1', '1002', 'first');
  await until('the message to wait', () => fatesOf(anna, 'm1').includes('kept'));
  const ben = await phone('1002', 'two');
  await until('both to know', () => ben.messages.length === 1 && fatesOf(anna, 'm1').includes('delivered'));
  anna.softphone.sendMessage('m2', '1002', 'second');
  await until('the next to be delivered', () => fatesOf(anna, 'm2').includes('delivered'));
  expect(ben.messages.map(({ text }) => text)).toEqual(['first', 'second']);
  anna.softphone.sendMessage('m3', '1099', 'nobody');
  await until('the refusal', () => fatesOf(anna, 'm3').includes('failed'));
  expect(anna.fates.at(-1)?.reason).toBe('There is no such number: 1099.');
});

test('the lamp of a baresip goes with its calls over a restart of the exchange, and what rings there is picked up', async () => {
  await office.handle.admin.call('presence.setRule', { number: '1002', watchers: 'everyone', details: true });
  const anna = await phone('1001', 'one', { people: [{ target: '1002', name: 'Ben' }] });
  const shows = (state: string): Promise<unknown> =>
    until(`Ben to be ${state}`, () => anna.news.people[0]?.state === state, 15_000).catch((error) => {
      throw new Error(`${error.message}; ${JSON.stringify(anna.news.people)}`);
    });
  await shows('offline');
  const ben = kept(
    await Baresip.start({ aor: `sip:1002@${server()}`, password: 'two', codecs: ['PCMU/8000/1'], answer: 'manual' }),
  );
  await shows('available');
  await office.stop();
  await office.start();
  const carl = await phone('1003', 'three');
  carl.softphone.call('1002');
  await ben.waitFor('CALL_INCOMING');
  await shows('ringing');
  const ringing = anna.news.people[0]?.ringing;
  if (ringing === undefined) throw new Error('the exchange does not tell who calls');
  expect(anna.softphone.call(ringing.target, { replaces: ringing.replaces })).toMatchObject({ ok: true });
  await anna.call('Carl', ({ state, peer }) => state === 'active' && peer.number === '1003');
  await ben.waitFor('CALL_CLOSED');
  await shows('available');
});
