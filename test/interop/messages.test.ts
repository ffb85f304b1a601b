/** Messages between sipp and linphonec, over restarts and a kill -9 of the exchange. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { connectControl } from '../../proxy-core/node/control/index.ts';
import { TestOffice } from '../support/exchange.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { Linphone } from '../support/linphone.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import { CREDENTIALS, receive, scenario, send } from '../support/sipp-scenario.ts';
import { until } from '../support/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function kept<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

/** A MESSAGE of 1001 to 1002 that is challenged, and ends in `status`. */
function message(text: string, status: number): string {
  const withBody = (step: string): string =>
    step.replace('Content-Length: 0\n\n', `Content-Type: text/plain\nContent-Length: [len]\n\n${text}\n`);
  const once = (cseq: number, lines: readonly string[]): string => send({ method: 'MESSAGE', cseq, lines });
  return scenario(withBody(once(1, [])), receive(407), withBody(once(2, [CREDENTIALS])), receive(status));
}

async function write(exchange: ExchangeProcess, text: string, status: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'sipp-message-'));
  writeFileSync(join(dir, 'message.xml'), message(text, status));
  writeFileSync(join(dir, 'users.csv'), 'SEQUENTIAL\n1001;1002;[authentication username=1001 password=pass]\n');
  const files = ['-sf', join(dir, 'message.xml'), '-inf', join(dir, 'users.csv')];
  const port = String(await freePort());
  const sipp = Sipp.start([...files, '-i', '127.0.0.1', '-p', port, '-m', '1', '-timeout', '20s', exchange.server]);
  expect(await sipp.ended(), sipp.output).toBe(0);
  await sipp.close();
  rmSync(dir, { recursive: true });
}

const phone = async (server: string, number: string): Promise<Linphone> =>
  kept(await Linphone.start({ number, password: 'pass', server }));

/** How many wait at an exchange in another process. */
async function waiting(exchange: ExchangeProcess): Promise<number> {
  const admin = await connectControl(exchange.dataDir);
  const listed = await admin?.call('messages.list', {});
  admin?.close();
  return listed?.items.length ?? -1;
}

describe('what was answered 202', () => {
  test('is there after kill -9, and reaches linphonec once and in order', async () => {
    const exchange = kept(await ExchangeProcess.start({ users: { 1001: 'pass', 1002: 'pass' } }));
    for (const text of ['one', 'two', 'three']) await write(exchange, text, 202);
    await exchange.kill('SIGKILL');
    await exchange.serve();
    expect(await waiting(exchange)).toBe(3);
    const linphone = await phone(exchange.server, '1002');
    await until('three messages', () => linphone.texts.length >= 3);
    expect(linphone.texts).toEqual(['one', 'two', 'three']);
    expect(await waiting(exchange)).toBe(0);
    await write(exchange, 'four', 200);
    await until('one more', () => linphone.texts.length >= 4);
    expect(linphone.texts).toEqual(['one', 'two', 'three', 'four']);
  });
});

test('linphonec writes to linphonec that is away, and there', async () => {
  const office = kept(await TestOffice.open({ users: { 1001: 'pass', 1002: 'pass' } }));
  const server = `127.0.0.1:${office.port}`;
  const ada = await phone(server, '1001');
  ada.type(`chat sip:1002@${server} first`);
  const list = async () => (await office.handle.admin.call('messages.list', { number: '1002' })).items;
  await until('the message to be kept', async () => (await list()).length === 1);
  const bob = await phone(server, '1002');
  await until('what waited', () => bob.texts.length >= 1);
  ada.type(`chat sip:1002@${server} second`);
  await until('what follows', () => bob.texts.length >= 2);
  expect(bob.texts).toEqual(['first', 'second']);
  // What a code did is told as a message too.
  ada.type(`call sip:*78@${server}`);
  await until('the confirmation', () => ada.texts.includes('Do Not Disturb On.'));
  expect((await office.handle.admin.call('forwards.show', { number: '1001' })).doNotDisturb).toBe(true);
});

test('a message of 1 MB is refused at its headers, and nobody else suffers', async () => {
  const office = kept(await TestOffice.open({ users: { 1001: 'pass', 1002: 'pass' } }));
  const socket = connect(office.port, '127.0.0.1');
  let heard = '';
  let isClosed = false;
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
  });
  // It may be cut off while it still writes.
  socket
    .on('error', () => undefined)
    .on('close', () => {
      isClosed = true;
    });
  const uri = `sip:1002@127.0.0.1:${office.port}`;
  const headers = [
    `MESSAGE ${uri} SIP/2.0`,
    'Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKlong;rport',
    ...[
      'From: <sip:a@elsewhere.example>;tag=1',
      `To: <${uri}>`,
      'Call-ID: long',
      'CSeq: 1 MESSAGE',
      'Max-Forwards: 70',
    ],
    'Content-Type: text/plain',
    `Content-Length: ${1024 * 1024}`,
  ];
  socket.write(`${headers.join('\r\n')}\r\n\r\n`);
  socket.write(Buffer.alloc(1024 * 1024, 120));
  await until('the refusal', () => heard.startsWith('SIP/2.0 413 '));
  await until('the end of the connection', () => isClosed);
  expect((await office.handle.admin.call('messages.list', {})).items).toEqual([]);
  expect((await office.handle.admin.call('status', {})).users).toBe(2);
});
