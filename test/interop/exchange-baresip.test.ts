/** Two baresip phones register at the exchange and call each other. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { TestOffice } from '../support/exchange.ts';
import { until } from '../support/until.ts';

let office: TestOffice;
const phones: Baresip[] = [];

beforeEach(async () => {
  office = await TestOffice.open({ users: { 1001: 'one-pass', 1002: 'two-pass' } });
});

afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close();
  await office.close();
});

const aor = (number: string): string => `sip:${number}@127.0.0.1:${office.port}`;

async function phone(number: string, password: string, answer: 'auto' | 'manual', transport = 'udp'): Promise<Baresip> {
  const outbound = `sip:127.0.0.1:${office.port};transport=${transport}`;
  const started = await Baresip.start({ aor: aor(number), password, answer, outbound, codecs: ['opus/48000/2'] });
  phones.push(started);
  return started;
}

test.each(['udp', 'tcp'])('over %s they talk, hear each other, and hang up', async (transport) => {
  const anna = await phone('1001', 'one-pass', 'manual', transport);
  const ben = await phone('1002', 'two-pass', 'auto', transport);
  anna.dial(aor('1002'));
  await anna.waitFor('CALL_ESTABLISHED');
  await ben.waitFor('CALL_ESTABLISHED');
  await until('both to hear something', () => anna.heardLevel() > 100 && ben.heardLevel() > 100);
  ben.hangUp();
  await anna.waitFor('CALL_CLOSED');
});

test('one is refused, one gives up, one finds nobody', async () => {
  const anna = await phone('1001', 'one-pass', 'manual');
  const ben = await phone('1002', 'two-pass', 'manual');
  anna.dial(aor('1002'));
  await ben.waitFor('CALL_INCOMING');
  ben.hangUp();
  await anna.waitFor('CALL_CLOSED');
  anna.events.length = 0;
  ben.events.length = 0;
  anna.dial(aor('1002'));
  await ben.waitFor('CALL_INCOMING');
  anna.hangUp();
  await Promise.all([anna.waitFor('CALL_CLOSED'), ben.waitFor('CALL_CLOSED')]);
  anna.events.length = 0;
  anna.dial(aor('1999'));
  expect((await anna.waitFor('CALL_CLOSED')).param).toContain('404');
});

test('after a restart of the exchange a call still arrives, without a new registration', async () => {
  const anna = await phone('1001', 'one-pass', 'manual');
  const ben = await phone('1002', 'two-pass', 'auto');
  await office.stop();
  await office.start();
  anna.dial(aor('1002'));
  await ben.waitFor('CALL_ESTABLISHED');
});
