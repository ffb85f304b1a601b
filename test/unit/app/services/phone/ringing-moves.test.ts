/** Phones and an exchange of ours on real sockets: calls that still ring when a connection ends. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import { numericHop } from '../../../../../proxy-core/server/targets.ts';
import type { Hop } from '../../../../../proxy-core/sip/transport/port.ts';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { TcpRelay } from '../../../../support/tcp-relay.ts';
import { until } from '../../../../support/until.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const users = { 1001: 'one-pass', 1002: 'two-pass' };

async function openOffice(): Promise<{ office: TestOffice; relay: TcpRelay; second: TcpRelay }> {
  const office = await TestOffice.open({ users, domains: ['office.example'] });
  const [relay, second] = [await TcpRelay.open(office.port), await TcpRelay.open(office.port)];
  closers.push(
    () => office.close(),
    () => relay.close(),
    () => second.close(),
  );
  return { office, relay, second };
}

/** By these ways over TCP, else by UDP. */
async function phoneOf(number: keyof typeof users, office: TestOffice, ...relays: TcpRelay[]): Promise<NodePhone> {
  const id = String(number);
  const account: Account = { id, number: id, displayName: '', server: 'office.example', outboundProxy: '' };
  const ways: Hop[] = relays.map(({ port }) => ({ transport: 'TCP', host: '127.0.0.1', port }));
  if (ways.length === 0) ways.push({ transport: 'UDP', host: '127.0.0.1', port: office.port });
  const phone = new NodePhone([account], { [id]: users[number] }, undefined, (uri) => {
    const there = numericHop(uri);
    return there === undefined ? ways : [there];
  });
  closers.push(() => phone.close());
  await phone.registered(id);
  return phone;
}

const connections = (phone: NodePhone): number => phone.accounts[0]?.connectedBy.length ?? 0;
const registers = (phone: NodePhone): number =>
  phone.heard.filter((message) => /CSeq: \d+ REGISTER/.test(message)).length;

/** Calls; gives both ends once it rings. */
async function ringing(caller: NodePhone, callee: NodePhone): Promise<{ here: string; there: string }> {
  const made = caller.softphone.call(callee.accounts[0]?.number ?? '');
  if (!made.ok) throw new Error(made.reason);
  const { id } = await callee.call('the call', ({ state }) => state === 'incoming');
  await caller.call('the ringing', ({ state }) => state === 'ringing');
  return { here: made.callId, there: id };
}

async function talkAndEnd(caller: NodePhone, callee: NodePhone, { here, there }: { here: string; there: string }) {
  callee.softphone.answer(there);
  await caller.call('the answer', ({ id, state, reconnecting }) => id === here && state === 'active' && !reconnecting);
  await callee.call('to be acknowledged', ({ id, state }) => id === there && state === 'active');
  expect(callee.calls).toHaveLength(1);
  callee.softphone.hangUp(there);
  await Promise.all([caller.ended(here), callee.ended(there)]);
}

describe('a call from a phone whose connection ends while it rings', () => {
  it('goes on by the next connection', async () => {
    const { office, relay } = await openOffice();
    const [anna, ben] = [await phoneOf(1001, office, relay), await phoneOf(1002, office)];
    const call = await ringing(anna, ben);
    const before = anna.heard.length;
    relay.drop();
    await until('the exchange to say that it rings still', () =>
      anna.heard.slice(before).some((message) => message.startsWith('SIP/2.0 180')),
    );
    expect(anna.calls[0]?.state).toBe('ringing');
    await talkAndEnd(anna, ben, call);
  });

  it('may be called back by it', async () => {
    const { office, relay } = await openOffice();
    const [anna, ben] = [await phoneOf(1001, office, relay), await phoneOf(1002, office)];
    const { here, there } = await ringing(anna, ben);
    const before = anna.heard.length;
    relay.drop();
    await until('the way back', () => anna.heard.length > before);
    anna.softphone.hangUp(here);
    await ben.ended(there);
  });
});

describe('a call to a phone whose connection ends while it rings', () => {
  it('rings by the next one, as the same call', async () => {
    const { office, relay } = await openOffice();
    const [anna, ben] = [await phoneOf(1001, office), await phoneOf(1002, office, relay)];
    const call = await ringing(anna, ben);
    const before = registers(ben);
    relay.drop();
    await until('its return', () => registers(ben) > before);
    await until('the call to be led there', () => ben.heard.filter((one) => one.startsWith('INVITE')).length === 2);
    await talkAndEnd(anna, ben, call);
  });

  it.each([
    ['first', 1],
    ['second', 0],
  ] as const)('rings by its %s flow when only that is left, as the same call', async (_which, gone) => {
    const { office, relay, second } = await openOffice();
    const [anna, ben] = [await phoneOf(1001, office), await phoneOf(1002, office, relay, second)];
    await until('both flows', () => connections(ben) === 2);
    const call = await ringing(anna, ben);
    [relay, second][gone]?.cut();
    await until('the loss', () => connections(ben) === 1);
    await talkAndEnd(anna, ben, call);
  });

  it('rings by a flow that comes back when both are gone', async () => {
    const { office, relay, second } = await openOffice();
    const [anna, ben] = [await phoneOf(1001, office), await phoneOf(1002, office, relay, second)];
    await until('both flows', () => connections(ben) === 2);
    const call = await ringing(anna, ben);
    relay.drop();
    second.drop();
    await until('the call to be led there', () => ben.heard.filter((one) => one.startsWith('INVITE')).length >= 2);
    await talkAndEnd(anna, ben, call);
  });

  it('ends for the phone too where its caller gives up meanwhile', async () => {
    const { office, relay } = await openOffice();
    const [anna, ben] = [await phoneOf(1001, office), await phoneOf(1002, office, relay)];
    const { here, there } = await ringing(anna, ben);
    relay.drop();
    await until('the call to be led there', () => ben.heard.filter((one) => one.startsWith('INVITE')).length === 2);
    anna.softphone.hangUp(here);
    await Promise.all([anna.ended(here), ben.ended(there)]);
  });
});
