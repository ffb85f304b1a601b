/**
 * Our phone, without any server, with sipp in what goes wrong between two phones: changes that cross, answers that come too
 * late, forks, redirections; and in what a caller may say of himself and of the way of his call.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallSettings } from '../../app/shared/call-settings.ts';
import { NodePhone } from '../support/node-phone.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import {
  answer,
  answerInside,
  body,
  expects,
  holds,
  provisional,
  receive,
  receiveWith,
  request,
  SDP,
  scenario,
} from '../support/sipp-peer.ts';
import { until } from '../support/until.ts';

let dir: string;
const open: { close(): Promise<void> }[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'phone-sipp-'));
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Our phone, which listens alone, and its port. */
async function phone(calls: Partial<CallSettings> = {}): Promise<{ anna: NodePhone; port: number }> {
  const account = { id: 'anna', number: '1001', displayName: 'Anna', server: '', outboundProxy: '' };
  const anna = new NodePhone([{ ...account, settings: { registrar: false }, calls }]);
  open.push(anna);
  const address = await until('it to listen', () => {
    const { registration } = anna.accounts[0] ?? {};
    return registration?.state === 'listening' ? registration.address : undefined;
  });
  return { anna, port: Number(address.split(':')[1]) };
}

/** Plays the steps; at the phone's port, where sipp begins. */
async function play(steps: readonly string[], target?: number): Promise<{ sipp: Sipp; uri: string }> {
  const port = await freePort();
  const file = join(dir, `${port}.xml`);
  writeFileSync(file, scenario(...steps));
  const where = ['-i', '127.0.0.1', '-p', String(port), '-m', '1', '-timeout', '20s', '-timeout_error'];
  const sipp = Sipp.start(['-sf', file, ...where, ...(target === undefined ? [] : [`127.0.0.1:${target}`])]);
  open.push(sipp);
  return { sipp, uri: `sip:1002@127.0.0.1:${port}` };
}

const passed = async (sipp: Sipp): Promise<void> => {
  expect(await sipp.ended(), sipp.output.slice(-3_000)).toBe(0);
};

/** What answers to the INVITE need when other requests came meanwhile. */
const KEEP = [
  '<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via"/>',
  '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>',
  '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>',
  '<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq"/>',
];
/** @param tag of the To, where that has none yet. */
const answerKept = (status: number, tag: string, body = ''): string =>
  answer(status, [], body, '')
    .replace('[last_Via:]', 'Via:[$via]')
    .replace('[last_To:]', `To:[$to]${tag === '' ? '' : `;tag=${tag}`}`)
    .replace('[last_CSeq:]', 'CSeq:[$cseq]');
/** A request of the side that was called, within the dialog of what was kept. */
const requestBack = (method: string, cseq: number, content = ''): string =>
  request(method, cseq, [], content)
    .replace(/^From: .*$/m, 'From:[$to]')
    .replace(/^To: .*$/m, 'To:[$from]');

const HELD = SDP.replace('t=0 0', 't=0 0\na=recvonly');
const talkAndHold = async (anna: NodePhone, uri: string): Promise<string> => {
  const { id } = await anna.talkTo(uri);
  anna.softphone.hold(id);
  await anna.call('the hold', ({ held, notice }) => held && notice === undefined);
  return id;
};

test('a change that is refused because of another (491) is tried again, and holds then', async () => {
  const { sipp, uri } = await play([
    expects('INVITE'),
    answer(200, [], SDP),
    expects('ACK'),
    receiveWith('request="INVITE"', body('sendonly')),
    answerInside(491),
    expects('ACK'),
    receiveWith('request="INVITE"', body('sendonly')),
    answerInside(200, [], HELD),
    expects('ACK'),
    expects('BYE'),
    answerInside(200),
  ]);
  const { anna } = await phone();
  const id = await talkAndHold(anna, uri);
  await until(
    'the second try',
    () => anna.heard.filter((message) => /^CSeq: \d+ INVITE/m.test(message)).length >= 3,
    10_000,
  );
  anna.softphone.hangUp(id);
  await passed(sipp);
});

test('a change of the other side that crosses ours is refused with 491, and ours is answered', async () => {
  const { sipp, uri } = await play([
    expects('INVITE'),
    answer(200, [], SDP),
    expects('ACK'),
    receiveWith('request="INVITE"', ...KEEP),
    requestBack('INVITE', 7, SDP),
    receive(491),
    requestBack('ACK', 7).replace('[branch]', '[branch-2]'),
    answerKept(200, '', HELD),
    expects('ACK'),
    expects('BYE'),
    answerInside(200),
  ]);
  const { anna } = await phone();
  const id = await talkAndHold(anna, uri);
  await until('the answer', () => anna.heard.some((message) => message.includes('a=recvonly')));
  anna.softphone.hangUp(id);
  await passed(sipp);
});

test('a call that is answered while it is given up is acknowledged and ended', async () => {
  const { sipp, uri } = await play([
    receiveWith('request="INVITE"', ...KEEP),
    answer(180),
    expects('CANCEL'),
    answerKept(200, 'sipp[call_number]', SDP),
    answer(200),
    receiveWith('request="ACK"', holds('CSeq:', '1 ACK')),
    expects('BYE'),
    answerInside(200),
  ]);
  const { anna } = await phone();
  const made = anna.softphone.call(uri);
  if (!made.ok) throw new Error(made.reason);
  await anna.call('ringing', ({ state }) => state === 'ringing');
  anna.softphone.hangUp(made.callId);
  await anna.ended(made.callId);
  await passed(sipp);
});

test('of two phones that a fork rings and that both answer, the second is acknowledged and ended', async () => {
  const { sipp, uri } = await play([
    receiveWith('request="INVITE"', ...KEEP),
    answerKept(180, 'desk'),
    answerKept(183, 'mobile', SDP),
    answerKept(200, 'desk', SDP),
    receiveWith('request="ACK"', holds('To:', 'tag=desk')),
    answerKept(200, 'mobile', SDP),
    receiveWith('request="ACK"', holds('To:', 'tag=mobile')),
    receiveWith('request="BYE"', holds('To:', 'tag=mobile')),
    answerInside(200),
    receiveWith('request="BYE"', holds('To:', 'tag=desk')),
    answerInside(200),
  ]);
  const { anna } = await phone();
  const { id } = await anna.talkTo(uri);
  await until('the BYE to the second to be answered', () =>
    anna.heard.some((message) => /^CSeq: \d+ BYE/m.test(message)),
  );
  expect(anna.calls.find((call) => call.id === id)?.state).toBe('active');
  anna.softphone.hangUp(id);
  await passed(sipp);
});

test('a redirection is followed', async () => {
  const second = await play([
    receiveWith('request="INVITE"', holds('CSeq:', '2 INVITE')),
    answer(200, [], SDP),
    expects('ACK'),
    expects('BYE'),
    answerInside(200),
  ]);
  const first = await play([
    expects('INVITE'),
    answer(302).replace('Contact: <sip:1002@[local_ip]:[local_port]>', `Contact: <${second.uri}>`),
    expects('ACK'),
  ]);
  const { anna } = await phone({ redirects: 'always' });
  const { id } = await anna.talkTo(first.uri);
  await passed(first.sipp);
  anna.softphone.hangUp(id);
  await passed(second.sipp);
});

test.each([
  [503, 'Q.850;cause=34;text="No circuit"', 'All lines are taken now.'],
  [480, 'Q.850;cause=19', 'Nobody answered.'],
])('%i with %s is told in words', async (status, reason, words) => {
  const { sipp, uri } = await play([expects('INVITE'), answer(status, [`Reason: ${reason}`]), expects('ACK')]);
  const { anna } = await phone();
  const made = anna.softphone.call(uri);
  if (!made.ok) throw new Error(made.reason);
  expect((await anna.ended(made.callId)).notice).toBe(words);
  await passed(sipp);
});

test('digits go by INFO as application/dtmf where the account says so', async () => {
  const { sipp, uri } = await play([
    expects('INVITE'),
    answer(200, ['Allow: INVITE, ACK, BYE, INFO'], SDP),
    expects('ACK'),
    receiveWith('request="INFO"', holds('Content-Type:', 'application/dtmf$'), body('^#$')),
    answerInside(200),
    expects('BYE'),
    answerInside(200),
  ]);
  const { anna } = await phone({ dtmf: 'info' });
  const { id } = await anna.talkTo(uri);
  anna.softphone.sendDigit(id, '#');
  await anna.call('the digit', ({ digits }) => digits === '#');
  await until('its answer', () => anna.heard.some((message) => /^CSeq: \d+ INFO/m.test(message)));
  anna.softphone.hangUp(id);
  await passed(sipp);
});

test('a hidden number is hidden from who is called', async () => {
  const { sipp, uri } = await play([
    receiveWith(
      'request="INVITE"',
      holds('From:', 'sip:anonymous@anonymous.invalid'),
      holds('Privacy:', 'id'),
      holds('Contact:', 'sip:(anonymous@)?127'),
    ),
    answer(486),
    expects('ACK'),
  ]);
  const { anna } = await phone({ anonymous: true });
  const made = anna.softphone.call(uri);
  if (!made.ok) throw new Error(made.reason);
  await anna.ended(made.callId);
  await passed(sipp);
});

/** A call of sipp's that is declined, told from the call's beginning by `more`. */
const declined = (more: readonly string[], from = '"Ben" <sip:1002@sipp.example>'): string[] => [
  request('INVITE', 1, more, SDP, '').replace('<sip:1002@sipp.example>', from),
  provisional(100),
  receive(180),
  receive(603),
  request('ACK', 1).replace('[branch]', '[branch-4]'),
];

test.each([
  ['Diversion', ['Diversion: "Kofi" <sip:1005@x>;reason=user-busy'], { detour: 'Forwarded by Kofi, who was busy' }],
  [
    'History-Info',
    ['History-Info: <sip:1005@x>;index=1, <sip:1001@x;cause=408>;index=1.1'],
    { detour: 'Forwarded by 1005, who did not answer' },
  ],
  [
    'P-Asserted-Identity',
    ['P-Asserted-Identity: "Reception" <sip:+420221@127.0.0.1>'],
    { peer: { name: 'Reception', number: '+420221', uri: 'sip:+420221@127.0.0.1' } },
  ],
])('who calls, and by which way, is shown as %s tells it', async (_what, more, shown) => {
  const { anna, port } = await phone();
  const { sipp } = await play(declined(more), port);
  const call = await anna.call('to ring', ({ state }) => state === 'incoming');
  expect(call).toMatchObject(shown);
  anna.softphone.decline(call.id);
  await passed(sipp);
});

test('a caller without a number is shown as such, and refused where the account wants none (433)', async () => {
  const anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>';
  const { anna, port } = await phone();
  const first = await play(declined(['Privacy: id'], anonymous), port);
  const call = await anna.call('to ring', ({ state }) => state === 'incoming');
  expect(call.peer).toEqual({ name: 'Anonymous', number: '', uri: '' });
  anna.softphone.decline(call.id);
  await passed(first.sipp);
  anna.reconfigure({ calls: { refuseAnonymous: true } });
  const steps = declined(['Privacy: id'], anonymous);
  const second = await play(
    [...steps.slice(0, 1), provisional(100), receive(433), request('ACK', 1).replace('[branch]', '[branch-3]')],
    port,
  );
  await passed(second.sipp);
});
