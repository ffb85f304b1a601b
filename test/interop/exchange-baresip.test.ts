/** Two real baresips register at our exchange, served from the command line, and call each other through it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess, tandem } from '../support/exchange-process.ts';
import { until } from '../support/until.ts';

let exchange: ExchangeProcess;
let caller: Baresip;
let callee: Baresip;

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'pass-of-1001', 1002: 'pass-of-1002' } });
  caller = await Baresip.start({ aor: `sip:1001@${exchange.server}`, password: 'pass-of-1001' });
  callee = await Baresip.start({ aor: `sip:1002@${exchange.server};transport=tcp`, password: 'pass-of-1002' });
});

afterAll(async () => {
  await caller?.close();
  await callee?.close();
  await exchange?.close();
});

test('the command line lists both, one over UDP and one over TCP', async () => {
  const listed = JSON.parse(await tandem('location', 'list', '--json', '--data', exchange.dataDir));
  expect(JSON.stringify(listed)).toContain('1001@');
  expect(JSON.stringify(listed)).toContain('1002@');
});

test('they hear each other, and the one hangs up on the other', async () => {
  caller.dial(`sip:1002@${exchange.server}`);
  await caller.waitFor('CALL_ESTABLISHED');
  await until('sound both ways', () => callee.heardLevel() > 1000 && caller.heardLevel() > 1000);
  caller.hangUp();
  await callee.waitFor('CALL_CLOSED');
});
