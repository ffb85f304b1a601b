/** Two phones of ours at an exchange, one with a TURN server that takes its time: candidates told by INFO through the exchange. */
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../proxy-core/media/clock.ts';
import type { RelayMode } from '../../proxy-core/server/settings.ts';
import { TestOffice } from '../support/exchange.ts';
import { NodePhone } from '../support/node-phone.ts';
import { SlowRelay } from '../support/slow-relay.ts';
import { until } from '../support/until.ts';

const closers: Array<() => Promise<void> | void> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Later than a call takes to begin. */
const SLOW_MS = 1_500;

async function open(relay: RelayMode) {
  const office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' }, settings: { relay } });
  closers.push(() => office.close());
  const slow = await SlowRelay.open(systemClock, SLOW_MS);
  closers.push(() => slow.close());
  const server = `127.0.0.1:${office.port}`;
  const turnServer = `127.0.0.1:${slow.server.endpoint.port}`;
  const anna = await NodePhone.register({ number: '1001', password: 'one', server, calls: { ice: 'always' } });
  closers.push(() => anna.close());
  const ben = await NodePhone.register({ number: '1002', password: 'two', server, calls: { turnServer } });
  closers.push(() => ben.close());
  anna.counts = true;
  ben.counts = true;
  return { anna, ben, slow };
}

const infos = ({ heard }: NodePhone): string[] => heard.filter((message) => message.startsWith('INFO '));
const remoteTypes = (phone: NodePhone): string[] | undefined =>
  phone.calls[0]?.quality?.ice?.remote.map(({ type }) => type);

test('a call is answered before the TURN server has, and hears of its addresses later', async () => {
  const { anna, ben, slow } = await open('never');
  const calling = anna.talkTo('1002');
  const { id } = await ben.call('a call', ({ state }) => state === 'incoming');
  const start = Date.now();
  ben.softphone.answer(id);
  const call = await calling;
  expect([Date.now() - start < SLOW_MS, slow.ports]).toEqual([true, []]);
  await until('both to have found a way', () =>
    [anna, ben].every(({ calls }) => calls[0]?.quality?.ice?.state === 'connected'),
  );
  await until('the addresses on the relay', () => remoteTypes(anna)?.includes('relay'));
  expect(slow.ports).toHaveLength(2);
  const [info = ''] = infos(anna);
  expect([infos(anna).length, infos(ben)]).toEqual([1, []]);
  expect(info).toMatch(/\r\nInfo-Package: trickle-ice\r\n/);
  for (const port of slow.ports) expect(info).toContain(` 127.0.0.1 ${port} typ relay`);
  expect(info).toContain('a=end-of-candidates\r\n');
  await until('its answer', () => ben.heard.some((text) => /^SIP\/2\.0 200 [\s\S]*\r\nCSeq: \d+ INFO\r\n/.test(text)));
  anna.softphone.hangUp(call.id);
  await ben.ended(id);
  await until('the addresses to be given back', () => slow.returned === 2);
});

test('a call that the exchange relays is told none: they would lead round it', async () => {
  const { anna, ben, slow } = await open('always');
  const calling = anna.talkTo('1002');
  await ben.answer();
  const call = await calling;
  // It waits for the server, as ever.
  expect(slow.ports).toHaveLength(2);
  await until('both to have found a way', () =>
    [anna, ben].every(({ calls }) => calls[0]?.quality?.ice?.state === 'connected'),
  );
  expect([...infos(anna), ...infos(ben)]).toEqual([]);
  expect(remoteTypes(anna)).toEqual(['host', 'host']);
  anna.softphone.hangUp(call.id);
});
