/** Users in and out as a table, on a real store. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportUsers, importUsers } from '../../../../../app/services/exchange/user-files.ts';
import { openRealAdmin, type RealAdmin } from '../../../../support/window/real-admin.ts';

let real: RealAdmin;
beforeEach(async () => {
  real = await openRealAdmin();
});
afterEach(() => real.close());

const bring = (csv: string) => real.door.run((admin) => importUsers(admin, csv));

test('a table of users is taken, and can be taken back', async () => {
  expect(await bring('number,password,name\r\n1001,pass-1,Ada\r\n1002,pass-2,"Ben, the second"\r\n')).toEqual({
    ok: true,
    value: 2,
  });
  const { items } = await real.admin.call('users.list', {});
  expect(items.map(({ number, name }) => [number, name])).toEqual([
    ['1001', 'Ada'],
    ['1002', 'Ben, the second'],
  ]);
  const [entry] = (await real.admin.call('audit.list', { descending: true, limit: 1 })).items;
  expect(entry).toMatchObject({ action: 'users.import' });
  await real.admin.call('audit.undo', { id: entry?.id ?? 0 });
  expect((await real.admin.call('users.list', {})).items).toEqual([]);
});

test('one faulty line has nobody added, and is named', async () => {
  const outcome = await bring('number,password\n1001,pass-1\n10 02,pass-2\n');
  expect(outcome).toMatchObject({ ok: false, reason: expect.stringContaining('line 3:') });
  expect((await real.admin.call('users.list', {})).items).toEqual([]);
});

test('what is no table is refused in words', async () => {
  expect(await bring('')).toMatchObject({ reason: 'The file is empty: its first line must name the columns.' });
  expect(await bring('number;password\n')).toMatchObject({ ok: false, reason: expect.stringContaining('commas') });
});

test('what is written can be read again, without any password in clear', async () => {
  await bring('number,password,name\n1001,geheim-1,Ada\n');
  const written = await real.door.run(exportUsers);
  expect(written).toMatchObject({ ok: true, value: { count: 1 } });
  const { csv } = written.ok ? written.value : expect.fail(written.reason);
  expect(csv).not.toContain('geheim-1');
  await real.admin.call('users.remove', { number: '1001' });
  expect(await bring(csv)).toEqual({ ok: true, value: 1 });
});
