/** A page of a real browser engine registers over its own WebSocket, is called, and calls. */
import { afterEach, expect, test } from 'vitest';
import { TimerWheel } from '../../proxy-core/node/clock.ts';
import { randomHex } from '../../proxy-core/node/random.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import type { LateSink } from '../../proxy-core/sip/transaction/stack.ts';
import { TestOffice } from '../support/exchange.ts';
import { openPagePort } from '../support/page-port.ts';
import { TestPhone } from '../support/sip-phone.ts';
import { until } from '../support/until.ts';
import { openWebSocket } from '../support/web-socket-port.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test('a page is a phone', async () => {
  const office = await TestOffice.open({ listen: ['ws://127.0.0.1:0'], users: { 1001: 'one', 1002: 'two' } });
  closers.push(() => office.close());
  const url = `${office.handle.listeners[0]}/`;
  const page = await openPagePort(url);
  closers.push(() => page.close());
  expect(page.protocol).toBe('sip');
  const other = await openWebSocket(url);
  closers.push(() => other.close());
  const [anna, ben] = [page, other].map((port, index) => {
    const join = (sink: LateSink) => {
      port.connect(sink);
      return port;
    };
    return new TestPhone({
      ...{ clock: new TimerWheel(), random: randomHex, domain: '127.0.0.1', outbound: true, join },
      ...{
        number: `100${index + 1}`,
        password: index === 0 ? 'one' : 'two',
        address: port.address,
        server: port.server,
      },
    });
  }) as [TestPhone, TestPhone];
  for (const phone of [anna, ben]) {
    const register = phone.register();
    await until('the registration', () => register.statuses.includes(200));
  }
  for (const [from, to] of [
    [anna, ben],
    [ben, anna],
  ] as const) {
    // Letters that are more than one byte come through as they are.
    const outgoing = from.send('INVITE', `sip:${to.options.number}@127.0.0.1`, `sip:${to.options.number}@127.0.0.1`, [
      [H.Contact, from.contact],
      [H.Subject, 'Gr\xc3\xbc\xc3\x9fe'],
    ]);
    const incoming = await until('the phone to ring', () => to.incoming[0]);
    expect(incoming.transaction.request.header(H.Subject)).toBe('Gr\xc3\xbc\xc3\x9fe');
    incoming.respond(200);
    await until('the answer', () => outgoing.statuses.includes(200));
    outgoing.ack();
    await until('the ACK', () => to.acks.length > 0);
    incoming.bye();
    await until('the BYE', () => from.heard('BYE') > 0);
  }
});

test('a page of another origin than those that may is turned away', async () => {
  const office = await TestOffice.open({ listen: ['ws://127.0.0.1:0'], wsOrigins: ['https://phone.example.org'] });
  closers.push(() => office.close());
  await expect(openPagePort(`${office.handle.listeners[0]}/`)).rejects.toThrow(/refused/);
});
