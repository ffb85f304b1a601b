import { afterEach, beforeEach, expect, it } from 'vitest';
import { AdminDoor } from '../../../../../app/services/exchange/admin-door.ts';
import { WITHHELD } from '../../../../../app/shared/office-admin.ts';
import { openRealAdmin, type RealAdmin } from '../../../../support/window/real-admin.ts';

let real: RealAdmin;
beforeEach(async () => {
  real = await openRealAdmin();
});
afterEach(() => real.close());

const user = { number: '1001', name: 'Ada', password: 'secret-1001' };

it('does what the administration does, under the name of the desktop, and says why not', async () => {
  expect(await real.window.ask('users.add', user)).toMatchObject({ ok: true, value: { number: '1001', name: 'Ada' } });
  expect(await real.window.ask('users.add', user)).toEqual({
    ok: false,
    reason: expect.stringMatching(/^User 1001@.* exists already\.$/),
  });
  const log = await real.admin.call('audit.list', {});
  expect(log.items.map(({ by, action }) => [by, action])).toEqual([['desktop', 'users.add']]);
});

it.each([...WITHHELD, 'constructor', '__proto__', 'session.begin', ''])('%j is not for the window', async (method) => {
  await real.admin.call('users.add', user);
  expect(await real.door.ask({ method, params: {} })).toMatchObject({ ok: false });
  expect(real.door.watch({ method, params: {} })).toMatchObject({ ok: false });
});

it('who is told of calls may be asked and not said, and the secret is not among what is answered', async () => {
  const url = 'https://crm.office.example/calls';
  await real.admin.call('records.webhook', { url, secret: '0123456789abcdef' });
  const method = 'records.webhook';
  expect(await real.door.ask({ method, params: { url: 'https://evil.example/' } })).toMatchObject({ ok: false });
  expect(await real.door.ask({ method, params: { secret: '' } })).toMatchObject({ ok: false });
  expect(await real.door.ask({ method, params: null })).toMatchObject({ ok: false });
  expect(await real.window.ask(method, {})).toEqual({
    ok: true,
    value: { url, hasSecret: true, waiting: 0, givenUp: 0 },
  });
  const log = await real.window.ask('audit.list', {});
  expect(JSON.stringify(log)).not.toContain('0123456789abcdef');
});

it.each([
  ['users.list', { limit: 1e9 }],
  ['users.add', { number: { a: 1 } }],
  ['users.add', { ...user, more: 1 }],
])('what makes no sense to %s is refused in a sentence', async (method, params) => {
  const answer = await real.door.ask({ method, params });
  expect(answer).toEqual({ ok: false, reason: expect.stringMatching(/\.$/) });
});

it('tells what changes of a listing until it is watched no longer', async () => {
  const opened = real.door.watch({ method: 'users.list', params: {} });
  const watch = opened.ok ? opened.value : 0;
  await real.admin.call('users.add', user);
  expect(await real.door.next({ watch })).toMatchObject({
    ok: true,
    value: [{ event: 'added', item: { name: 'Ada' } }],
  });
  const waiting = real.door.next({ watch });
  real.door.unwatch({ watch });
  expect(await waiting).toEqual({ ok: true, value: [] });
  expect(await real.door.next({ watch })).toEqual({ ok: true, value: [] });
});

it('watches so much at one time and no more, and all of it ends with the page', async () => {
  const open = () => real.door.watch({ method: 'bans.list', params: {} });
  const opened = Array.from({ length: 33 }, open);
  expect(opened.map(({ ok }) => ok)).toEqual([...Array(32).fill(true), false]);
  const waiting = real.door.next({ watch: 1 });
  real.door.forget();
  expect(await waiting).toEqual({ ok: true, value: [] });
  expect(open().ok).toBe(true);
});

it('says so where a listing cannot be watched, or no exchange runs', async () => {
  expect(real.door.watch({ method: 'status', params: {} })).toEqual({ ok: false, reason: 'status cannot be watched.' });
  const door = new AdminDoor(() => undefined);
  expect(await door.ask({ method: 'status', params: {} })).toEqual({
    ok: false,
    reason: 'The exchange is not running.',
  });
});
