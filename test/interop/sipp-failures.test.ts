/** Every way in which a request fails at the exchange, as sipp sees it over UDP and TCP (RFC 3261 §16, §21). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/ports.ts';
import type { Sipp } from '../support/sipp.ts';
import { answer, CREDENTIALS, expectRequest, maybe, receive, scenario, send } from '../support/sipp-scenario.ts';
import { SippOffice } from './sipp-office.ts';

const GUEST = 'sip:guest@elsewhere.example';
const HERE = 'sip:[remote_ip]:[remote_port]';

let office: SippOffice;
/** The exchange needs 32 s to give up on a phone that is silent: asked first, looked at last. */
let silent: Sipp;

beforeAll(async () => {
  office = await SippOffice.open();
  await office.register('1003', `sip:1003@127.0.0.1:${await freePort()}`);
  const ask = scenario(
    ...[send({ method: 'INVITE', from: GUEST }), receive(100), receive(408)],
    send({ method: 'ACK', from: GUEST, to: '[last_To:]', branchOf: 3 }),
  );
  silent = office.start(ask, await freePort(), 'u1', '1001', '1003');
});
afterAll(() => office.close());

/** A stranger's INVITE that ends in `status`, acknowledged as every failure is. */
const refused = (status: number, lines: readonly string[] = []): string =>
  scenario(
    ...[send({ method: 'INVITE', from: GUEST, lines }), maybe(100), maybe(180), receive(status)],
    send({ method: 'ACK', from: GUEST, to: '[last_To:]', branchOf: 4 }),
  );

describe.each(['u1', 't1'] as const)('over %s', (transport) => {
  test('401 to a REGISTER without credentials, 407 to a call of a user of ours', async () => {
    await office.run(scenario(send({ method: 'REGISTER', uri: HERE }), receive(401)), transport);
    await office.run(scenario(send({ method: 'MESSAGE' }), receive(407)), transport);
  });

  test('403 to one user under the name of another, and to a stranger who asks for a stranger', async () => {
    const named = { method: 'MESSAGE', from: 'sip:1003@[remote_ip]:[remote_port]' };
    const lines = [CREDENTIALS];
    await office.run(scenario(send(named), receive(407), send({ ...named, cseq: 2, lines }), receive(403)), transport);
    await office.run(
      scenario(send({ method: 'MESSAGE', from: GUEST, uri: 'sip:a@192.0.2.1' }), receive(403)),
      transport,
    );
  });

  test('404 to a number that nobody has, 480 to one that is not registered', async () => {
    await office.run(refused(404), transport, '1001', '1999');
    await office.run(refused(480), transport, '1002', '1001');
  });

  test('416, 420, 481 and 483 to what cannot be handled', async () => {
    await office.run(scenario(send({ method: 'OPTIONS', from: GUEST, uri: 'tel:+15551234' }), receive(416)), transport);
    await office.run(refused(420, ['Proxy-Require: something-new']), transport);
    await office.run(scenario(send({ method: 'CANCEL', from: GUEST }), receive(481)), transport);
    await office.run(refused(483, ['Max-Forwards: 0']), transport);
  });

  test('482 to what comes back to us unchanged', async () => {
    await office.register('1002', `sip:1002@127.0.0.1:${office.office.port}`);
    await office.run(refused(482), transport);
    await office.office.handle.admin.call('location.remove', { number: '1002' });
  });

  test.each([486, 488, 600, 603])('%i of the phone goes back as it is', async (status) => {
    const callee = await office.callee(
      scenario(expectRequest('INVITE'), answer(180), answer(status), expectRequest('ACK')),
    );
    await office.run(refused(status), transport);
    expect(await callee.ended(), callee.output).toBe(0);
    await office.office.handle.admin.call('location.remove', { number: '1002' });
  });

  test('503 of the phone becomes 500: all of us are not out of service (§16.7 step 6)', async () => {
    const callee = await office.callee(scenario(expectRequest('INVITE'), answer(503), expectRequest('ACK')));
    await office.run(refused(500), transport);
    expect(await callee.ended(), callee.output).toBe(0);
    await office.office.handle.admin.call('location.remove', { number: '1002' });
  });

  test('480 at once where the connection of the phone is gone and its port refuses another', async () => {
    await office.register('1002', `sip:1002@127.0.0.1:${await freePort()};transport=tcp`, 't1');
    await office.run(refused(480), transport);
    await office.office.handle.admin.call('location.remove', { number: '1002' });
  });
});

test('503 with Retry-After over the limit of transactions', async () => {
  const full = await SippOffice.open({ settings: { maxTransactions: -1 } });
  try {
    const has =
      '<action><ereg regexp="[0-9]+" search_in="hdr" header="Retry-After:" check_it="true" assign_to="1"/></action>';
    const steps = [`<recv response="503">${has}</recv>`, '<Reference variables="1"/>'];
    await full.run(scenario(send({ method: 'OPTIONS', from: GUEST, uri: HERE }), ...steps), 'u1');
  } finally {
    await full.close();
  }
});

test('302 with the contacts from an exchange that only redirects', async () => {
  const redirecting = await SippOffice.open({ mode: 'redirect' });
  try {
    await redirecting.register('1002', 'sip:1002@127.0.0.1:9');
    await redirecting.run(refused(302), 'u1');
  } finally {
    await redirecting.close();
  }
});

test('408 where the phone is silent', async () => {
  expect(await silent.ended(), silent.output).toBe(0);
});
