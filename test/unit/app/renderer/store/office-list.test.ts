import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { AGAIN_MS, createOfficeList, type ListSpec } from '../../../../../app/renderer/store/office-list.ts';
import type { OfficeStore } from '../../../../../app/renderer/store/office-store.ts';
import type { ListQuery } from '../../../../../app/renderer/store/office-types.ts';
import type { OfficeState } from '../../../../../app/shared/bridge.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { until } from '../../../../support/until.ts';
import { runningOffice } from '../../../../support/window/fake-ports.ts';
import { openRealAdmin, type RealAdmin } from '../../../../support/window/real-admin.ts';

const users: ListSpec<'users.list'> = {
  method: 'users.list',
  keyOf: ({ number, domain }) => `${number}@${domain}`,
};
const log: ListSpec<'audit.list'> = { method: 'audit.list', keyOf: ({ id }) => String(id), newestFirst: true };

let real: RealAdmin;
let clock: FakeClock;
const releases: (() => void)[] = [];
beforeEach(async () => {
  real = await openRealAdmin();
  clock = new FakeClock();
});
afterEach(() => {
  for (const release of releases.splice(0)) release();
  real.close();
});

const add = (number: string, name = '') => real.admin.call('users.add', { number, name, password: `pw-${number}` });
const many = (count: number) =>
  real.admin.call('users.import', {
    rows: Array.from({ length: count }, (_, at) => ({
      line: at + 2,
      number: String(10_000 + at),
      password: 'x',
      name: `N ${at}`,
    })),
  });

/** Of users, in this order. */
function open(query: ListQuery<'users.list'> = {}, state: OfficeState = runningOffice) {
  const office = createStore(() => ({ office: state })) as unknown as OfficeStore;
  const list = createOfficeList({ admin: real.window, office, clock }, users, query);
  releases.push(list.follow());
  const names = () => list.getState().items.map(({ number }) => number);
  const ready = () => until('the list', () => list.getState().state === 'ready');
  return { list, office, names, ready };
}

test('a page is read in the order of the exchange, and the next one when it is asked for', async () => {
  await many(250);
  const { list, names, ready } = open({ sort: 'number', descending: true });
  await ready();
  expect([names().length, names()[0], list.getState().hasMore]).toEqual([100, '10249', true]);
  await Promise.all([list.more(), list.more()]);
  expect(names()).toHaveLength(200);
  await list.more();
  expect([names().length, new Set(names()).size, list.getState().hasMore]).toEqual([250, 250, false]);
});

test('what changes is changed in place, and what goes is gone, without reading again', async () => {
  await add('1001', 'Ada');
  await add('1002', 'Bob');
  const { list, names, ready } = open();
  await ready();
  await real.admin.call('users.rename', { number: '1002', name: 'Ben' });
  await until('the new name', () => list.getState().items[1]?.name === 'Ben');
  await real.admin.call('users.remove', { number: '1001' });
  await until('him to be gone', () => names().join() === '1002');
  expect(clock.waiting).toBe(0);
});

test('what comes, or moves in the order, has the list read again, once for many', async () => {
  await add('1001', 'Ada');
  await add('1002', 'Bob');
  const { list, names, ready } = open({ sort: 'name' });
  await ready();
  await add('1003', 'Abe');
  await add('1004', 'Zoe');
  await until('the change to be heard', () => clock.waiting === 1);
  clock.advance(AGAIN_MS);
  await until('the new ones', () => names().join() === '1003,1001,1002,1004');
  await real.admin.call('users.rename', { number: '1003', name: 'Max' });
  await until('the new name', () => list.getState().items.some(({ name }) => name === 'Max'));
  clock.advance(AGAIN_MS);
  await until('the new order', () => names().join() === '1001,1002,1003,1004');
});

test('where new ones stand first they come without reading again', async () => {
  await add('1001');
  const office = createStore(() => ({ office: runningOffice })) as unknown as OfficeStore;
  const list = createOfficeList({ admin: real.window, office, clock }, log, { descending: true });
  releases.push(list.follow());
  await until('the log', () => list.getState().items.length === 1);
  await add('1002');
  await add('1003');
  await until(
    'the new entries',
    () =>
      list
        .getState()
        .items.map(({ id }) => id)
        .join() === '3,2,1',
  );
  expect(clock.waiting).toBe(0);
});

test('another search shows what was there until the answer comes', async () => {
  await add('1001', 'Ada');
  await add('1002', 'Bob');
  const { list, names, ready } = open();
  await ready();
  list.aim({ text: 'bob' });
  expect(names()).toEqual(['1001', '1002']);
  await until('what was searched', () => names().join() === '1002');
});

test('a refusal is a sentence, and reading again may mend it', async () => {
  const { list, names } = open({ domain: 'nowhere.example' });
  await until('the reason', () => list.getState().state === 'failed');
  expect(list.getState().reason).toBe('There is no domain nowhere.example.');
  await real.admin.call('domains.add', { name: 'nowhere.example' });
  list.again();
  await until('it to be mended', () => list.getState().state === 'ready');
  expect(names()).toEqual([]);
});

test('it is read only while the office is on, and anew when that comes back', async () => {
  await add('1001');
  const { list, office, names, ready } = open({}, { state: 'starting' });
  expect(list.getState().state).toBe('loading');
  office.setState({ office: runningOffice });
  await ready();
  office.setState({ office: { state: 'starting' } });
  await add('1002');
  expect(names()).toEqual(['1001']);
  office.setState({ office: runningOffice });
  await until('the new one', () => names().join() === '1001,1002');
});
