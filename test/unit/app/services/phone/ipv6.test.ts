/** Phones at an exchange that they reach by IPv6, and one of each kind: calls with sound, on real sockets. */
import { afterEach, expect, it } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { soundingWindow } from '../../../../support/sounding-window.ts';
import { until } from '../../../../support/until.ts';
import type { WindowEnd } from '../../../proxy-core/media/window-end.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const users = { 1001: 'one-pass', 1002: 'two-pass' };

interface Heard {
  readonly phone: NodePhone;
  readonly windows: readonly WindowEnd[];
}

async function phoneAt(number: keyof typeof users, server: string, outboundProxy = ''): Promise<Heard> {
  const id = String(number);
  const account: Account = { id, number: id, displayName: '', server, outboundProxy };
  const windows: WindowEnd[] = [];
  const phone = new NodePhone([account], { [id]: users[number] }, soundingWindow(windows), undefined, undefined, true);
  closers.push(() => phone.close());
  await phone.registered(id);
  return { phone, windows };
}

async function openOffice(...schemes: string[]): Promise<(scheme: string) => string> {
  const office = await TestOffice.open({ users, listen: schemes.map((scheme) => `${scheme}:0`) });
  closers.push(() => office.close());
  return (scheme) => office.handle.listeners.find((one) => one.startsWith(scheme))?.replace(/^\w+:\/\//, '') ?? '';
}

const addressIn = (message: string | undefined): string | undefined => /^c=IN (.*)\r$/m.exec(message ?? '')?.[1];

it.each(['udp', 'tcp'])('sound goes both ways by IPv6 where both are there, over %s', async (transport) => {
  const at = await openOffice('udp://[::1]', 'tcp://[::1]');
  const server = `${at(`${transport}:`)};transport=${transport}`;
  const [anna, ben] = [await phoneAt(1001, server), await phoneAt(1002, server)];
  expect(anna.phone.accounts[0]?.connectedBy).toEqual([expect.objectContaining({ host: '::1' })]);
  anna.phone.softphone.call('1002');
  const call = await ben.phone.answer();
  await until('sound both ways', () => [...anna.windows, ...ben.windows].every(({ received }) => received.length > 25));
  const invite = ben.phone.heard.find((message) => message.startsWith('INVITE'));
  expect(addressIn(invite)).toBe('IP6 ::1');
  ben.phone.softphone.hangUp(call.id);
  await anna.phone.ended(anna.phone.calls[0]?.id ?? '');
});

it('sound is carried over by the exchange between one with IPv6 and one with IPv4', async () => {
  const at = await openOffice('udp://127.0.0.1', 'udp://[::1]');
  const anna = await phoneAt(1001, at('udp://[::1]'));
  const ben = await phoneAt(1002, at('udp://127.0.0.1'));
  anna.phone.softphone.call(`sip:1002@${at('udp://127.0.0.1')}`);
  const call = await ben.phone.answer();
  await until('sound both ways', () => [...anna.windows, ...ben.windows].every(({ received }) => received.length > 25));
  expect(addressIn(ben.phone.heard.find((message) => message.startsWith('INVITE')))).toBe('IP4 127.0.0.1');
  ben.phone.softphone.hangUp(call.id);
  await anna.phone.ended(anna.phone.calls[0]?.id ?? '');
});
