/** A call goes from one device of its user to another and back, over our exchange: phones of 1001 and one of 1002. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { until } from '../../../../support/until.ts';

let office: TestOffice;
let phones: NodePhone[] = [];

const phone = async (id: string, number: string, password: string): Promise<NodePhone> => {
  const server = `127.0.0.1:${office.port}`;
  const made = new NodePhone([{ id, number, displayName: '', server, outboundProxy: '' }], { [id]: password });
  made.computer = `${id}-pc`;
  phones.push(made);
  await made.registered(id);
  return made;
};
const elsewhereOf = (of: NodePhone) => of.news.elsewhere ?? [];
const told = (of: NodePhone, count: number) =>
  until(`${count} calls elsewhere`, () => elsewhereOf(of).length === count).catch((error) => {
    throw new Error(`${error.message}; ${JSON.stringify(of.news)}`);
  });

beforeEach(async () => {
  office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' } });
});

afterEach(async () => {
  for (const one of phones.reverse()) await one.close();
  phones = [];
  await office.close();
});

test('a call on another device of mine is told, taken here, and told there; it never is one of this device', async () => {
  const desk = await phone('desk', '1001', 'one');
  const laptop = await phone('laptop', '1001', 'one');
  const ben = await phone('ben', '1002', 'two');
  const talk = desk.talkTo('1002');
  const atBen = await ben.answer();
  const before = await talk;
  await told(laptop, 1);
  const [call] = elsewhereOf(laptop);
  if (call === undefined) throw new Error('no call');
  expect(call.peer.number).toBe('1002');
  expect(elsewhereOf(desk)).toEqual([]);

  const made = laptop.softphone.call(call.peer.uri, { replaces: call.replaces });
  expect(made.ok).toBe(true);
  await laptop.call('Ben at the laptop', ({ state }) => state === 'active');
  expect((await desk.ended(before.id)).notice).toBe('The call goes on at another phone.');
  await ben.ended(atBen.id);
  await told(desk, 1);
  await told(laptop, 0);
  expect(ben.calls.filter(({ state }) => state === 'active')).toHaveLength(1);
});

test('a call is moved to the other devices: they ring, this one does not', async () => {
  const desk = await phone('desk', '1001', 'one');
  const laptop = await phone('laptop', '1001', 'one');
  const ben = await phone('ben', '1002', 'two');
  const talk = desk.talkTo('1002');
  await ben.answer();
  const { id } = await talk;
  expect(desk.softphone.moveAway(id)).toEqual({ ok: true });
  await laptop.answer();
  expect((await desk.ended(id)).notice).toBe('Moved to 1001.');
  expect(desk.calls.filter(({ direction }) => direction === 'incoming')).toEqual([]);
  await laptop.call('Ben', ({ state, peer }) => state === 'active' && peer.number === '1002');
});

test('where there is no other device the call stays, and says why', async () => {
  const desk = await phone('desk', '1001', 'one');
  const ben = await phone('ben', '1002', 'two');
  const talk = desk.talkTo('1002');
  await ben.answer();
  const { id } = await talk;
  desk.softphone.moveAway(id);
  const kept = await desk.call('the reason', (call) => call.id === id && call.notice !== undefined);
  expect([kept.state, kept.notice]).toEqual(['active', 'The call stays here: 1001 is busy.']);
});

/** The other devices that a phone offers once it knows as many. */
const named = (of: NodePhone, count: number) =>
  until(`${count} other devices`, () => {
    const devices = of.news.devices?.[0]?.devices;
    return devices?.length === count ? devices : undefined;
  }).catch((error) => {
    throw new Error(`${error.message}; ${JSON.stringify(of.news)}`);
  });
const incoming = (of: NodePhone) => of.calls.filter(({ direction }) => direction === 'incoming');

describe('of three devices', () => {
  let desk: NodePhone;
  let laptop: NodePhone;
  let kitchen: NodePhone;
  let ben: NodePhone;
  let id: string;

  beforeEach(async () => {
    await office.handle.admin.call('devices.add', { number: '1001', label: 'Kitchen', password: 'kitchen-pass' });
    desk = await phone('desk', '1001', 'one');
    laptop = await phone('laptop', '1001', 'one');
    kitchen = await phone('kitchen', '1001', 'kitchen-pass');
    ben = await phone('ben', '1002', 'two');
    const talk = desk.talkTo('1002');
    await ben.answer();
    ({ id } = await talk);
  });

  test('one is chosen by its name, and rings alone', async () => {
    const devices = await named(desk, 2);
    // As the office calls the one; the other by its program and the computer, which calls tell nobody.
    expect(devices.map(({ name }) => name).sort()).toEqual(['Kitchen', 'Tandem in Node (laptop-pc)']);
    expect(ben.heard.join()).not.toContain('desk-pc');
    expect(await named(ben, 0)).toEqual([]);
    const chosen = devices.find(({ name }) => name === 'Kitchen');
    expect(desk.softphone.moveAway(id, chosen?.id)).toEqual({ ok: true });
    await desk.call('word of it', (call) => call.transferring === 'Ringing Kitchen…');
    await kitchen.answer();
    expect((await desk.ended(id)).notice).toBe('Moved to Kitchen.');
    await kitchen.call('Ben', ({ state, peer }) => state === 'active' && peer.number === '1002');
    expect([incoming(desk), incoming(laptop)]).toEqual([[], []]);
    // Nobody is told of devices who has no call.
    await until('the list to be gone', () => desk.news.devices?.length === 0);
  });

  test('one that does not take it leaves the call where it is, and the person is told', async () => {
    const chosen = (await named(desk, 2)).find(({ name }) => name === 'Kitchen');
    desk.softphone.moveAway(id, chosen?.id);
    const { id: ringing } = await kitchen.call('a ring', ({ state }) => state === 'incoming');
    // What the other side is asked to call rings for a while only.
    expect(kitchen.heard.find((message) => message.startsWith('INVITE'))).toMatch(/\r\nExpires: 45\r\n/);
    kitchen.softphone.decline(ringing);
    const kept = await desk.call('the reason', (call) => call.id === id && call.notice !== undefined);
    expect([kept.state, kept.notice]).toEqual(['active', 'The call stays here: Kitchen declined the call.']);
    desk.softphone.resume(id);
    await desk.call('the sound', (call) => call.id === id && !call.held);
  });

  test('one that has gone is offered no longer', async () => {
    const chosen = (await named(desk, 2)).find(({ name }) => name === 'Kitchen');
    await kitchen.softphone.close();
    await named(desk, 1);
    const refused = { ok: false, reason: 'This device is no longer signed in.' };
    expect(desk.softphone.moveAway(id, chosen?.id)).toEqual(refused);
    expect(desk.softphone.moveAway(id, 'urn:uuid:nobody')).toEqual(refused);
  });
});
