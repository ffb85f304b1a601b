/** Three devices of one user, all real baresips: all ring, one answers, the others stop and stay free. */
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

async function phone(number: string, password: string, transport = 'udp'): Promise<Baresip> {
  const outbound = `sip:127.0.0.1:${office.port};transport=${transport}`;
  const started = await Baresip.start({ aor: aor(number), password, answer: 'manual', outbound });
  phones.push(started);
  return started;
}

test('one answers, the others stop; then another takes the next call; then all stop when the caller gives up', async () => {
  const anna = await phone('1001', 'one-pass');
  const [desk, mobile, laptop] = [
    await phone('1002', 'two-pass'),
    await phone('1002', 'two-pass', 'tcp'),
    await phone('1002', 'two-pass'),
  ] as const;
  const devices = [desk, mobile, laptop];
  const allRing = (): Promise<unknown> => Promise.all(devices.map((device) => device.waitFor('CALL_INCOMING')));
  const forget = (): void => {
    for (const one of phones) one.events.length = 0;
  };
  for (const answering of [mobile, desk]) {
    anna.dial(aor('1002'));
    await allRing();
    answering.accept();
    await anna.waitFor('CALL_ESTABLISHED');
    for (const other of devices) if (other !== answering) await other.waitFor('CALL_CLOSED');
    await until('both to hear something', () => anna.heardLevel() > 100 && answering.heardLevel() > 100);
    expect(answering.events.some(({ type }) => type === 'CALL_CLOSED')).toBe(false);
    answering.hangUp();
    await anna.waitFor('CALL_CLOSED');
    await answering.waitFor('CALL_CLOSED');
    forget();
  }
  anna.dial(aor('1002'));
  await allRing();
  anna.hangUp();
  for (const device of devices) await device.waitFor('CALL_CLOSED');
  forget();

  // One is busy for itself, which is no word for the others.
  anna.dial(aor('1002'));
  await allRing();
  desk.hangUp();
  await desk.waitFor('CALL_CLOSED');
  laptop.accept();
  await anna.waitFor('CALL_ESTABLISHED');
  await mobile.waitFor('CALL_CLOSED');
});
