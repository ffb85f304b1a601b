/** Who may do what, as the guard sees it through the pipeline. */
import { describe, expect, test } from 'vitest';
import { DOMAIN, source, TestExchange } from '../../../../support/exchange-parts.ts';

test('a scanner that says its name is banned at the first word', () => {
  const exchange = new TestExchange();
  exchange.receive('OPTIONS', `sip:100@${DOMAIN}`, [['User-Agent', 'friendly-scanner']]);
  expect(exchange.banned).toEqual([`${source.host}: 1 a scanner by its own name`]);
});

test.each(['Linphone/3.12', 'Yealink SIP-T46S', 'baresip v1.0.0', 'Grandstream GXP2170'])(
  '%s is no scanner',
  (agent) => {
    const exchange = new TestExchange();
    exchange.bind('1001', 'sip:1001@192.0.2.61');
    exchange.receive('INVITE', `sip:1001@${DOMAIN}`, [['User-Agent', agent]]);
    expect(exchange.banned).toEqual([]);
    expect(exchange.sent).toHaveLength(1);
  },
);

describe('a stranger who tries many', () => {
  test('numbers is banned', () => {
    const exchange = new TestExchange();
    for (let i = 0; i < 20; i++) exchange.receive('INVITE', `sip:${5000 + i}@${DOMAIN}`);
    expect(exchange.banned).toEqual([`${source.host}: 20 refused requests`]);
  });

  test('ways abroad is banned', () => {
    const exchange = new TestExchange();
    for (let i = 0; i < 20; i++) exchange.receive('INVITE', `sip:00${i}@elsewhere.example`);
    expect(exchange.banned).toEqual([`${source.host}: 20 refused requests`]);
  });

  test('passwords is banned, also for users whom nobody knows', () => {
    const exchange = new TestExchange();
    for (let i = 0; i < 10; i++) exchange.receiveFrom('1001', `guess ${i}`, 'REGISTER', `sip:${DOMAIN}`);
    for (let i = 0; i < 10; i++) exchange.receiveFrom('4711', `guess ${i}`, 'REGISTER', `sip:${DOMAIN}`);
    expect(exchange.banned).toEqual([`${source.host}: 20 wrong passwords`]);
  });
});

test('a user of ours who misdials all day is not banned', () => {
  const exchange = new TestExchange();
  for (let i = 0; i < 100; i++) {
    expect(exchange.receiveFrom('1001', 'one', 'INVITE', `sip:nobody${i}@${DOMAIN}`).statuses).toEqual([404]);
  }
  expect(exchange.banned).toEqual([]);
});
