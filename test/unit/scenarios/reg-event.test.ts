/** A watcher of registrations and the phones that it watches, each with its whole stack, on a network that loses. */
import { describe, expect, test } from 'vitest';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { FakeOffice } from '../../support/fake-office.ts';
import { roughFate } from '../../support/rough-network.ts';
import type { TestPhone } from '../../support/sip-phone.ts';
import { readReginfo } from '../../support/watching.ts';

const A = '192.0.2.11:5060';
const B = '192.0.2.12:5060';

const subscribe = (phone: TestPhone, expires = 600) =>
  phone.send('SUBSCRIBE', phone.aor, phone.aor, [
    [H.Event, 'reg'],
    [H.Contact, phone.contact],
    [H.Expires, String(expires)],
  ]);

const documents = (phone: TestPhone) =>
  phone.requests.filter(({ method }) => method === 'NOTIFY').map(({ body }) => readReginfo(body));

describe('a user watches his own devices', () => {
  test('and is told when another one of them comes and goes', async () => {
    const office = new FakeOffice();
    const watcher = await office.registered('1001', A);
    const asked = subscribe(watcher);
    await office.pass(100);
    expect(asked.statuses).toEqual([200]);
    const desk = await office.registered('1001', B);
    await office.pass(6_000);
    desk.register(0);
    await office.pass(6_000);
    expect(documents(watcher)).toEqual([
      { version: 0, state: 'full', registration: 'active', contacts: [`registered sip:1001@${A}`] },
      { version: 1, state: 'partial', registration: 'active', contacts: [`registered sip:1001@${B}`] },
      { version: 2, state: 'partial', registration: 'active', contacts: [`unregistered sip:1001@${B}`] },
    ]);
    expect(office.faults).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5])(
    'also on a bad network: nothing is missed and nothing told twice (seed %i)',
    async (seed) => {
      const office = new FakeOffice();
      const watcher = await office.registered('1001', A);
      subscribe(watcher);
      await office.pass(100);
      office.network.fate = roughFate(seed, 0.3, 0.2, 40);
      const desk = office.phone('1001', B);
      desk.register();
      await office.pass(30_000);
      desk.register(0);
      await office.pass(30_000);
      expect(documents(watcher).map(({ version }) => version)).toEqual([0, 1, 2]);
    },
  );

  test('a watcher who is gone is forgotten after the first NOTIFY that nobody answers', async () => {
    const office = new FakeOffice();
    const watcher = await office.registered('1001', A);
    subscribe(watcher);
    await office.pass(100);
    office.network.detach(A);
    await office.registered('1001', B);
    await office.pass(45_000);
    const before = office.network.sent.length;
    await office.registered('1001', '192.0.2.13:5060');
    await office.pass(10_000);
    expect(office.network.sent.slice(before).filter(({ wire }) => wire.startsWith('NOTIFY'))).toEqual([]);
  });
});
