/** Calls that go elsewhere, between sipp and baresip: always, when busy, on no answer, when away, and not at all. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { freePort } from '../support/ports.ts';
import {
  answer,
  answerInside,
  CREDENTIALS,
  expectRequest,
  maybe,
  receive,
  scenario,
  send,
} from '../support/sipp-scenario.ts';
import { SippOffice } from './sipp-office.ts';

const GUEST = 'sip:guest@elsewhere.example';
const SDP = 'v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 40000 RTP/AVP 0';

let office: SippOffice;
let ben: Baresip | undefined;

beforeEach(async () => {
  office = await SippOffice.open();
});
afterEach(async () => {
  await ben?.close();
  ben = undefined;
  await office.close();
});

/** 1003 is a baresip that takes every call. */
async function baresip(): Promise<void> {
  const server = `127.0.0.1:${office.office.port}`;
  ben = await Baresip.start({
    ...{ aor: `sip:1003@${server}`, password: 'pass', answer: 'auto', outbound: `sip:${server};transport=udp` },
    codecs: ['PCMU/8000/1'],
  });
}

const withSound = (step: string): string =>
  step.replace('Content-Length: 0\n\n', `Content-Type: application/sdp\nContent-Length: [len]\n\n${SDP}\n`);

/** A stranger calls 1002 and talks to whoever answers, having been told that the call goes elsewhere. */
const call = scenario(
  withSound(send({ method: 'INVITE', from: GUEST, lines: ['Supported: histinfo'] })),
  ...[maybe(100), maybe(180), maybe(183), receive(181), maybe(180), maybe(183), receive(200, ' rrs="true"')],
  send({ method: 'ACK', from: GUEST, uri: '[next_url]', to: '[last_To:]', lines: ['[routes]'] }),
  send({ method: 'BYE', from: GUEST, uri: '[next_url]', to: '[last_To:]', cseq: 2, lines: ['[routes]'] }),
  receive(200),
);

const forward = (when: 'always' | 'busy' | 'no-answer' | 'unreachable', seconds?: number) =>
  office.office.handle.admin.call('forwards.set', { number: '1002', when, to: '1003', seconds });

test('always, and when nobody is there', async () => {
  await baresip();
  await forward('always');
  await office.run(call, 'u1');
  await ben?.waitFor('CALL_CLOSED');
  await office.office.handle.admin.call('forwards.clear', { number: '1002' });
  await forward('unreachable');
  if (ben !== undefined) ben.events.length = 0;
  await office.run(call, 't1');
  await ben?.waitFor('CALL_ESTABLISHED');
});

test('when busy', async () => {
  await baresip();
  await forward('busy');
  const phone = await office.callee(scenario(expectRequest('INVITE'), answer(486), expectRequest('ACK')));
  await office.run(call, 'u1');
  expect(await phone.ended(), phone.output).toBe(0);
  await ben?.waitFor('CALL_ESTABLISHED');
});

test('on no answer: the first phone is called back', async () => {
  await baresip();
  await forward('no-answer', 5);
  const ringing = [expectRequest('INVITE'), answer(180), expectRequest('CANCEL'), answerInside(200)];
  const phone = await office.callee(scenario(...ringing));
  await office.run(call, 'u1');
  expect(await phone.ended(), phone.output).toBe(0);
});

/** 1001 dials what the exchange itself answers with `status`. */
const dial = (code: string, status: number): string => {
  const uri = `sip:${code.replaceAll('#', '%23')}@[remote_ip]:[remote_port]`;
  const ack = (cseq: number): string => send({ method: 'ACK', uri, to: '[last_To:]', cseq, branchOf: 2 });
  return scenario(
    ...[send({ method: 'INVITE', uri }), receive(407), ack(1)],
    ...[send({ method: 'INVITE', uri, cseq: 2, lines: [CREDENTIALS] }), receive(status), ack(2)],
  );
};

test('codes are dialled, circles refused, and who is not to be disturbed is not', async () => {
  await office.run(dial('*61*1002*15#', 480), 'u1');
  const { admin } = office.office.handle;
  expect(await admin.call('forwards.show', { number: '1001' })).toMatchObject({
    ...{ forwards: { 'no-answer': '1002' }, noAnswerSeconds: 15 },
  });
  await office.run(dial('*21*1001#', 482), 'u1', '1002');
  await office.run(dial('*21*0190123#', 403), 't1');
  await office.run(dial('*78', 480), 't1', '1002');
  await office.register('1002', `sip:1002@127.0.0.1:${await freePort()}`);
  const refused = scenario(
    ...[send({ method: 'INVITE', from: GUEST }), receive(480)],
    send({ method: 'ACK', from: GUEST, to: '[last_To:]', branchOf: 2 }),
  );
  await office.run(refused, 'u1');
});
