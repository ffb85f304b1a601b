import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog, scrubText } from '../../../../proxy-core/node/log.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-log-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const REGISTER = [
  'REGISTER sip:example.org SIP/2.0',
  'Authorization: Digest username="1001",',
  '  nonce="n", response="6629fae49393a05397450978507c4ef1"',
  'proxy-authorization:Digest response=deadbeef',
  'Contact: <sip:1001@192.0.2.1>',
  '',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20',
].join('\r\n');

it('takes credentials and keys out of a message and leaves the rest', () => {
  const text = scrubText(REGISTER);
  for (const secret of ['6629fae4', 'deadbeef', 'd0RmdmcmV']) expect(text).not.toContain(secret);
  expect(text).toContain('Contact: <sip:1001@192.0.2.1>');
  expect(text).toContain('REGISTER sip:example.org');
});

it('writes JSON lines without secrets, wherever they stand', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => lines.push(line) } });
  log.info({ user: { number: '1001', password: 'hunter2', ha1Md5: 'abc123' }, list: [{ secret: 'hunter2' }] }, 'added');
  log.warn({ err: new Error('bad password=hunter2') }, 'response="hunter2" refused');
  log.info(`got ${REGISTER}`);
  log.child({ peer: '192.0.2.1' }).info('hello');
  log.debug('not shown');
  const all = lines.join('');
  expect(all).not.toMatch(/hunter2|abc123|6629fae4/);
  const records = lines.map((line) => JSON.parse(line));
  expect(records).toHaveLength(4);
  expect(records[0]).toMatchObject({ level: 'info', msg: 'added', user: { number: '1001' } });
  expect(records[1].err).toMatchObject({ type: 'Error' });
  expect(records[3]).toMatchObject({ peer: '192.0.2.1', msg: 'hello' });
});

it('begins a new file when one is full and keeps the one before', () => {
  const file = join(dir, 'logs', 'tandem.log');
  const log = createLog({ level: 'info', file, fileBytes: 2_000 });
  for (let i = 0; i < 100; i += 1) log.info({ i }, 'a line');
  expect(statSync(file).size).toBeLessThan(2_000);
  expect(statSync(`${file}.1`).size).toBeLessThan(2_200);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const last = [readFileSync(`${file}.1`, 'utf8'), readFileSync(file, 'utf8')].join('').trim().split('\n').at(-1);
  expect(JSON.parse(last ?? '').i).toBe(99);
});
