/**
 * A call whose sound passes through the exchange, and the exchange falls: the phones register again by themselves, have
 * the sound relayed anew and go on talking. In network namespaces, as root.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PhoneLab } from './phone-process/lab.ts';

let lab: PhoneLab;

beforeAll(async () => {
  lab = await PhoneLab.open(['1001', '1002']);
});
afterAll(() => lab?.close());

it('goes on when the exchange is there again', async () => {
  const { net, exchange } = lab;
  const [anna, ben] = await Promise.all([
    lab.phone(net.site('symmetric'), '1001', { ice: 'never' }),
    lab.phone(net.site('symmetric'), '1002', { ice: 'never' }),
  ]);
  anna.tell({ call: '1002' });
  await ben.shows('the call', ({ calls: [call] }) => call?.state === 'incoming');
  ben.tell({ answer: true });
  await Promise.all([anna.hearsMore(), ben.hearsMore()]);
  const id = anna.now?.calls[0]?.id;
  await exchange.kill();
  await exchange.serve();
  // Whoever notices first has the sound relayed anew for both.
  await Promise.any([anna, ben].map((phone) => phone.shows('the broken call', ({ wasBroken }) => wasBroken)));
  await anna.shows(
    'the call as before',
    ({ calls: [call] }) => call?.id === id && call?.reconnecting === undefined,
    30_000,
  );
  await Promise.all([anna.hearsMore(), ben.hearsMore()]);
  expect(anna.now?.calls).toHaveLength(1);
});
