import { describe, expect, test } from 'vitest';
import { regInfoXml } from '../../../../../proxy-core/server/events/reginfo.ts';
import { aorOf, type Binding } from '../../../../../proxy-core/server/stores.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { DOMAIN, TestExchange } from '../../../../support/exchange-parts.ts';
import { bindingOf } from '../../../../support/memory-stores.ts';
import { Watcher } from '../../../../support/watching.ts';

const A = 'sip:a@192.0.2.50';
const B = 'sip:b@192.0.2.51';

function watching(exchange = new TestExchange()): Watcher {
  const watcher = new Watcher(exchange, '1001', 'one', [['Expires', '3600']]);
  watcher.answer();
  return watcher;
}

/** Lets the pause go by, and gives what was told last. */
function told(watcher: Watcher) {
  watcher.exchange.clock.advance(5_000);
  watcher.answer();
  return watcher.documents.at(-1);
}

describe('what happens to contacts', () => {
  test('nobody is registered yet', () => {
    expect(watching().documents[0]).toEqual({ version: 0, state: 'full', registration: 'init', contacts: [] });
  });

  test('each change is told by itself, with the next version', () => {
    const watcher = watching();
    const { clock } = watcher.exchange;
    const at = (seconds: number) => ({ expiresAt: clock.now() + seconds * 1000 });
    const change = (...bindings: Partial<Binding>[]) => {
      watcher.exchange.bind('1001', ...bindings);
      return told(watcher);
    };
    const a = { contact: A, ...at(1000) };
    expect(change(a)).toEqual({ version: 1, state: 'partial', registration: 'active', contacts: [`registered ${A}`] });
    expect(change(a, { contact: B, ...at(900) })?.contacts).toContain(`registered ${B}`);
    expect(change({ ...a, ...at(2000) })?.contacts).toEqual([`refreshed ${A}`, `unregistered ${B}`]);
    expect(change({ ...a, ...at(100) })?.contacts).toEqual([`shortened ${A}`]);
    expect(change()).toEqual({
      ...{ version: 5, state: 'partial', registration: 'terminated', contacts: [`unregistered ${A}`] },
    });
  });

  test('a contact that is renewed keeps its id; one that comes again gets another', () => {
    const watcher = watching();
    const ids = (): string[] =>
      [...(watcher.notifies.at(-1)?.request.body.matchAll(/id="(c\d+)"/g) ?? [])].map(([, id = '']) => id);
    const seen: string[][] = [];
    for (const contacts of [[{ contact: A }], [{ contact: A, cseq: 2 }], [], [{ contact: A }]]) {
      watcher.exchange.bind('1001', ...contacts);
      told(watcher);
      seen.push(ids());
    }
    expect(seen).toEqual([['c1'], ['c1'], ['c1'], ['c2']]);
  });

  test('a flow is the same contact when its URI changes', () => {
    const watcher = watching();
    const flow = { instance: 'urn:uuid:1', regId: 1 };
    watcher.exchange.bind('1001', { contact: A, ...flow });
    told(watcher);
    watcher.exchange.bind('1001', { contact: B, ...flow });
    expect(told(watcher)?.contacts).toEqual([`refreshed ${B}`]);
  });

  test('one that expires is told when it does, without anyone looking', () => {
    const exchange = new TestExchange();
    exchange.bind('1001', { contact: A, expiresAt: exchange.clock.now() + 60_000 });
    const watcher = watching(exchange);
    exchange.clock.advance(59_999);
    expect(watcher.notifies).toHaveLength(1);
    exchange.clock.advance(1);
    expect(watcher.documents[1]).toEqual({
      ...{ version: 1, state: 'partial', registration: 'terminated', contacts: [`expired ${A}`] },
    });
  });

  test('one whose device was revoked was not signed off by itself', () => {
    const exchange = new TestExchange();
    exchange.bind('1001', { contact: A, device: 'lost phone' });
    const watcher = watching(exchange);
    exchange.bind('1001');
    expect(told(watcher)?.contacts).toEqual([`deactivated ${A}`]);
  });

  test('a change that undoes itself is not told', () => {
    const watcher = watching();
    watcher.exchange.bind('1001', A);
    watcher.exchange.bind('1001');
    watcher.exchange.clock.advance(60_000);
    expect(watcher.notifies).toHaveLength(1);
  });

  test('a REGISTER is told to its user', async () => {
    const watcher = watching();
    const contact: HeaderLine = ['Contact', `<${A}>`];
    watcher.exchange.receiveFrom('1001', 'one', 'REGISTER', `sip:${DOMAIN}`, [contact]);
    expect(told(watcher)?.contacts).toEqual([`registered ${A}`]);
  });
});

describe('who may watch', () => {
  const other: HeaderLine = ['To', `<sip:1002@${DOMAIN}>`];

  test('an administrator watches others, and learns who does not exist', () => {
    const exchange = new TestExchange();
    exchange.users.setAdmin('1001');
    exchange.bind('1002', B);
    const watcher = new Watcher(exchange, '1001', 'one', [other]);
    expect(watcher.documents[0]?.contacts).toEqual([`registered ${B}`]);
    expect(watcher.notifies[0]?.request.body).toContain(`aor="sip:1002@${DOMAIN}"`);
    const nobody: HeaderLine = ['To', `<sip:1999@${DOMAIN}>`];
    expect(new Watcher(exchange, '1001', 'one', [nobody]).first.statuses).toEqual([404]);
  });

  test('a user watches himself under an alias too', () => {
    const exchange = new TestExchange();
    exchange.users.addAlias('1001', '+4930900');
    exchange.bind('1001', A);
    const watcher = new Watcher(exchange, '1001', 'one', [['To', `<sip:+4930900@${DOMAIN}>`]]);
    expect(watcher.documents[0]?.contacts).toEqual([`registered ${A}`]);
  });

  test('nothing is held for a user whom nobody watches', () => {
    const watcher = watching();
    const { exchange } = watcher;
    exchange.bind('1001', { contact: A, expiresAt: exchange.clock.now() + 600_000 });
    told(watcher);
    watcher.again([['Expires', '0']]);
    watcher.answer();
    expect(exchange.clock.waiting).toBe(0);
  });
});

test('the document: escaped, with instance, flow, public GRUU, and which device it is', () => {
  const binding = bindingOf(aorOf('1001', DOMAIN), 'sip:a@h?x=<&"\u00fc\u0001', {
    ...{ q: 500, expiresAt: 61_000, callId: "c&'1", cseq: 7, instance: 'urn:uuid:1', regId: 2 },
    ...{ device: 'Büro "2"', userAgent: 'snomD785/10.1 \u00c3\u00bc' },
  });
  const contact = { id: 3, binding, event: 'registered' as const, publicGruu: 'sip:1001@office.example;gr=urn:uuid:1' };
  const xml = regInfoXml({
    version: 4,
    isFull: false,
    aor: 'sip:1001@h',
    state: 'active',
    contacts: [contact],
    now: 1_000,
  });
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:gr="urn:ietf:params:xml:ns:gruuinfo" version="4" state="partial">
  <registration aor="sip:1001@h" id="r1" state="active">
    <contact id="c3" state="active" event="registered" expires="60" q="0.5" callid="c&#38;&#39;1" cseq="7">
      <uri>sip:a@h?x=&#60;&#38;&#34;&#252;?</uri>
      <unknown-param name="+sip.instance">&#34;&#60;urn:uuid:1&#62;&#34;</unknown-param>
      <unknown-param name="reg-id">2</unknown-param>
      <gr:pub-gruu uri="sip:1001@office.example;gr=urn:uuid:1"/>
      <device xmlns="tag:tandem.invalid,2026:device" label="B&#252;ro &#34;2&#34;" program="snomD785/10.1 &#252;"/>
    </contact>
  </registration>
</reginfo>
`);
});
