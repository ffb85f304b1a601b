/** Every method goes through the exchange to a real sipp and back, over UDP and TCP, outside and inside of dialogs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

const METHODS: readonly (readonly [method: string, lines: readonly string[]])[] = [
  ['OPTIONS', []],
  ['MESSAGE', []],
  ['SUBSCRIBE', ['Event: call-completion', 'Expires: 60']],
  ['NOTIFY', ['Event: call-completion', 'Subscription-State: active']],
  ['INFO', []],
  ['UPDATE', []],
  ['PRACK', ['RAck: 1 1 INVITE']],
  ['REFER', ['Refer-To: <sip:1003@elsewhere.example>']],
  ['BYE', []],
  ['NEWMETHOD', []],
];

let office: SippOffice;
beforeEach(async () => {
  office = await SippOffice.open();
});
afterEach(() => office.close());

/** A request of a user of ours: challenged, sent again, answered. */
const asked = (method: string, lines: readonly string[], ...end: readonly string[]): string =>
  challenged(407, method, lines, ...end);

/** @param status 407 where the exchange asks for somebody else, 401 where for itself. */
const challenged = (status: number, method: string, lines: readonly string[], ...end: readonly string[]): string =>
  scenario(send({ method, lines }), receive(status), send({ method, cseq: 2, lines: [...lines, CREDENTIALS] }), ...end);

describe.each(['u1', 't1'] as const)('over %s', (transport) => {
  test.each(METHODS)('%s of a user reaches the other', async (method, lines) => {
    const callee = await office.callee(scenario(expectRequest(method), answer(200)));
    await office.run(asked(method, lines, receive(200)), transport);
    expect(await callee.ended(), callee.output).toBe(0);
  });

  test('PUBLISH stays here: what is collected for a user is not told to his phones', async () => {
    await office.run(challenged(401, 'PUBLISH', ['Event: call-completion'], receive(489)), transport);
  });

  test('REGISTER is answered, OPTIONS to the exchange too, and a CANCEL of nothing', async () => {
    await office.register('1001', 'sip:1001@127.0.0.1:9');
    const uri = 'sip:[remote_ip]:[remote_port]';
    await office.run(scenario(send({ method: 'OPTIONS', uri, to: `<${uri}>` }), receive(200)), transport);
    await office.run(scenario(send({ method: 'CANCEL' }), receive(481)), transport);
  });

  test('ACK, re-INVITE, INFO, UPDATE, MESSAGE, REFER, NOTIFY and BYE pass inside a dialog, unasked', async () => {
    const inside = ['INFO', 'UPDATE', 'MESSAGE', 'REFER', 'NOTIFY'];
    const callee = await office.callee(
      scenario(
        ...[expectRequest('INVITE', ' rrs="true"'), answer(180), answer(200), expectRequest('ACK')],
        ...inside.flatMap((method) => [expectRequest(method), answerInside(200)]),
        ...[expectRequest('INVITE'), answerInside(200), expectRequest('ACK')],
        ...[expectRequest('BYE'), answerInside(200)],
      ),
    );
    const next = (method: string, cseq: number): string =>
      send({ method, uri: '[next_url]', to: '[last_To:]', cseq, lines: ['[routes]'] });
    const invite = asked('INVITE', [], maybe(100), maybe(180), receive(200, ' rrs="true"'), next('ACK', 2));
    const refused = send({ method: 'ACK', to: '[last_To:]', branchOf: 3 });
    const steps = [
      ...inside.flatMap((method, i) => [next(method, 3 + i), receive(200)]),
      ...[next('INVITE', 20), maybe(100), receive(200), next('ACK', 20)],
      ...[next('BYE', 21), receive(200)],
    ];
    const whole = invite
      .replace(receive(407), `${maybe(100)}\n${receive(407)}\n${refused}`)
      .replace('</scenario>', `${steps.join('\n')}\n</scenario>`);
    await office.run(whole, transport);
    expect(await callee.ended(), callee.output).toBe(0);
  });

  test('CANCEL stops what rings', async () => {
    const callee = await office.callee(
      scenario(
        ...[expectRequest('INVITE'), answer(180), expectRequest('CANCEL'), answerInside(200)],
        answer(487).replace('[last_CSeq:]', 'CSeq: 1 INVITE'),
        expectRequest('ACK'),
      ),
    );
    const guest = 'sip:guest@elsewhere.example';
    await office.run(
      scenario(
        ...[send({ method: 'INVITE', from: guest }), receive(100), receive(180)],
        ...[send({ method: 'CANCEL', from: guest, branchOf: 3 }), receive(200), receive(487)],
        send({ method: 'ACK', from: guest, to: '[last_To:]', branchOf: 6 }),
      ),
      transport,
    );
    expect(await callee.ended(), callee.output).toBe(0);
  });
});
