/** Lamps and presence as linphonec and baresip have them, which know nothing of this exchange. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { TestOffice } from '../support/exchange.ts';
import { Linphone } from '../support/linphone.ts';
import { until } from '../support/until.ts';

let office: TestOffice;
const phones: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two', 1003: 'three' } });
});

afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.close()));
  await office.close();
});

const uri = (number: string): string => `sip:${number}@127.0.0.1:${office.port}`;

async function baresip(number: string, password: string, more = {}): Promise<Baresip> {
  const account = { aor: uri(number), password, outbound: `sip:127.0.0.1:${office.port}`, codecs: ['PCMU/8000/1'] };
  const phone = await Baresip.start({ ...account, ...more });
  phones.push(phone);
  return phone;
}

async function linphone(number: string, password: string, more = {}): Promise<Linphone> {
  const phone = await Linphone.start({ number, password, server: `127.0.0.1:${office.port}`, ...more });
  phones.push(phone);
  return phone;
}

/** What the last NOTIFYs made a linphonec show. */
const shows = (phone: Linphone, number: string, state: string): Promise<unknown> =>
  until(`linphonec to show ${number} ${state}`, () => phone.shown(number).at(-1) === state, 20_000).catch((error) => {
    throw new Error(`${error.message}; it showed ${phone.shown(number)}\n${phone.output.slice(-2_000)}`);
  });

test('linphonec sees baresip come, talk and go, over a restart of the exchange', async () => {
  const watcher = await linphone('1001', 'one', { watches: ['sip:1002@127.0.0.1'] });
  await shows(watcher, '1002', 'Offline');
  const ben = await baresip('1002', 'two');
  await shows(watcher, '1002', 'Online');
  const carl = await baresip('1003', 'three');
  carl.dial(uri('1002'));
  await shows(watcher, '1002', 'On the phone');
  const before = watcher.shown('1002').length;
  await office.stop();
  await office.start();
  await until('all to be told anew', () => watcher.shown('1002').length > before);
  await shows(watcher, '1002', 'On the phone');
  carl.hangUp();
  await shows(watcher, '1002', 'Online');
  await ben.close();
  await shows(watcher, '1002', 'Offline');
});

test('baresip sees linphonec come, whose own presence is taken in', async () => {
  const { admin } = office.handle;
  const watcher = await baresip('1002', 'two', { modules: ['contact', 'presence'], watches: [uri('1001')] });
  await until('baresip to watch', async () => (await admin.call('subscriptions.list', {})).items.length === 1);
  await linphone('1001', 'one', { publishes: true });
  await until('baresip to see it', () => /changed status from \S+ to \S*Online/.test(watcher.output)).catch((error) => {
    throw new Error(`${error.message}\n${watcher.output}`);
  });
  expect((await admin.call('presence.show', { number: '1001' })).state).toBe('available');
  expect((await admin.call('status', {})).events?.publications).toBe(1);
});

// What linphonec's console makes of a list cannot be seen; that it takes what it is told can.
test('linphonec sends a packed list of whom it watches (RFC 5367), and takes what it is told of them', async () => {
  const { admin } = office.handle;
  const watches = ['sip:1002@127.0.0.1', 'sip:1003@127.0.0.1'];
  const list = `sip:friends@127.0.0.1:${office.port}`;
  await linphone('1001', 'one', { watches, listAt: list });
  const resources = async () => (await admin.call('subscriptions.list', {})).items.map(({ resource }) => resource);
  await until('the list to be watched', async () => (await resources()).length === 1);
  expect(await resources()).toEqual([`uris ${list}`]);
  await baresip('1003', 'three');
  await until('the news to be taken', async () => {
    const texts = (await admin.call('trace.show', { user: '1001' })).map(({ text }) => text);
    const told = texts.some((text) => /^NOTIFY [\s\S]*^CSeq: 2 [\s\S]*<basic>open</m.test(text));
    return told && texts.some((text) => /^SIP\/2.0 200 [\s\S]*^CSeq: 2 NOTIFY$/m.test(text));
  });
  expect(await resources()).toEqual([`uris ${list}`]);
});
