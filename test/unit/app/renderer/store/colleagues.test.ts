/** Everybody of one's offices, from the exchange on this computer and from those where accounts are signed in. */
import { afterEach, expect, test } from 'vitest';
import type { OfficeSnapshot } from '../../../../../app/renderer/softphone/snapshots.ts';
import { connectStores } from '../../../../../app/renderer/store/connect.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { createFakePorts, type FakeState, runningOffice } from '../../../../support/window/fake-ports.ts';

const clock = new FakeClock();
let close: () => void = () => {};
afterEach(() => close());

function open(state: Partial<FakeState>) {
  const fakes = createFakePorts(state);
  const stores = connectStores({ ...fakes.ports, clock });
  close = () => stores.close();
  return { fakes, colleagues: stores.colleagues };
}
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
const lamp = (number: string, state: string, name = '', domain = 'office.internal') => ({
  ...{ number, domain, name, state, activities: [], note: '' },
});
const snapshot = (more: Partial<OfficeSnapshot> = {}): OfficeSnapshot => ({
  ...{ accountId: 'anna', domain: 'office.internal', people: [{ number: '1002', name: 'Jana' }] },
  ...{ lamps: new Map([['1002', 'available']]), ...more },
});
const newsOf = (...offices: readonly OfficeSnapshot[]) => ({ people: [], mailboxes: [], offices });

test('stand by number, each once, with the account by which they are called', () => {
  const { fakes, colleagues } = open({});
  const more = [
    { number: '10000', name: 'Last' },
    { number: '99', name: 'First' },
  ];
  fakes.setNews(
    newsOf(snapshot(), snapshot({ accountId: 'club', people: [...more, { number: '1002', name: 'Jana' }] })),
  );
  expect(colleagues.getState().people.map(({ number, accountId }) => `${number} ${accountId}`)).toEqual([
    ...['99 club', '1002 anna', '10000 club'],
  ]);
});

test('a lamp that changes leaves the list of people as it is', () => {
  const { fakes, colleagues } = open({});
  const first = snapshot();
  fakes.setNews(newsOf(first));
  const { people, lamps } = colleagues.getState();
  fakes.setNews(newsOf(first));
  expect(colleagues.getState().lamps).toBe(lamps);
  fakes.setNews(newsOf({ ...first, lamps: new Map([['1002', 'in-call']]) }));
  expect(colleagues.getState().people).toBe(people);
  expect([...colleagues.getState().lamps]).toEqual([['1002@office.internal', 'in-call']]);
  fakes.setNews(newsOf());
  expect(colleagues.getState()).toEqual({ people: [], lamps: new Map() });
});

test('the exchange on this computer is followed, gathers what changes, and is asked again where too much did', async () => {
  const lists = { 'presence.list': [lamp('1002', 'available', 'Jana')] };
  const { fakes, colleagues } = open({ office: runningOffice, lists });
  await settle();
  expect([...colleagues.getState().lamps]).toEqual([['1002@office.internal', 'available']]);
  const { people } = colleagues.getState();
  const item = lamp('1002', 'ringing', 'Jana');
  fakes.admin.tell('presence.list', [{ event: 'changed', key: '1002@office.internal', item }]);
  await settle();
  expect([...colleagues.getState().lamps.values()]).toEqual(['available']);
  clock.advance(500);
  await settle();
  expect([...colleagues.getState().lamps.values()]).toEqual(['ringing']);
  expect(colleagues.getState().people).toBe(people);
  fakes.state.lists = { 'presence.list': [lamp('1002', 'offline'), lamp('1003', 'available', 'Miguel')] };
  fakes.admin.tell('presence.list', [{ event: 'resync' }]);
  clock.advance(500);
  await settle();
  expect(colleagues.getState().people.map(({ name }) => name)).toEqual(['', 'Miguel']);
  fakes.admin.tell('presence.list', [{ event: 'removed', key: '1003@office.internal' }]);
  clock.advance(500);
  await settle();
  expect(colleagues.getState().people).toHaveLength(1);
});

test('one that tells nothing is asked again after a while', async () => {
  const { fakes, colleagues } = open({ office: runningOffice, refuse: { 'presence.list': 'Not now.' } });
  await settle();
  expect(colleagues.getState().lamps.size).toBe(0);
  fakes.state.refuse = {};
  fakes.state.lists = { 'presence.list': [lamp('1002', 'offline')] };
  clock.advance(5_000);
  await settle();
  expect(colleagues.getState().lamps.size).toBe(1);
});
