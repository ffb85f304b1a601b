/** Our phone with sipp in the parts of a peer that no program of Debian plays: 100rel, UPDATE, session timers, late offers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestOffice } from '../support/exchange.ts';
import { NodePhone } from '../support/node-phone.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';

let office: TestOffice;
let dir: string;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'phone-sipp-'));
  office = await TestOffice.open({ users: { 1001: 'pass-1' } });
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await office.close();
  rmSync(dir, { recursive: true, force: true });
});

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 45678 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\n');

const withBody = (lines: readonly string[], body: string): string =>
  [
    ...lines,
    ...(body === ''
      ? ['Content-Length: 0', '', '']
      : ['Content-Type: application/sdp', 'Content-Length: [len]', '', body]),
  ].join('\n');

const send = (text: string, attributes = ''): string => `<send${attributes}><![CDATA[\n${text}\n]]></send>`;

/** To the request that came last. */
const answer = (status: number, more: readonly string[] = [], body = '', tag = ';tag=sipp[call_number]'): string =>
  send(
    withBody(
      [
        `SIP/2.0 ${status} As Asked`,
        '[last_Via:]',
        '[last_Record-Route:]',
        '[last_From:]',
        `[last_To:]${tag}`,
        '[last_Call-ID:]',
        '[last_CSeq:]',
        'Contact: <sip:1002@[local_ip]:[local_port]>',
        'Allow: INVITE, ACK, BYE, UPDATE, PRACK',
        ...more,
      ],
      body,
    ),
  );
/** Within a dialog, where To has its tag. */
const answerInside = (status: number, more: readonly string[] = [], body = ''): string =>
  answer(status, more, body, '');

const request = (
  method: string,
  cseq: number,
  more: readonly string[] = [],
  body = '',
  to = '[peer_tag_param]',
): string =>
  send(
    withBody(
      [
        `${method} ${to === '' ? 'sip:1001@127.0.0.1:[remote_port]' : '[next_url]'} SIP/2.0`,
        'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
        'Max-Forwards: 70',
        ...(to === '' ? [] : ['[routes]']),
        'From: <sip:1002@sipp.example>;tag=sipp[call_number]',
        `To: <sip:1001@127.0.0.1:[remote_port]>${to}`,
        'Call-ID: [call_id]',
        `CSeq: ${cseq} ${method}`,
        'Contact: <sip:1002@[local_ip]:[local_port]>',
        ...more,
      ],
      body,
    ),
    method === 'ACK' ? '' : ' retrans="500"',
  );

const receive = (status: number, more = ''): string => `<recv response="${status}"${more}/>`;
const provisional = (status: number): string => receive(status, ' optional="true"');
const expects = (method: string): string => `<recv request="${method}" rrs="true"/>`;
const holds = (header: string, pattern: string): string =>
  `<ereg regexp="${pattern}" search_in="hdr" header="${header}" check_it="true" assign_to="found"/>`;
const receiveWith = (what: string, ...actions: string[]): string =>
  `<recv ${what} rrs="true"><action>${actions.join('')}</action></recv>`;

const scenario = (...steps: readonly string[]): string =>
  `<?xml version="1.0" encoding="us-ascii"?>\n<scenario name="made">\n${steps.join('\n')}\n<Reference variables="found"/>\n</scenario>\n`;

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

/** What the final answer needs of the INVITE, for between them come other requests; one Via each of phone and exchange. */
const REMEMBER = [
  '<ereg regexp=".*" search_in="hdr" header="Via:" occurrence="1" assign_to="via1"/>',
  '<ereg regexp=".*" search_in="hdr" header="Via:" occurrence="2" assign_to="via2"/>',
  '<ereg regexp=".*" search_in="hdr" header="Record-Route:" assign_to="route"/>',
  '<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq"/>',
];
const answerInvite = (status: number, more: readonly string[] = [], body = ''): string =>
  answerInside(status, more, body)
    .replace('[last_Via:]', 'Via:[$via1]\nVia:[$via2]')
    .replace('[last_Record-Route:]', 'Record-Route:[$route]')
    .replace('[last_CSeq:]', 'CSeq:[$cseq]');

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
