/**
 * A call whose sound passes through the exchange, and the exchange falls: the phones register again by themselves, have
 * the sound relayed anew and go on talking. In network namespaces, as root.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { EXCHANGE_ADDRESS, Netns } from '../support/netns.ts';
import { buildPhone, Phone } from './phone-process/phone.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-restart-'));
const phones: Phone[] = [];
let net: Netns;
let exchange: ExchangeProcess;

beforeAll(async () => {
  buildPhone(join(folder, 'phone.cjs'));
  net = Netns.open();
  exchange = await ExchangeProcess.start({
    users: { 1001: 'good-pass', 1002: 'good-pass' },
    namespace: { name: net.exchange, address: EXCHANGE_ADDRESS },
  });
});
afterAll(async () => {
  for (const phone of phones.splice(0)) phone.close();
  await exchange?.close();
  net?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('goes on when the exchange is there again', async () => {
  const [anna, ben] = [net.site('symmetric'), net.site('symmetric')].map((site) => {
    const phone = new Phone(join(folder, 'phone.cjs'), site);
    phones.push(phone);
    return phone;
  }) as [Phone, Phone];
  await Promise.all([
    anna.register(exchange.server, '1001', { ice: 'never' }),
    ben.register(exchange.server, '1002', { ice: 'never' }),
  ]);
  anna.tell({ call: '1002' });
  await ben.shows('the call', ({ calls: [call] }) => call?.state === 'incoming');
  ben.tell({ answer: true });
  await Promise.all([anna.hearsMore(), ben.hearsMore()]);
  const id = anna.now?.calls[0]?.id;
  await exchange.kill();
  await exchange.serve();
  await anna.shows('the broken call', ({ wasBroken }) => wasBroken);
  await anna.shows(
    'the call as before',
    ({ calls: [call] }) => call?.id === id && call?.reconnecting === undefined,
    30_000,
  );
  await Promise.all([anna.hearsMore(), ben.hearsMore()]);
  expect(anna.now?.calls).toHaveLength(1);
});
