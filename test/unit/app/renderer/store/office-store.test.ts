import { expect, test } from 'vitest';
import {
  createOfficeStore,
  loadOffice,
  takeOffice,
  USERS_EVERY_MS,
} from '../../../../../app/renderer/store/office-store.ts';
import type { OfficeUser, Outcome } from '../../../../../app/shared/bridge.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { createFakePorts, runningOffice } from '../../../../support/window/fake-ports.ts';
import { usersOf } from '../../../../support/window/people.ts';

const user = (number: string): OfficeUser => ({ number, domain: 'office.internal', name: '', devices: 0 });

function setUp() {
  const fakes = createFakePorts({ office: runningOffice });
  const clock = new FakeClock();
  const store = createOfficeStore({ bridge: fakes.ports.bridge, clock });
  return { fakes, clock, store };
}

test('users are in the order in which an office counts', async () => {
  const { fakes, store } = setUp();
  fakes.state.users = ['1000', '99', '100', 'anna'].map(user);
  await loadOffice(store, fakes.ports.bridge);
  await store.getState().refreshUsers();
  const { users } = store.getState();
  expect(users.state === 'ready' && users.list.map(({ number }) => number)).toEqual(['99', '100', '1000', 'anna']);
});

test('a late list does not replace a newer one', async () => {
  const answers: ((outcome: Outcome<readonly OfficeUser[]>) => void)[] = [];
  const { fakes, clock } = setUp();
  const office = {
    ...fakes.ports.bridge.office,
    users: () => new Promise<never>((done) => answers.push(done as never)),
  };
  const store = createOfficeStore({ bridge: { office }, clock });
  store.setState({ office: runningOffice });
  const first = store.getState().refreshUsers();
  const second = store.getState().refreshUsers();
  answers[1]?.({ ok: true, value: usersOf(2) });
  answers[0]?.({ ok: true, value: usersOf(1) });
  await Promise.all([first, second]);
  const { users } = store.getState();
  expect(users.state === 'ready' && users.list.length).toBe(2);
});

test('the list is asked for again and again while watched, and no longer afterwards', async () => {
  const { fakes, clock, store } = setUp();
  store.setState({ office: runningOffice });
  const asked = () => fakes.named('office.users').length;
  const turns = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  const stop = store.getState().watchUsers();
  await turns();
  expect(asked()).toBe(1);
  clock.advance(USERS_EVERY_MS);
  await turns();
  expect(asked()).toBe(2);
  stop();
  clock.advance(USERS_EVERY_MS * 3);
  await turns();
  expect(asked()).toBe(2);
  expect(clock.waiting).toBe(0);
});

test('a main process that does not answer becomes a sentence', async () => {
  const { fakes, clock } = setUp();
  const office = { ...fakes.ports.bridge.office, start: () => Promise.reject(new Error('the channel is closed')) };
  const store = createOfficeStore({ bridge: { office }, clock });
  expect(await store.getState().start()).toBe(false);
  expect(store.getState()).toMatchObject({
    switching: false,
    problem: 'Tandem could not do that: the channel is closed',
  });
});

test('an office that stopped forgets its users and the password just shown', async () => {
  const { fakes, store } = setUp();
  fakes.state.users = usersOf(2);
  takeOffice(store, runningOffice);
  await store.getState().addUser({ number: '1009', name: 'Olga', password: 'pw' });
  expect(store.getState().added).toEqual({ number: '1009', name: 'Olga', password: 'pw' });
  takeOffice(store, { state: 'off' });
  expect(store.getState()).toMatchObject({ users: { state: 'loading' }, added: undefined });
});

test('an exchange that fell and comes back does not take away the password just shown', async () => {
  const { store } = setUp();
  takeOffice(store, runningOffice);
  const added = { number: '1009', name: 'Olga', password: 'pw' };
  await store.getState().addUser(added);
  takeOffice(store, { state: 'starting' });
  takeOffice(store, runningOffice);
  expect(store.getState().added).toEqual(added);
});

test('what is told meanwhile counts more than the first answer', async () => {
  const { fakes, store } = setUp();
  const loading = loadOffice(store, fakes.ports.bridge);
  takeOffice(store, { state: 'starting' });
  await loading;
  expect(store.getState().office).toEqual({ state: 'starting' });
});
