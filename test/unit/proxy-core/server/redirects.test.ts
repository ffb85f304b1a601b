/** A 3xx is followed by the proxy where that is safe, else it goes up to the caller (RFC 3261 §16.7 step 4). */
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../../proxy-core/server/settings.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../../support/exchange-parts.ts';

const phone = (number: string, last: number): string => `sip:${number}@192.0.2.${last}:5060`;
const ours = (number: string): string => `<sip:${number}@${DOMAIN}>`;

/** 1001 has one phone, 1002 two, 1003 none; the caller is a stranger unless `from` says otherwise. */
function office(settings: Partial<Settings> = {}): TestExchange {
  const exchange = new TestExchange(settings);
  exchange.users.add('1003', 'three').add('1004', 'four');
  exchange.bind('1001', phone('1001', 61));
  exchange.bind('1002', phone('1002', 62), phone('1002', 63));
  return exchange;
}

const call = (exchange: TestExchange, uri = `sip:1001@${DOMAIN}`): Incoming => exchange.receive('INVITE', uri);
const move = (exchange: TestExchange, index: number, ...contacts: string[]): void =>
  void exchange.out(index).answer(302, { headers: [[H.Contact, contacts.join(', ')]] });
const uris = (exchange: TestExchange): string[] => exchange.sent.map(({ request }) => request.uriText);

describe('to a user of ours', () => {
  test('all devices of that user ring, and the caller hears nothing of it', () => {
    const exchange = office();
    const invite = call(exchange);
    move(exchange, 0, ours('1002'));
    expect(uris(exchange).slice(1)).toEqual([phone('1002', 62), phone('1002', 63)]);
    exchange.out(2).answer(200);
    expect(invite.statuses).toEqual([100, 200]);
    expect(exchange.out(1).cancels).toHaveLength(1);
  });

  test.each([
    ['who has no device', ours('1003'), 480],
    ['who does not exist', ours('1999'), 404],
    ['who was called in the first place', ours('1001'), 482],
  ])('%s: nobody rings', (_what, contact, status) => {
    const exchange = office();
    const invite = call(exchange);
    move(exchange, 0, contact);
    expect(exchange.sent).toHaveLength(1);
    expect(invite.statuses).toEqual([100, status]);
  });

  test('two who send to each other do not turn in a circle', () => {
    const exchange = office();
    exchange.bind('1004', phone('1004', 64));
    const invite = call(exchange);
    move(exchange, 0, ours('1004'));
    move(exchange, 1, ours('1001'));
    expect(exchange.sent).toHaveLength(2);
    expect(invite.statuses).toEqual([100, 482]);
  });

  test('the same contact named twice rings once', () => {
    const exchange = office();
    exchange.bind('1004', phone('1004', 64));
    call(exchange);
    move(exchange, 0, ours('1004'), `<sip:1004@${DOMAIN.toUpperCase()}>`);
    expect(exchange.sent).toHaveLength(2);
  });

  test('other devices of the called user ring on meanwhile', () => {
    const exchange = office();
    exchange.bind('1004', phone('1004', 64));
    const invite = call(exchange, `sip:1002@${DOMAIN}`);
    exchange.out(1).answer(180);
    move(exchange, 0, ours('1004'));
    expect(exchange.out(1).cancels).toEqual([]);
    exchange.out(2).answer(200);
    expect(invite.statuses).toEqual([100, 180, 200]);
    expect(exchange.out(1).cancels).toHaveLength(1);
  });

  test('contacts of lower q ring when those of higher q did not take the call', () => {
    const exchange = office();
    exchange.bind('1004', phone('1004', 64));
    const invite = call(exchange);
    move(exchange, 0, `${ours('1002')};q=0.2`, `${ours('1004')};q=0.8`);
    expect(uris(exchange).slice(1)).toEqual([phone('1004', 64)]);
    exchange.out(1).answer(486);
    expect(exchange.sent).toHaveLength(4);
    exchange.out(2).answer(486);
    exchange.out(3).answer(480);
    expect(invite.statuses).toEqual([100, 486]);
  });
});

describe('abroad', () => {
  test("is for the office's own step to allow, where there is one: the caller comes by it again", () => {
    const exchange = new TestExchange({}, { route: { step: () => undefined } });
    exchange.bind('1001', phone('1001', 61));
    const invite = exchange.receiveFrom('1002', 'two', 'INVITE', `sip:1001@${DOMAIN}`);
    move(exchange, 0, '<sip:0900@192.0.2.99>');
    expect(exchange.sent).toHaveLength(1);
    expect(invite.last.status).toBe(302);
    expect(invite.last.list(H.Contact)).toEqual(['<sip:0900@192.0.2.99>']);
  });

  const ABROAD = '<sip:ada@192.0.2.99:5070;method=INVITE?Subject=x>';

  test('is followed for a user of ours, who may call there himself', () => {
    const exchange = office();
    const invite = exchange.receiveFrom('1002', 'two', 'INVITE', `sip:1001@${DOMAIN}`);
    move(exchange, 0, ABROAD);
    // Without what may not stand in a request line.
    expect(uris(exchange)[1]).toBe('sip:ada@192.0.2.99:5070');
    exchange.out(1).answer(200);
    expect(invite.statuses).toEqual([100, 200]);
  });

  test('is not followed for a stranger: we are no relay', () => {
    const exchange = office();
    const invite = call(exchange);
    move(exchange, 0, ABROAD);
    expect(exchange.sent).toHaveLength(1);
    expect(invite.last.status).toBe(302);
    expect(invite.last.list(H.Contact)).toEqual([ABROAD]);
  });

  test('what is followed is taken out of what the caller gets', () => {
    const exchange = office();
    exchange.bind('1004', phone('1004', 64));
    const invite = call(exchange);
    move(exchange, 0, ABROAD, ours('1004'), '<tel:+4912345>');
    expect(exchange.sent).toHaveLength(2);
    exchange.out(1).answer(486);
    expect(invite.last.status).toBe(302);
    expect(invite.last.list(H.Contact)).toEqual([ABROAD, '<tel:+4912345>']);
  });

  test('to the same place twice is a circle', () => {
    const exchange = office();
    const invite = exchange.receiveFrom('1002', 'two', 'INVITE', `sip:1001@${DOMAIN}`);
    move(exchange, 0, ABROAD);
    move(exchange, 1, '<sip:ada@192.0.2.99:5070>');
    expect(exchange.sent).toHaveLength(2);
    expect(invite.statuses).toEqual([100, 482]);
  });

  test('a chain has an end', () => {
    const exchange = office({ maxTargets: 4 });
    const invite = exchange.receiveFrom('1002', 'two', 'INVITE', `sip:1001@${DOMAIN}`);
    for (let at = 0; at < 4; at++) move(exchange, at, `<sip:${at}@192.0.2.99>`);
    expect(exchange.sent).toHaveLength(4);
    expect(invite.statuses).toEqual([100, 482]);
  });
});

test.each([
  ['from sips to sip', `sips:1001@${DOMAIN}`, ours('1002')],
  ['to another proxy', `sip:1001@${DOMAIN}`, undefined],
])('%s is for the caller to decide', (_what, uri, contact) => {
  const exchange = office();
  // By sips: only a device that registered so is reached.
  if (uri.startsWith('sips:'))
    exchange.bind('1001', { contact: 'sips:1001@192.0.2.61', received: 'tls:192.0.2.61:40000' });
  const invite = call(exchange, uri);
  const status = contact === undefined ? 305 : 302;
  exchange.out(0).answer(status, { headers: [[H.Contact, contact ?? ours('1002')]] });
  expect(exchange.sent).toHaveLength(1);
  expect(invite.last.status).toBe(status);
});

test('a 302 without a contact goes up as it is', () => {
  const exchange = office();
  const invite = call(exchange);
  exchange.out(0).answer(302);
  expect(invite.statuses).toEqual([100, 302]);
});

describe('the policy', () => {
  const abroad = (exchange: TestExchange): Incoming =>
    exchange.receiveFrom('1002', 'two', 'INVITE', 'sip:bob@192.0.2.98');

  test('own: what a server abroad says goes up to the caller', () => {
    const exchange = office();
    const invite = abroad(exchange);
    move(exchange, 0, '<sip:ada@192.0.2.99>');
    expect([exchange.sent.length, invite.last.status]).toEqual([1, 302]);
  });

  test('all: it is followed', () => {
    const exchange = office({ redirects: 'all' });
    abroad(exchange);
    move(exchange, 0, '<sip:ada@192.0.2.99>');
    expect(exchange.sent).toHaveLength(2);
  });

  test('none: nothing is', () => {
    const exchange = office({ redirects: 'none' });
    const invite = call(exchange);
    move(exchange, 0, ours('1002'));
    expect([exchange.sent.length, invite.last.status]).toEqual([1, 302]);
  });
});

test('after the caller hung up nothing is followed', () => {
  const exchange = office();
  const invite = call(exchange);
  exchange.receiveRequest(exchange.request('CANCEL', `sip:1001@${DOMAIN}`), undefined, invite);
  move(exchange, 0, ours('1002'));
  expect(exchange.sent).toHaveLength(1);
  expect(invite.last.status).toBe(302);
});
