/** Our phone behind a real Kamailio as edge proxy: WSS, Path (RFC 3327) and Outbound (RFC 5626) before an exchange of ours. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Account } from '../../app/shared/bridge.ts';
import { makeCertificate } from '../support/certificates.ts';
import { TestOffice } from '../support/exchange.ts';
import { Kamailio } from '../support/kamailio.ts';
import { NodePhone } from '../support/node-phone.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const users = { 1001: 'one-pass', 1002: 'two-pass' };
const closers: (() => unknown)[] = [];
let dir: string;
let office: TestOffice;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-edge-'));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  office = await TestOffice.open({ users, domains: ['office.example'] });
  closers.push(() => office.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Edge {
  readonly kamailio: Kamailio;
  readonly port: number;
}

async function openEdge(): Promise<Edge> {
  const made = await makeCertificate({ names: ['127.0.0.1'] });
  const tlsPort = await freePort();
  const doors = { tlsPort, wsPort: 0, cert: join(dir, `${tlsPort}.pem`), key: join(dir, `${tlsPort}.key`) };
  writeFileSync(doors.cert, made.cert);
  writeFileSync(doors.key, made.key);
  const kamailio = await Kamailio.edge({ registrar: office.port, domain: 'office.example', doors });
  closers.push(() => kamailio.close());
  return { kamailio, port: tlsPort };
}

/** Registers through these edges, whose certificates the person trusts. */
async function phoneBehind(number: keyof typeof users, ...edges: readonly Edge[]): Promise<NodePhone> {
  const id = String(number);
  const outboundProxy = edges.map(({ port }) => `wss://127.0.0.1:${port}`).join(', ');
  const account: Account = { id, number: id, displayName: '', server: 'office.example', outboundProxy };
  const phone = new NodePhone([account], { [id]: users[number] });
  closers.push(() => phone.close());
  const trusted: NonNullable<Account['trusted']>[number][] = [];
  for (const _edge of edges) {
    const problem = await until('the question about the certificate', () => {
      const { certificate } = phone.accounts[0] ?? {};
      return trusted.some((one) => one.fingerprint === certificate?.offered.fingerprint) ? undefined : certificate;
    });
    trusted.push(problem.offered);
    phone.setAccounts([{ ...account, trusted: [...trusted] }]);
  }
  await until('its flows', () => connections(phone).length === edges.length, 20_000);
  return phone;
}

const connections = (phone: NodePhone): readonly string[] =>
  (phone.accounts[0]?.connectedBy ?? []).map(({ transport, port }) => `${transport} ${port}`);
const bindings = () => office.handle.admin.call('location.show', { number: '1002' });

async function callEachOther(caller: NodePhone, callee: NodePhone, number: string): Promise<void> {
  const made = caller.softphone.call(number);
  if (!made.ok) throw new Error(made.reason);
  const theirs = await callee.answer();
  await caller.call('the answer', ({ id, state }) => id === made.callId && state === 'active');
  callee.softphone.hold(theirs.id);
  await caller.call('to be held', ({ id, heldByPeer }) => id === made.callId && heldByPeer);
  callee.softphone.hangUp(theirs.id);
  await Promise.all([caller.ended(made.callId), callee.ended(theirs.id)]);
}

it('registers through it by WSS, calls, is called, and does so again when the edge comes back', async () => {
  const edge = await openEdge();
  const [anna, ben] = [await phoneBehind(1001, edge), await phoneBehind(1002, edge)];
  expect(connections(ben)).toEqual([`WSS ${edge.port}`]);
  const answer = ben.heard.filter((message) => /^SIP\/2\.0 200[\s\S]*^CSeq: \d+ REGISTER/m.test(message)).at(-1) ?? '';
  expect(answer).toMatch(/^Path: <sip:[^@\r]+@127\.0\.0\.1:\d+;lr;ob>/m);
  expect(answer).toMatch(/^Require: .*outbound/m);
  await callEachOther(anna, ben, '1002');
  await callEachOther(ben, anna, '1001');

  const before = (await bindings())[0];
  await edge.kamailio.restart();
  await until('the new connections', () => [anna, ben].every((phone) => connections(phone).length === 1), 20_000);
  await until('the new way', async () => JSON.stringify((await bindings())[0]) !== JSON.stringify(before), 20_000);
  await callEachOther(anna, ben, '1002');
});

it('is called by the second edge when the first is gone', async () => {
  const [first, second] = [await openEdge(), await openEdge()];
  const [anna, ben] = [await phoneBehind(1001, second), await phoneBehind(1002, first, second)];
  expect(connections(ben)).toEqual([`WSS ${first.port}`, `WSS ${second.port}`]);
  expect(await bindings()).toHaveLength(2);
  await callEachOther(anna, ben, '1002');
  await first.kamailio.stop();
  await until('the loss', () => connections(ben).length === 1);
  await callEachOther(anna, ben, '1002');
  await callEachOther(ben, anna, '1001');
});

it('goes on with a call by the second edge when the one that the call came by is gone', async () => {
  const [first, second] = [await openEdge(), await openEdge()];
  const home = { server: 'office.example', outboundProxy: `sip:127.0.0.1:${office.port}` };
  const anna = new NodePhone([{ ...home, id: '1001', number: '1001', displayName: '' }], { 1001: users[1001] });
  closers.push(() => anna.close());
  await anna.registered('1001');
  const ben = await phoneBehind(1002, first, second);
  const hers = anna.softphone.call('1002');
  const his = await ben.answer();
  const isHers = (call: { readonly id: string }): boolean => hers.ok && call.id === hers.callId;
  await anna.call('the answer', (call) => isHers(call) && call.state === 'active');
  const invite = ben.heard.find((message) => message.startsWith('INVITE')) ?? '';
  const used = [first, second].filter(({ port }) => invite.includes(`127.0.0.1:${port};`));
  expect(used).toHaveLength(1);
  await used[0]?.kamailio.stop();
  await ben.call('the broken call', ({ id, reconnecting }) => id === his.id && reconnecting !== undefined);
  await ben.call('the call as before', ({ id, state, reconnecting }) => {
    return id === his.id && state === 'active' && reconnecting === undefined;
  });
  expect(ben.calls).toHaveLength(1);
  const last = await anna.call('its other dialog', ({ state }) => state === 'active');
  anna.softphone.hold(last.id);
  await ben.call('to be held', ({ id, heldByPeer }) => id === his.id && heldByPeer);
  ben.softphone.hangUp(his.id);
  await Promise.all([ben.ended(his.id), anna.ended(last.id)]);
});
