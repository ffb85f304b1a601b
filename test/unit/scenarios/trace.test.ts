/** The trace of a real exchange on sockets, as the command line shows it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../../proxy-core/cli/run.ts';
import { TimerWheel } from '../../../proxy-core/node/clock.ts';
import { randomHex } from '../../../proxy-core/node/random.ts';
import { NodeTransport } from '../../../proxy-core/node/transport/node-transport.ts';
import { LateSink } from '../../../proxy-core/sip/transaction/stack.ts';
import { TestOffice, type TestOfficeOptions } from '../../support/exchange.ts';
import { TestPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/until.ts';

let office: TestOffice;
let dir: string;
const closing: (() => unknown)[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-trace-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(options: TestOfficeOptions = {}): Promise<void> {
  office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' }, ...options });
  closing.push(() => office.close());
}

async function phone(number: string, password: string): Promise<TestPhone> {
  const late = new LateSink();
  const sockets = await NodeTransport.listen({ listeners: ['udp://127.0.0.1:0'], sink: late });
  closing.push(() => sockets.close());
  const one = new TestPhone({
    ...{ clock: new TimerWheel(), random: randomHex, number, password, domain: '127.0.0.1' },
    address: (sockets.listeners[0] ?? '').replace('udp://', ''),
    server: { transport: 'UDP', host: '127.0.0.1', port: office.port },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
  const register = one.register();
  await until('the registration', () => register.statuses.includes(200));
  return one;
}

async function busyCall(): Promise<string> {
  const anna = await phone('1001', 'one');
  const ben = await phone('1002', 'two');
  const call = anna.call('1002');
  await until('the call', () => ben.incoming.length > 0);
  ben.incoming[0]?.respond(486);
  await until('the answer', () => call.statuses.includes(486));
  return call.last.callId;
}

interface Running {
  readonly ended: Promise<number>;
  readonly stop: () => void;
  out: string;
  err: string;
}

function start(...argv: string[]): Running {
  let stop = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const running: Running = { out: '', err: '', stop: () => stop(), ended: Promise.resolve(0) };
  const ended = runCli([...argv, '--data', office.dataDir], {
    stdout: { write: (text) => (running.out += text) },
    stderr: { write: (text) => (running.err += text) },
    stdin: (async function* () {})(),
    defaultDataDir: office.dataDir,
    startExchange: () => Promise.reject(new Error('not asked')),
    asked: () => asked,
  });
  return Object.assign(running, { ended });
}

async function tandem(...argv: string[]): Promise<string> {
  const running = start(...argv);
  expect(await running.ended, running.err).toBe(0);
  return running.out;
}

test('a call is listed, shown, drawn and written to a file, without anything that proves a password', async () => {
  await open();
  const callId = await busyCall();
  const list = await tandem('trace', 'list', '--user', '1002');
  expect(list).toMatch(/INVITE +1001@127\.0\.0\.1 +1002@127\.0\.0\.1 +486 Busy Here +\d+/);
  expect(list).toContain(callId);

  const shown = await tandem('trace', 'show', callId);
  expect(shown).toMatch(/^--- #\d+ \d\d:\d\d:\d\d\.\d{6} UDP 127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\d+\nINVITE sip:1002@/m);
  expect(shown.match(/^SIP\/2\.0 486 Busy Here$/gm)).toHaveLength(2);
  expect(shown).toMatch(/^Proxy-Authorization: Digest .*response="\*{32,64}"/m);
  expect(shown).not.toMatch(/response="[0-9a-f]/);

  const drawn = await tandem('trace', 'show', callId, '--ladder');
  expect(drawn).toMatch(/1001 +Tandem +1002/);
  expect(drawn).toMatch(/\|<-* 486 Busy Here -*\|/);

  const ladder = JSON.parse(await tandem('trace', 'show', callId, '--json'));
  expect(ladder.hops).toHaveLength(3);
  expect(ladder.arrows.every((arrow: { callId: string }) => arrow.callId === callId)).toBe(true);

  const file = join(dir, 'call.pcapng');
  expect(await tandem('trace', 'pcap', file, callId)).toMatch(/^Wrote \d+ messages to /);
  expect(readFileSync(file).readUInt32LE(0)).toBe(0x0a0d0d0a);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('messages are shown as they come until one has seen enough', async () => {
  await open();
  const ladder = start('trace', 'follow', '--ladder', '--user', '1002');
  const json = start('trace', 'follow', '--json');
  await busyCall();
  await until(
    'the call to be seen',
    () => /-> .*486 Busy Here/.test(ladder.out) && json.out.includes('"486 Busy Here"'),
  );
  for (const one of [ladder, json]) {
    one.stop();
    expect(await one.ended, one.err).toBe(0);
  }
  const ids = json.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});

test('noise, and what broke a connection, is in the trace too', async () => {
  await open({ trustLoopback: false });
  const socket = connect(office.port, '127.0.0.1');
  closing.push(() => socket.destroy());
  socket.write('REGISTER sip:a SIP/2.0\r\nVia: x\r\nContent-Length: 9x\r\n\r\n');
  await until('the end of the connection', () => socket.closed || socket.readableEnded);
  const messages = await office.handle.admin.call('trace.show', {});
  expect(messages).toEqual([
    expect.objectContaining({
      ...{ handled: 'unreadable', transport: 'TCP', label: 'REGISTER sip:a SIP/2.0' },
      fault: expect.objectContaining({ reason: expect.any(String), line: expect.any(Number) }),
    }),
  ]);
});

test('what is nowhere, and an exchange that keeps nothing, say so in a sentence', async () => {
  await open();
  const missing = start('trace', 'show', 'nobody@nowhere');
  expect(await missing.ended).toBe(1);
  expect(missing.err).toBe('Nothing of the call nobody@nowhere is kept; "tandem trace list" shows what is.\n');
  const wrong = start('trace', 'list', '--since', 'yesterday');
  expect(await wrong.ended).toBe(2);
  expect(wrong.err).toBe('--since is a time such as 10m, 2h or 14:02, not "yesterday".\n');
  const file = start('trace', 'pcap', join(dir, 'no', 'such', 'folder'));
  expect(await file.ended).toBe(1);
  expect(file.err).toMatch(/cannot be written/);
  await office.stop();
  const stopped = start('trace', 'list');
  expect(await stopped.ended).toBe(1);
  expect(stopped.err).toBe('There is no trace: no exchange is running.\n');

  await open({ settings: { traceBytes: 0 } });
  const off = start('trace', 'list');
  expect(await off.ended).toBe(1);
  expect(off.err).toBe('There is no trace: the exchange was started with --trace-memory 0.\n');
  expect(existsSync(join(dir, 'no'))).toBe(false);
});
