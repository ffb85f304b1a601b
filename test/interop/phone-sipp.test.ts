/** Our phone with sipp in the parts of a peer that no program of Debian plays: 100rel, UPDATE, session timers, late offers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestOffice } from '../support/exchange.ts';
import { NodePhone } from '../support/node-phone.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import {
  answer,
  answerInside,
  answerInvite,
  expects,
  holds,
  provisional,
  REMEMBER,
  receive,
  receiveWith,
  request,
  SDP,
  scenario,
} from '../support/sipp-peer.ts';
import { until } from '../support/until.ts';

let office: TestOffice;
let dir: string;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'phone-sipp-'));
  office = await TestOffice.open({ users: { 1001: 'pass-1', 1002: 'pass-2' } });
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await office.close();
  rmSync(dir, { recursive: true, force: true });
});

async function play(steps: readonly string[], asCaller: boolean): Promise<{ sipp: Sipp; port: number }> {
  const file = join(dir, `${Math.random()}.xml`);
  writeFileSync(file, scenario(...steps));
  const port = await freePort();
  const target = asCaller ? [`127.0.0.1:${office.port}`] : [];
  const sipp = Sipp.start([
    '-sf',
    file,
    '-i',
    '127.0.0.1',
    '-p',
    String(port),
    '-m',
    '1',
    '-timeout',
    '20s',
    ...target,
  ]);
  open.push(sipp);
  return { sipp, port };
}

async function phone(calls = {}): Promise<NodePhone> {
  const made = await NodePhone.register({
    number: '1001',
    password: 'pass-1',
    server: `127.0.0.1:${office.port}`,
    calls,
  });
  open.push(made);
  return made;
}

const passed = async (sipp: Sipp): Promise<void> => {
  const code = await sipp.ended();
  expect(code, sipp.output.slice(-3_000)).toBe(0);
};

test('reliable ringing with sound is confirmed, and the answer needs no description any more', async () => {
  const { sipp, port } = await play(
    [
      receiveWith('request="INVITE"', holds('Supported:', '100rel'), holds('Session-Expires:', '1800'), ...REMEMBER),
      answer(183, ['Require: 100rel', 'RSeq: 17'], SDP),
      receiveWith('request="PRACK"', holds('RAck:', '17 [0-9]+ INVITE')),
      answerInside(200),
      answerInvite(200, ['Session-Expires: 1800;refresher=uas', 'Require: timer']),
      expects('ACK'),
      expects('BYE'),
      answerInside(200),
    ],
    false,
  );
  const anna = await phone();
  const { id } = await anna.talkTo(`sip:1002@127.0.0.1:${port}`);
  anna.softphone.hangUp(id);
  await passed(sipp);
});

test('an offer left to the other side is answered in the ACK, and digits go by INFO', async () => {
  const { sipp, port } = await play(
    [
      receiveWith('request="INVITE"', holds('Content-Length:', '^ *0')),
      answer(200, [], SDP),
      receiveWith('request="ACK"', holds('Content-Type:', 'application/sdp')),
      receiveWith('request="INFO"', holds('Content-Type:', 'application/dtmf-relay')),
      answerInside(200),
      expects('BYE'),
      answerInside(200),
    ],
    false,
  );
  const anna = await phone({ lateOffer: true, dtmf: 'info-relay' });
  const { id } = await anna.talkTo(`sip:1002@127.0.0.1:${port}`);
  anna.softphone.sendDigit(id, '5');
  await anna.call('the digit to be sent', ({ digits }) => digits === '5');
  anna.softphone.hangUp(id);
  await passed(sipp);
});

test('a caller gets reliable ringing where it asks for it, a session timer, and an offer where it leaves that to us', async () => {
  const anna = await phone({ autoAnswer: 'always' });
  const { sipp } = await play(
    [
      request('INVITE', 1, ['Require: 100rel', 'Supported: timer', 'Session-Expires: 300', 'Allow: UPDATE'], SDP, ''),
      provisional(100),
      receiveWith('response="180"', holds('RSeq:', '1')),
      request('PRACK', 2, ['RAck: 1 1 INVITE']),
      receiveWith('response="200"', holds('CSeq:', '.')),
      receiveWith('response="200"', holds('CSeq:', '.')),
      request('ACK', 1),
      request('UPDATE', 3, ['Supported: timer', 'Session-Expires: 300;refresher=uac']),
      receiveWith('response="200"', holds('Session-Expires:', '300;refresher=uac'), holds('Require:', 'timer')),
      request('INVITE', 4, ['Supported: timer', 'Session-Expires: 300;refresher=uac']),
      provisional(100),
      receiveWith('response="200"', holds('Content-Type:', 'application/sdp')),
      request('ACK', 4, [], SDP.replace('t=0 0', 't=0 0\na=sendonly')),
      request('INFO', 5, ['Content-Type: application/dtmf-relay']),
      receive(200),
      request('BYE', 6),
      receive(200),
    ],
    true,
  );
  await passed(sipp);
  expect(anna.calls[0]).toMatchObject({ state: 'ended', heldByPeer: false });
});

test.each([
  ['Alert-Info', 'Alert-Info: <http://127.0.0.1>;info=alert-autoanswer'],
  ['Call-Info', 'Call-Info: <sip:127.0.0.1>;answer-after=0'],
])('a colleague who asks for it by %s is answered by itself, a stranger rings', async (_what, asks) => {
  const anna = await phone({ autoAnswer: 'intercom' });
  const stranger = await play(
    [request('INVITE', 1, [asks], SDP, ''), provisional(100), receive(180), `<pause milliseconds="1500"/>`],
    true,
  );
  await passed(stranger.sipp);
  // It would have been answered after a second.
  expect(anna.calls.map(({ state }) => state)).toEqual(['incoming']);
  for (const { id } of anna.calls) anna.softphone.decline(id);
  await until('no call', () => anna.calls.every(({ state }) => state === 'ended'));

  const invite = (cseq: number, more: readonly string[]): string =>
    request('INVITE', cseq, [asks, ...more], SDP, '').replace('sipp.example', '127.0.0.1:[remote_port]');
  const { sipp } = await play(
    [
      invite(1, []),
      receive(407, ' auth="true"'),
      request('ACK', 1, [], '', '').replace('[branch]', '[branch-2]'),
      invite(2, ['[authentication username=1002 password=pass-2]']),
      provisional(100),
      receive(180),
      receive(200, ' rrs="true"'),
      request('ACK', 2),
      request('BYE', 3),
      receive(200),
    ],
    true,
  );
  await passed(sipp);
});
