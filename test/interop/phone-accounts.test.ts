/** One phone with accounts at Kamailio and at our exchange at once, and at a Kamailio that wants digest with SHA-256. */
import { afterEach, expect, test } from 'vitest';
import type { Account } from '../../app/shared/bridge.ts';
import { Baresip } from '../support/baresip.ts';
import { TestOffice } from '../support/exchange.ts';
import { Kamailio } from '../support/kamailio.ts';
import { NodePhone } from '../support/node-phone.ts';

const password = 'one-for-all';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function kept<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

async function phone(...accounts: readonly { id: string; number: string; port: number }[]): Promise<NodePhone> {
  const all = accounts.map(({ port, ...one }): Account => {
    return { ...one, displayName: '', server: `127.0.0.1:${port}`, outboundProxy: '' };
  });
  const made = kept(new NodePhone(all, Object.fromEntries(all.map(({ id }) => [id, password]))));
  for (const { id } of all) await made.registered(id);
  return made;
}

const baresip = async (number: string, port: number): Promise<Baresip> =>
  kept(await Baresip.start({ aor: `sip:${number}@127.0.0.1:${port}`, password, codecs: ['PCMU/8000/1'] }));

test('calls by either account go to its own server, come from it, and wait for each other', async () => {
  const kamailio = kept(await Kamailio.start({ password }));
  const office = kept(await TestOffice.open({ users: { 1001: password, 1002: password } }));
  const anna = await phone(
    { id: 'there', number: '1001', port: kamailio.port },
    { id: 'here', number: '1001', port: office.port },
  );
  const [far, near] = [await baresip('1002', kamailio.port), await baresip('1002', office.port)];
  const first = await anna.talkTo('1002');
  expect(first.accountId).toBe('there');
  await far.waitFor('CALL_ESTABLISHED');
  expect(near.events.some(({ type }) => type === 'CALL_INCOMING')).toBe(false);

  near.dial(`sip:1001@127.0.0.1:${office.port}`);
  const second = await anna.answer();
  expect(second.accountId).toBe('here');
  await anna.call('the first to be held', ({ id, held, notice }) => id === first.id && held && notice === undefined);
  anna.softphone.hangUp(second.id);
  await near.waitFor('CALL_CLOSED');
  expect(far.events.some(({ type }) => type === 'CALL_CLOSED')).toBe(false);
});

test('Kamailio with SHA-256 takes the registration and the calls', async () => {
  const kamailio = kept(await Kamailio.start({ password, algorithm: 'SHA-256' }));
  const anna = await phone({ id: 'anna', number: '1001', port: kamailio.port });
  const ben = await phone({ id: 'ben', number: '1002', port: kamailio.port });
  const challenges = () => anna.heard.flatMap((message) => message.match(/^(?:WWW|Proxy)-Authenticate: .*$/gim) ?? []);
  expect(challenges().join()).toMatch(/algorithm=SHA-256/);
  const made = anna.softphone.call('1002');
  if (!made.ok) throw new Error(made.reason);
  const { id } = await ben.answer();
  await anna.call('the answer', (call) => call.id === made.callId && call.state === 'active');
  expect(challenges().some((line) => line.startsWith('Proxy') && line.includes('SHA-256'))).toBe(true);
  ben.softphone.hangUp(id);
  await anna.ended(made.callId);
});
