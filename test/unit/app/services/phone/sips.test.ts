/** Calls by `sips:` addresses: protected on every hop or not made (RFC 5630), on real sockets with an exchange of ours. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { until } from '../../../../support/until.ts';

const closers: (() => unknown)[] = [];
let office: TestOffice;

beforeEach(async () => {
  const listen = ['udp', 'tls', 'wss'].map((scheme) => `${scheme}://127.0.0.1:0`);
  office = await TestOffice.open({ listen, users: { 1001: 'pass', 1002: 'pass' } });
  closers.push(() => office.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const at = (transport: string): string =>
  office.handle.listeners.find((one) => one.startsWith(`${transport}:`))?.replace(/^\w+:\/\//, '') ?? '';

/** Registers at this server, whatever certificate it shows. */
async function phoneAt(number: string, server: string): Promise<NodePhone> {
  const account: Account = { id: number, number, displayName: '', server, outboundProxy: '' };
  const phone = new NodePhone([account], { [number]: 'pass' });
  closers.push(() => phone.close());
  const isRegistered = () => phone.accounts[0]?.registration.state === 'registered';
  const problem = await until('an answer of the server', () =>
    isRegistered() ? 'none' : phone.accounts[0]?.certificate,
  );
  if (problem !== 'none') phone.setAccounts([{ ...account, trusted: [problem.offered] }]);
  await phone.registered(number);
  return phone;
}

const secured = (number: string): Promise<NodePhone> => phoneAt(number, `sips:${at('tls')}`);
const lines = (phone: NodePhone, method: string, name: string): string[] =>
  phone.heard
    .filter((message) => message.startsWith(`${method} `))
    .flatMap((message) => message.match(new RegExp(`^${name}: .*$`, 'gim')) ?? []);
const asked = (phone: NodePhone, method: string): string[] =>
  phone.heard.filter((message) => message.startsWith(`${method} `)).map((message) => message.split(' ')[1] ?? '');

/** Calls, is put on hold and resumed by the other side, and is hung up on. */
async function wholeCall(caller: NodePhone, callee: NodePhone, target: string): Promise<void> {
  const made = caller.softphone.call(target);
  if (!made.ok) throw new Error(made.reason);
  const there = await callee.answer();
  await caller.call('the answer', ({ id, state }) => id === made.callId && state === 'active');
  callee.softphone.hold(there.id);
  await caller.call('to be held', ({ heldByPeer }) => heldByPeer);
  caller.softphone.hold(made.callId);
  await callee.call('to be held too', ({ heldByPeer }) => heldByPeer);
  callee.softphone.hangUp(there.id);
  await Promise.all([caller.ended(made.callId), callee.ended(there.id)]);
}

describe('an account with sips:', () => {
  it.each(['tls', 'wss'] as const)('calls and is called on protected ways alone, over %s', async (transport) => {
    const server = `sips:${at(transport)}${transport === 'wss' ? ';transport=ws' : ''}`;
    const [anna, ben] = [await phoneAt('1001', server), await secured('1002')];
    await wholeCall(anna, ben, '1002');
    expect(anna.calls[0]).toMatchObject({ secure: true, peer: { uri: expect.stringMatching(/^sips:1002@/) } });
    expect(ben.calls[0]).toMatchObject({ secure: true });
    expect(asked(ben, 'INVITE').every((uri) => uri.startsWith('sips:'))).toBe(true);
    expect(asked(anna, 'BYE')).toEqual([expect.stringMatching(/^sips:/)]);
    for (const name of ['Contact', 'Record-Route', 'To']) {
      const values = lines(ben, 'INVITE', name);
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) expect(value).toMatch(/<sips:/);
    }
    expect(lines(ben, 'INVITE', 'Contact').join()).not.toContain('transport=tls');
  });

  it('says that somebody cannot be reached so, and calls him otherwise where that is typed', async () => {
    const [anna, ben] = [await secured('1001'), await phoneAt('1002', at('udp'))];
    const made = anna.softphone.call('1002');
    expect(made.ok).toBe(true);
    const { notice } = await anna.ended(made.ok ? made.callId : '');
    expect(notice).toBe(
      '1002 cannot be reached on ways that are protected all along; with sip: in place of sips: the call may go through.',
    );
    expect(asked(ben, 'INVITE')).toEqual([]);
    await wholeCall(anna, ben, `sip:1002@${at('tls')}`);
    expect(anna.calls.at(-1)?.secure).toBeUndefined();
    expect(asked(ben, 'INVITE')[0]).toMatch(/^sip:/);
    for (const value of lines(ben, 'INVITE', 'Contact')) expect(value).toMatch(/<sip:/);
  });

  it('is called by a phone without protection as by sip:, and shows no more than that', async () => {
    const [anna, ben] = [await phoneAt('1001', at('udp')), await secured('1002')];
    await wholeCall(anna, ben, '1002');
    expect(asked(ben, 'INVITE').every((uri) => uri.startsWith('sip:'))).toBe(true);
    expect(ben.calls[0]?.secure).toBeUndefined();
  });

  it('refuses proxies that others can listen on', () => {
    const account = {
      id: 'a',
      number: '1',
      displayName: '',
      server: 'sips:office.example',
      outboundProxy: 'udp.example;transport=udp',
    };
    const phone = new NodePhone([account]);
    closers.push(() => phone.close());
    return until('the reason', () => {
      const { registration } = phone.accounts[0] ?? {};
      return (
        registration?.state === 'failed' &&
        /only be reached by TLS or WSS, also through udp\.example/.test(registration.reason)
      );
    });
  });
});

describe('an account without', () => {
  it('calls sips: addresses over TLS', async () => {
    const [anna, ben] = [await phoneAt('1001', `${at('tls')};transport=tls`), await secured('1002')];
    await wholeCall(anna, ben, `sips:1002@${at('tls')}`);
    expect([anna.calls[0]?.secure, ben.calls[0]?.secure]).toEqual([true, true]);
    for (const value of lines(ben, 'INVITE', 'Contact')) expect(value).toMatch(/<sips:/);
  });

  it('is told why it cannot over UDP, and nothing is sent', async () => {
    const [anna, ben] = [await phoneAt('1001', at('udp')), await secured('1002')];
    expect(anna.softphone.call(`sips:1002@${at('tls')}`)).toEqual({
      ok: false,
      reason:
        'An address with sips: is called on protected ways only, by TLS or WSS; this account is connected by UDP, where others can listen.',
    });
    expect(asked(ben, 'INVITE')).toEqual([]);
  });
});
