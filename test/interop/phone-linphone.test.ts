/** Our phone with linphone, whose stack knows nearly all that ours does: hold from both sides, transfer by word and by Replaces. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestOffice } from '../support/exchange.ts';
import { Linphone } from '../support/linphone.ts';
import { NodePhone } from '../support/node-phone.ts';

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

const login = (number: keyof typeof USERS) => ({
  number: String(number),
  password: USERS[number],
  server: `127.0.0.1:${office.port}`,
});

async function phone(number: keyof typeof USERS, calls = {}): Promise<NodePhone> {
  const made = await NodePhone.register({ ...login(number), calls });
  open.push(made);
  return made;
}

async function linphone(number: keyof typeof USERS): Promise<Linphone> {
  const made = await Linphone.start(login(number));
  open.push(made);
  made.type('soundcard use files');
  made.type('autoanswer enable');
  return made;
}

test('either side holds and takes up again', async () => {
  const anna = await phone(1001);
  const lin = await linphone(1002);
  const { id } = await anna.talkTo('1002');
  anna.softphone.hold(id);
  await anna.call('the hold', ({ held, notice }) => held && notice === undefined);
  await lin.waitFor(/paused/i);
  anna.softphone.resume(id);
  await lin.waitFor(/(?:Media streams established[\s\S]*){2}/);
  lin.type('pause');
  await anna.call('to be held', ({ heldByPeer }) => heldByPeer);
  await lin.waitFor(/is now paused/);
  lin.type('resume 1');
  await anna.call('to be taken up again', ({ heldByPeer }) => !heldByPeer);
  anna.softphone.hangUp(id);
  await lin.waitFor(/Call \d+ with .* ended/i);
});

test('two linphones are joined by us, by Replaces', async () => {
  const anna = await phone(1001);
  const [ben, cleo] = [await linphone(1002), await linphone(1003)];
  const withBen = await anna.talkTo('1002');
  const withCleo = await anna.talkTo('1003');
  anna.softphone.transferTo(withBen.id, withCleo.id);
  expect((await anna.ended(withBen.id)).notice).toBe('Transferred to 1003.');
  await anna.ended(withCleo.id);
  // The call between them, each with the other.
  await ben.waitFor(/Call \d+ (?:with|to) .*1003@.* connected/i);
  await cleo.waitFor(/from .*1002@[\s\S]*connected/i);
});

test('linphone hands us on', async () => {
  const anna = await phone(1001);
  await phone(1003, { autoAnswer: 'always' });
  const lin = await linphone(1002);
  await anna.talkTo('1002');
  lin.type(`transfer sip:1003@127.0.0.1:${office.port}`);
  await anna.call('the call with Cleo', ({ peer, state }) => peer.number === '1003' && state === 'active');
});
