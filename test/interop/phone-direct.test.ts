/** Our phone without any server, and a baresip that has none either: each calls the other at its address. */
import { afterEach, expect, test } from 'vitest';
import type { Account } from '../../app/shared/bridge.ts';
import { Baresip } from '../support/baresip.ts';
import { NodePhone } from '../support/node-phone.ts';
import { until } from '../support/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function anna(more: Partial<Account> = {}): Promise<{ phone: NodePhone; address: string }> {
  const phone = new NodePhone([
    {
      ...{ id: 'anna', number: 'anna', displayName: 'Anna', server: '', outboundProxy: '' },
      ...{ settings: { registrar: false }, ...more },
    },
  ]);
  open.push(phone);
  const address = await until('it to listen', () => {
    const { registration } = phone.accounts[0] ?? {};
    return registration?.state === 'listening' ? registration.address : undefined;
  });
  return { phone, address };
}

async function ben(...codecs: string[]): Promise<Baresip> {
  const made = await Baresip.start({ aor: 'sip:ben@127.0.0.1', register: false, codecs });
  open.push(made);
  return made;
}

test('baresip calls us at our address, is held and taken up again, and hangs up', async () => {
  const { phone, address } = await anna();
  const peer = await ben('PCMU/8000/1');
  peer.dial(`sip:anna@${address}`);
  const call = await phone.answer();
  expect(call.peer.uri).toContain('sip:ben@127.0.0.1');
  await peer.waitFor('CALL_ESTABLISHED');
  phone.softphone.hold(call.id);
  await phone.call('hold to be settled', ({ held, notice }) => held && notice === undefined);
  phone.softphone.resume(call.id);
  await phone.call('the call to go on', ({ held, state }) => !held && state === 'active');
  peer.hangUp();
  await phone.ended(call.id);
});

test('we call baresip at its address, and hang up', async () => {
  const { phone } = await anna();
  const peer = await ben('PCMU/8000/1');
  const call = await phone.talkTo(`sip:ben@127.0.0.1:${peer.sipPort}`);
  await peer.waitFor('CALL_ESTABLISHED');
  expect(phone.heard.some((message) => message.startsWith('SIP/2.0 200'))).toBe(true);
  phone.softphone.hangUp(call.id);
  await peer.waitFor('CALL_CLOSED');
});

test('our order of codecs decides what baresip sends when it calls', async () => {
  const { phone, address } = await anna({ codecs: { codecs: ['PCMA', 'PCMU'], ptime: 40 } });
  const peer = await ben('opus/48000/2', 'PCMU/8000/1', 'PCMA/8000/1');
  peer.dial(`sip:anna@${address}`);
  await phone.answer();
  await peer.waitFor('CALL_ESTABLISHED');
  expect(peer.output).toMatch(/Set audio encoder: PCMA/i);
});

test('where none of our codecs suits baresip, it hears so', async () => {
  const { address } = await anna({ codecs: { codecs: ['opus'], ptime: 20 }, calls: { autoAnswer: 'always' } });
  const peer = await ben('PCMU/8000/1');
  peer.dial(`sip:anna@${address}`);
  expect((await peer.waitFor('CALL_CLOSED')).param).toContain('488');
});

test('by IPv6 we call baresip, and it calls us, with sound', async () => {
  const { phone } = await anna();
  phone.counts = true;
  const six = await until('our address', () => {
    const { registration } = phone.accounts[0] ?? {};
    return registration?.state === 'listening' ? registration.alsoAt : undefined;
  });
  const peer = await Baresip.start({ aor: 'sip:ben@[::1]', register: false, codecs: ['PCMU/8000/1'], six: true });
  open.push(peer);
  const heard = (id: string) =>
    phone.call('its tone', (call) => call.id === id && (call.quality?.received ?? 0) > 25).then(() => undefined);
  const call = await phone.talkTo(`sip:ben@[::1]:${peer.sipPort}`);
  await heard(call.id);
  expect(phone.heard.find((message) => message.startsWith('SIP/2.0 200'))).toMatch(/^c=IN IP6 ::1\r$/m);
  phone.softphone.hangUp(call.id);
  await phone.ended(call.id);
  await peer.waitFor('CALL_CLOSED');
  peer.dial(`sip:anna@${six}`);
  const back = await phone.answer();
  await heard(back.id);
  peer.hangUp();
  await phone.ended(back.id);
});
