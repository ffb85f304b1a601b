/** A backup of a running office, put back on another data directory: baresips register and call with the same passwords. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createBackup } from '../../proxy-core/node/backup/create.ts';
import { restoreBackup } from '../../proxy-core/node/backup/restore.ts';
import { createLog } from '../../proxy-core/node/log.ts';
import { startExchange } from '../../proxy-core/node/start.ts';
import { Baresip } from '../support/baresip.ts';
import { TestOffice } from '../support/exchange.ts';
import { freePort } from '../support/ports.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function phone(port: number, number: string, password: string, answer: 'manual' | 'auto'): Promise<Baresip> {
  const aor = `sip:${number}@127.0.0.1:${port}`;
  const started = await Baresip.start({ aor, password, answer, outbound: `sip:127.0.0.1:${port}` });
  closers.push(() => started.close());
  return started;
}

test('an office moves to another machine in one file', async () => {
  const office = await TestOffice.open({ users: { 1001: 'one-pass', 1002: 'two-pass' } });
  closers.push(() => office.close());
  await office.handle.admin.call('aliases.add', { number: '1002', alias: '900' });
  await office.handle.admin.call('devices.add', { number: '1002', label: 'desk', password: 'desk-pass' });
  await office.handle.admin.call('settings.set', { name: 'contacts-per-user', value: 3 });
  await phone(office.port, '1001', 'one-pass', 'manual');

  const dir = mkdtempSync(join(tmpdir(), 'tandem-restore-'));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'office.tandem');
  createBackup(office.dataDir, file, Date.now());
  await office.stop();

  const dataDir = join(dir, 'office');
  const { changes } = await restoreBackup({ file, dataDir, isDry: false, by: 'ana', now: Date.now() });
  expect(changes.find(({ kind }) => kind === 'users')).toMatchObject({ before: 0, after: 2 });
  const port = await freePort();
  const log = createLog({ level: 'silent' });
  const listen = [`udp://127.0.0.1:${port}`, `tcp://127.0.0.1:${port}`];
  const there = await startExchange({ mode: 'proxy', domains: [], listen, dataDir, log });
  closers.push(() => there.close());

  const anna = await phone(port, '1001', 'one-pass', 'manual');
  const desk = await phone(port, '1002', 'desk-pass', 'auto');
  anna.dial(`sip:900@127.0.0.1:${port}`);
  await desk.waitFor('CALL_ESTABLISHED');
  await anna.waitFor('CALL_ESTABLISHED');
  const { items } = await there.admin.call('settings.list', { text: 'contacts-per-user' });
  expect(items).toMatchObject([{ value: 3, source: 'stored' }]);
  anna.hangUp();
  await desk.waitFor('CALL_CLOSED');
});
