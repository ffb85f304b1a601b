/** Everybody of the office at each of its phones: two of ours at our exchange, by datagrams and by a connection. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { until } from '../../../../support/until.ts';

let office: TestOffice;
let phones: NodePhone[] = [];

async function phone(number: string, password: string, params = ''): Promise<NodePhone> {
  const server = `sip:127.0.0.1:${office.port}${params}`;
  const id = `phone-${number}`;
  const made = new NodePhone([{ id, number, displayName: '', server, outboundProxy: '' }], { [id]: password });
  phones.push(made);
  await made.registered(id);
  return made;
}

const seen = (at: NodePhone): Record<string, string> => {
  const [told] = at.news.offices ?? [];
  return Object.fromEntries(
    (told?.people ?? []).map(({ number, name }) => [`${number} ${name}`, told?.lamps.get(number) ?? '']),
  );
};
const sees = (at: NodePhone, what: Record<string, string>): Promise<unknown> =>
  until(
    `the phone to see ${JSON.stringify(what)}`,
    () => JSON.stringify(seen(at)) === JSON.stringify(what),
    15_000,
  ).catch((error) => {
    throw new Error(`${error.message}; it sees ${JSON.stringify(seen(at))}`);
  });

beforeEach(async () => {
  office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' } });
});

afterEach(async () => {
  for (const one of phones.reverse()) await one.close();
  phones = [];
  await office.close();
});

test('each phone has the office by names and numbers, and follows who comes, calls, is not to be disturbed and goes', async () => {
  const anna = await phone('1001', 'one');
  await sees(anna, { '1001 ': 'available', '1002 ': 'offline' });
  const ben = await phone('1002', 'two', ';transport=tcp');
  await sees(anna, { '1001 ': 'available', '1002 ': 'available' });
  await sees(ben, { '1001 ': 'available', '1002 ': 'available' });
  expect(anna.news.people).toEqual([]);

  const call = anna.softphone.call('1002');
  if (!call.ok) throw new Error(call.reason);
  await sees(ben, { '1001 ': 'in-call', '1002 ': 'ringing' });
  await ben.answer();
  await sees(anna, { '1001 ': 'in-call', '1002 ': 'in-call' });
  anna.softphone.hangUp(call.callId);
  await sees(ben, { '1001 ': 'available', '1002 ': 'available' });

  await office.handle.admin.call('users.rename', { number: '1002', name: 'Ben Kovář' });
  await office.handle.admin.call('users.add', { number: '1003', name: 'Carl', password: 'three' });
  await sees(anna, { '1001 ': 'available', '1002 Ben Kovář': 'available', '1003 Carl': 'offline' });
  await office.handle.admin.call('users.remove', { number: '1003' });
  await office.handle.admin.call('presence.setRule', { number: '1001', watchers: 'nobody' });
  await sees(ben, { '1001 ': 'unknown', '1002 Ben Kovář': 'available' });
  await sees(anna, { '1001 ': 'available', '1002 Ben Kovář': 'available' });
  ben.reconfigure({ calls: { doNotDisturb: true } });
  await sees(anna, { '1001 ': 'available', '1002 Ben Kovář': 'do-not-disturb' });
  await ben.close();
  phones = [anna];
  await sees(anna, { '1001 ': 'available', '1002 Ben Kovář': 'offline' });
});

test('what the phone has outlives a restart of the exchange, and follows it again', async () => {
  const anna = await phone('1001', 'one');
  await sees(anna, { '1001 ': 'available', '1002 ': 'offline' });
  await office.stop();
  await office.start();
  await office.handle.admin.call('users.rename', { number: '1002', name: 'Ben' });
  await sees(anna, { '1001 ': 'available', '1002 Ben': 'offline' });
});
