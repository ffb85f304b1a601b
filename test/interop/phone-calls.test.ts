/** Our phone with others of its kind and with baresip, through the exchange: hold and transfer from both sides. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Baresip, type BaresipOptions } from '../support/baresip.ts';
import { TestOffice } from '../support/exchange.ts';
import { NodePhone } from '../support/node-phone.ts';
import { soundingWindow } from '../support/sounding-window.ts';
import { until } from '../support/until.ts';
import type { WindowEnd } from '../unit/proxy-core/media/window-end.ts';

const USERS = { 1001: 'pass-1', 1002: 'pass-2', 1003: 'pass-3' } as const;

let office: TestOffice;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  office = await TestOffice.open({ users: USERS });
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await office.close();
});

const server = () => `127.0.0.1:${office.port}`;

async function phone(number: keyof typeof USERS, calls = {}): Promise<NodePhone> {
  const made = await NodePhone.register({ number: String(number), password: USERS[number], server: server(), calls });
  open.push(made);
  return made;
}

async function baresip(number: keyof typeof USERS, more: Partial<BaresipOptions> = {}): Promise<Baresip> {
  const made = await Baresip.start({
    aor: `sip:${number}@${server()}`,
    password: USERS[number],
    codecs: ['PCMU/8000/1'],
    ...more,
  });
  open.push(made);
  return made;
}

test('two of ours are joined by a third: each goes on with the other, and the third is out', async () => {
  const anna = await phone(1001);
  const ben = await phone(1002, { autoAnswer: 'always' });
  const cleo = await phone(1003, { autoAnswer: 'always' });
  const withBen = await anna.talkTo('1002');
  const withCleo = await anna.talkTo('1003');
  await anna.call('Ben to be held', ({ id, held }) => id === withBen.id && held);
  await ben.call('to be held', ({ heldByPeer }) => heldByPeer);
  expect(anna.softphone.transferTo(withBen.id, withCleo.id)).toEqual({ ok: true });
  expect((await anna.ended(withBen.id)).notice).toBe('Transferred to 1003.');
  await anna.ended(withCleo.id);
  await ben.call('the call with Cleo', ({ state, direction }) => state === 'active' && direction === 'outgoing');
  await cleo.call('the call with Ben', ({ state, peer }) => state === 'active' && peer.number === '1002');
  expect(
    (await cleo.call('the one before to end', ({ peer, state }) => peer.number === '1001' && state === 'ended')).notice,
  ).toBe('The call was taken over by another phone.');
});

test('a caller is handed on at once, and comes back to nobody when the new partner is busy', async () => {
  const anna = await phone(1001);
  const ben = await phone(1002, { autoAnswer: 'always' });
  const cleo = await phone(1003, { doNotDisturb: true });
  const talk = await anna.talkTo('1002');
  anna.softphone.transfer(talk.id, '1003');
  const failed = await anna.call('the transfer to fail', ({ notice }) => notice?.includes('transfer failed') === true);
  expect(failed).toMatchObject({ state: 'active', held: true, notice: 'The transfer failed: 1003 is busy.' });
  await cleo.call('the refused call', ({ state, notice }) => state === 'ended' && notice === 'Do not disturb was on.');
  anna.softphone.resume(talk.id);
  await ben.call(
    'Anna again',
    ({ state, heldByPeer, peer }) => state === 'active' && !heldByPeer && peer.number === '1001',
  );
});

test('a third phone picks up a call that rings at another (Replaces)', async () => {
  const anna = await phone(1001);
  const ben = await phone(1002);
  const cleo = await phone(1003);
  anna.softphone.call('1002');
  await ben.call('to ring', ({ state }) => state === 'incoming');
  const ringing = await until('Anna to hear of it', () =>
    anna.heard.find((message) => message.startsWith('SIP/2.0 180')),
  );
  const read = (pattern: RegExp): string => pattern.exec(ringing)?.[1] ?? '';
  // As the lamp of Ben's phone would tell it.
  const replaces = {
    callId: read(/^Call-ID: (.*)\r$/m),
    toTag: read(/^From:.*;tag=([^;\r]+)/m),
    fromTag: read(/^To:.*;tag=([^;\r]+)/m),
    earlyOnly: true,
  };
  expect(cleo.softphone.call('1001', { replaces })).toMatchObject({ ok: true });
  await cleo.call('Anna', ({ state, peer }) => state === 'active' && peer.number === '1001');
  await anna.call('Cleo', ({ state, peer }) => state === 'active' && peer.number === '1003');
  expect((await ben.call('to stop ringing', ({ state }) => state === 'ended')).notice).toBe('The caller hung up.');
});

test('baresip is held and taken up again, and holds us', async () => {
  const anna = await phone(1001);
  const peer = await baresip(1002);
  const talk = await anna.talkTo('1002');
  anna.softphone.hold(talk.id);
  await anna.call('hold to be settled', ({ held, notice }) => held && notice === undefined);
  anna.softphone.resume(talk.id);
  await anna.call('the call to go on', ({ held, state }) => !held && state === 'active');
  peer.hold();
  await anna.call('to be held', ({ heldByPeer }) => heldByPeer);
  peer.resume();
  await anna.call('to be taken up again', ({ heldByPeer }) => !heldByPeer);
  anna.softphone.hangUp(talk.id);
  await peer.waitFor('CALL_CLOSED');
});

test('baresip is handed on to another baresip, and hands us on', async () => {
  const anna = await phone(1001);
  const ben = await baresip(1002);
  const cleo = await baresip(1003);
  const talk = await anna.talkTo('1002');
  anna.softphone.transfer(talk.id, '1003');
  expect((await anna.ended(talk.id)).notice).toBe('Transferred to 1003.');
  await cleo.waitFor('CALL_ESTABLISHED');
  ben.hangUp();
  await cleo.waitFor('CALL_CLOSED');
  cleo.events.length = 0;

  await anna.talkTo('1002');
  ben.transfer(`sip:1003@${server()}`);
  await anna.call('the call with Cleo', ({ peer, state }) => peer.number === '1003' && state === 'active');
  await cleo.waitFor('CALL_ESTABLISHED');
});

test('a number that rings at two baresips is answered at one of them, and the other stops', async () => {
  const anna = await phone(1001);
  const manual = { answer: 'manual' } as const;
  const [desk, mobile] = [await baresip(1002, manual), await baresip(1002, manual)];
  const made = anna.softphone.call('1002');
  if (!made.ok) throw new Error(made.reason);
  await Promise.all([desk.waitFor('CALL_INCOMING'), mobile.waitFor('CALL_INCOMING')]);
  await anna.call('both to ring', ({ state }) => state === 'ringing');
  mobile.accept();
  await anna.call('the answer', ({ id, state }) => id === made.callId && state === 'active');
  await desk.waitFor('CALL_CLOSED');
  expect(mobile.events.some(({ type }) => type === 'CALL_CLOSED')).toBe(false);
  anna.softphone.hangUp(made.callId);
  await mobile.waitFor('CALL_CLOSED');
});

test('who hides his number is hidden from baresip, which can hang up all the same', async () => {
  const anna = await phone(1001, { anonymous: true });
  const ben = await baresip(1002);
  const { id } = await anna.talkTo('1002');
  expect((await ben.waitFor('CALL_ESTABLISHED')).peeruri).toBe('sip:anonymous@anonymous.invalid');
  expect(ben.output).not.toContain('1001');
  ben.hangUp();
  await anna.ended(id);
});

test('digits reach baresip by INFO', async () => {
  const anna = await phone(1001, { dtmf: 'info-relay' });
  const ben = await baresip(1002);
  const { id } = await anna.talkTo('1002');
  for (const digit of '15#') anna.softphone.sendDigit(id, digit);
  await until('three digits at baresip', () => ben.digits === '15#').catch((error) => {
    throw new Error(`${error.message}: got "${ben.digits}"`);
  });
});

test('how baresip hears us comes by its reports, and ours reach it', async () => {
  const windows: WindowEnd[] = [];
  const account = { id: 'anna', number: '1001', displayName: '', server: server(), outboundProxy: '' };
  const sound = soundingWindow(windows);
  const anna = new NodePhone([account], { anna: USERS[1001] }, sound, undefined, undefined, true);
  open.push(anna);
  await anna.registered('anna');
  const ben = await baresip(1002, { modules: ['rtcpsummary'] });
  const { id } = await anna.talkTo('1002');
  // It reports every five seconds; the time there and back shows that it had reports of ours.
  const { quality } = await until('the report of baresip', () =>
    anna.calls.find((call) => call.quality?.there !== null && typeof call.quality?.roundTripMs === 'number'),
  );
  expect(quality?.there).toMatchObject({ lossPercent: 0 });
  expect(quality?.roundTripMs).toBeLessThan(1_000);
  await until('our reports at the window', () => windows.some(({ reports }) => reports.length > 0));
  ben.hangUp();
  expect((await anna.ended(id)).summary?.there).toMatchObject({ lossPercent: 0 });
  // What it counted, as it prints at the end: packets of both ways, none lost here or there.
  await until('its summary', () => /PR=[1-9]\d*;PS=[1-9]\d*;PL=0,0;/.test(ben.output));
});

test('what a call with baresip sounded like is told to the exchange, which puts it with the call', async () => {
  const anna = await phone(1001);
  anna.counts = true;
  const ben = await baresip(1002);
  const talk = await anna.talkTo('1002');
  await anna.call('its sound to be counted', ({ quality }) => (quality?.here?.mos ?? 0) > 0);
  ben.hangUp();
  expect((await anna.ended(talk.id)).summary).toMatchObject({ codec: 'PCMU', here: { lossPercent: 0 } });
  const report = await until('the report', async () => {
    const [record] = (await office.handle.admin.call('records.list', {})).items;
    return record?.quality[0];
  });
  expect(report).toMatchObject({
    ...{ reporter: '1001@127.0.0.1', kind: 'CallTerm' },
    local: { codec: 'PCMU', lossPercent: 0, mosConversation: 4.4 },
  });
});
