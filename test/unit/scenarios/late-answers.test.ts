/** A 2xx that comes when the caller was told something else already: it goes back all the same (RFC 3261 §16.7 step 5). */
import { beforeEach, expect, test } from 'vitest';
import { FakeOffice } from '../../support/fake-office.ts';
import type { TestPhone } from '../../support/sip-phone.ts';

const FLOWS = ['192.0.2.12:5060', '192.0.2.13:5060'] as const;

let office: FakeOffice;
let anna: TestPhone;
/** Two ways to one device of ben: the one that is tried first, and the other. */
let first: TestPhone;
let second: TestPhone;

beforeEach(async () => {
  office = new FakeOffice();
  anna = await office.registered('1001', '192.0.2.11:5060');
  const flows = FLOWS.map((address) => office.phone('1002', address));
  for (const [index, flow] of flows.entries()) {
    flow.register(600, `${flow.contact};+sip.instance="<urn:uuid:ben>";reg-id=${index + 1}`);
    await office.pass(100);
  }
  [second, first] = flows as [TestPhone, TestPhone];
});

/** The first way says nothing, the second refuses; gives the call once the caller knows. */
async function refused() {
  office.network.fate = ({ what, from }) => (what === '100 INVITE' && from === FLOWS[1] ? [] : [5]);
  const call = anna.call('1002');
  await office.pass(4_500);
  second.incoming[0]?.respond(486);
  await office.pass(100);
  expect(call.statuses.filter((status) => status > 100)).toEqual([486]);
  return call;
}

test.each([
  ['while the refusal is acknowledged', 100],
  ['after the transaction with the caller has ended', 20_000],
])('%s', async (_when, ms) => {
  const call = await refused();
  await office.pass(ms);
  first.incoming[0]?.respond(200);
  await office.pass(100);
  const late = ms > 5_000 ? anna.strays.map(({ status }) => status) : call.statuses;
  // To a caller that has forgotten it, it is as a 2xx that comes again.
  expect([...call.statuses, ...late]).toContain(200);
});

test('only a 2xx: a late refusal changes nothing', async () => {
  const call = await refused();
  first.incoming[0]?.respond(603);
  await office.pass(1_000);
  expect(call.statuses.filter((status) => status > 100)).toEqual([486]);
});
