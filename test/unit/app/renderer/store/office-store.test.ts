import { expect, test } from 'vitest';
import { createOfficeAdmin } from '../../../../../app/renderer/store/office-admin.ts';
import { createOfficeStore, loadOffice, takeOffice } from '../../../../../app/renderer/store/office-store.ts';
import type { OfficeUser } from '../../../../../app/shared/office-admin.ts';
import { createFakePorts, runningOffice } from '../../../../support/window/fake-ports.ts';
import { usersOf } from '../../../../support/window/people.ts';

const user = (number: string): OfficeUser => ({ number, domain: 'office.internal', name: '', devices: 0 });

function setUp() {
  const fakes = createFakePorts({ office: runningOffice });
  const { bridge } = fakes.ports;
  const store = createOfficeStore({ bridge, admin: createOfficeAdmin(bridge) });
  return { fakes, store };
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
  const answers: ((users: readonly OfficeUser[]) => void)[] = [];
  const { fakes } = setUp();
  const admin = {
    ...createOfficeAdmin(fakes.ports.bridge),
    ask: () => new Promise<never>((done) => answers.push((items) => done({ ok: true, value: { items } } as never))),
  };
  const store = createOfficeStore({ bridge: fakes.ports.bridge, admin });
  store.setState({ office: runningOffice });
  const first = store.getState().refreshUsers();
  const second = store.getState().refreshUsers();
  answers[1]?.(usersOf(2));
  answers[0]?.(usersOf(1));
  await Promise.all([first, second]);
  const { users } = store.getState();
  expect(users.state === 'ready' && users.list.length).toBe(2);
});

test('everybody is read, page after page', async () => {
  const { fakes, store } = setUp();
  fakes.state.users = usersOf(6_000);
  store.setState({ office: runningOffice });
  await store.getState().refreshUsers();
  const { users } = store.getState();
  expect(users.state === 'ready' && users.list.length).toBe(6_000);
  expect(fakes.named('users.list')).toHaveLength(2);
});

test('what was changed is said, with the way back', async () => {
  const { fakes, store } = setUp();
  fakes.state.users = usersOf(2);
  store.setState({ office: runningOffice });
  const who = { number: '1002', domain: 'office.internal' };
  await store.getState().change('Jana is gone.', 'users.remove', who);
  expect(store.getState().done).toEqual({ words: 'Jana is gone.', entry: 1 });
  expect(fakes.state.users).toHaveLength(1);
  await store.getState().undo(1);
  expect(fakes.state.users).toHaveLength(2);
  expect(store.getState().done).toEqual({ words: 'It is as it was before.' });
});

test('what can no longer be undone says why', async () => {
  const { fakes, store } = setUp();
  fakes.state.users = usersOf(2);
  await store.getState().change('Jana is gone.', 'users.remove', { number: '1002', domain: 'office.internal' });
  fakes.state.refuse = { 'audit.undo': 'Entry 1 cannot be taken back: there is a user 1002 again.' };
  expect(await store.getState().undo(1)).toMatchObject({ ok: false });
  expect(store.getState().done).toEqual({
    words: 'Jana is gone.',
    problem: 'Entry 1 cannot be taken back: there is a user 1002 again.',
  });
});

test('a refused change is not said to be done', async () => {
  const { fakes, store } = setUp();
  fakes.state.refuse = { 'dnd.set': 'The disk is full.' };
  const outcome = await store.getState().change('x', 'dnd.set', { number: '1001', on: true });
  expect(outcome).toEqual({ ok: false, reason: 'The disk is full.' });
  expect(store.getState().done).toBeUndefined();
});

test('a main process that does not answer becomes a sentence', async () => {
  const { fakes } = setUp();
  const office = { ...fakes.ports.bridge.office, start: () => Promise.reject(new Error('the channel is closed')) };
  const store = createOfficeStore({ bridge: { ...fakes.ports.bridge, office }, admin: createOfficeAdmin({ office }) });
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
  expect(store.getState().added).toMatchObject({ number: '1009', name: 'Olga', password: 'pw' });
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
  expect(store.getState().added).toMatchObject({ ...added, invite: { code: 'K7M-4QP-9XT' } });
});

test('what is told meanwhile counts more than the first answer', async () => {
  const { fakes, store } = setUp();
  const loading = loadOffice(store, fakes.ports.bridge);
  takeOffice(store, { state: 'starting' });
  await loading;
  expect(store.getState().office).toEqual({ state: 'starting' });
});
