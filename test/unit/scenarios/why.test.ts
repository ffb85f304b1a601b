/** `tandem why` on a real exchange: what really happens on sockets ends in the sentence that fits it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../../proxy-core/cli/run.ts';
import { TimerWheel } from '../../../proxy-core/node/clock.ts';
import type { WhyAnswer } from '../../../proxy-core/node/control/areas/why.ts';
import { randomHex } from '../../../proxy-core/node/random.ts';
import { NodeTransport } from '../../../proxy-core/node/transport/node-transport.ts';
import { LateSink } from '../../../proxy-core/sip/transaction/stack.ts';
import { makeAuthority, makeCertificate } from '../../support/certificates.ts';
import { TestOffice } from '../../support/exchange.ts';
import { freePort } from '../../support/ports.ts';
import { TestPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/until.ts';

let office: TestOffice;
let dir: string;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-why-'));
  const port = await freePort();
  office = await TestOffice.open({
    users: { 1001: 'one', 1002: 'two' },
    listen: [`udp://127.0.0.1:${port}`, `tcp://127.0.0.1:${port}`, 'tls://127.0.0.1:0'],
    trustLoopback: false,
  });
  closing.push(() => office.close());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

async function phone(number: string, password: string, registers = true): Promise<TestPhone> {
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
  if (registers) {
    const register = one.register();
    await until('the registration', () => register.statuses.includes(200));
  }
  return one;
}

const why = (about: string): Promise<WhyAnswer> => office.handle.admin.call('why', { about });

/** The keys of what is said of a call to `uri` that fails. */
async function called(uri: string): Promise<{ key: string; text: string }> {
  const caller = await phone('1001', 'one');
  const call = caller.send('INVITE', uri, uri, [['Contact', caller.contact]]);
  await until('the failure', () => call.statuses.some((status) => status >= 300), 15_000);
  const { reasons } = await why(call.last.callId);
  return { key: reasons[0]?.key ?? '', text: reasons[0]?.text ?? '' };
}

async function tandem(...argv: string[]): Promise<string> {
  let [out, err] = ['', ''];
  const code = await runCli([...argv, '--data', office.dataDir], {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    stdin: (async function* () {})(),
    defaultDataDir: office.dataDir,
    startExchange: () => Promise.reject(new Error('not asked')),
    asked: () => new Promise(() => undefined),
  });
  expect(code, err).toBe(0);
  return out;
}

describe('a user who cannot be reached', () => {
  test('was never there, was there, and is there again', async () => {
    expect((await why('1002')).reasons[0]?.text).toMatch(
      /^1002 is known but none of its phones is registered, and none was since the exchange was started at \d\d:\d\d\.$/,
    );
    const ben = await phone('1002', 'two');
    expect((await why('1002')).reasons.at(-1)?.text).toMatch(/^1002 is registered from 127\.0\.0\.1:\d+\.$/);
    const gone = ben.register(0);
    await until('the end of the registration', () => gone.statuses.includes(200));
    expect((await called('sip:1002@127.0.0.1')).text).toMatch(
      /^1002 is known but none of its phones is registered since \d\d:\d\d, when the last one at 127\.0\.0\.1:\d+ signed out or was given up\.$/,
    );
  });

  test('has a wrong password in the phone, until the address is banned', async () => {
    const guesser = await phone('1002', 'wrong', false);
    for (let tries = 1; tries <= 3; tries++) {
      const register = guesser.register();
      await until('the refusal', () => register.statuses.includes(401));
    }
    const { reasons, kind } = await why('1002');
    expect(kind).toBe('user');
    const wrong = reasons.find(({ key }) => key === 'password.wrong');
    expect(wrong?.text).toBe('The password for 1002 was wrong 3 times from 127.0.0.1.');
    expect(wrong?.messages).toHaveLength(3);
    await office.handle.admin.call('bans.add', { address: '127.0.0.1', seconds: 600 });
    const said = await tandem('why', '127.0.0.1');
    expect(said).toMatch(/127\.0\.0\.1 is banned until \d\d:\d\d.* because of banned by hand/);
    expect(said).toMatch(
      /The password for 1002 was wrong 3 times from 127\.0\.0\.1; that address is banned until \d\d:\d\d\./,
    );
  });
});

describe('a call', () => {
  test('to a number that nobody has names those near it', async () => {
    expect(await called('sip:1020@127.0.0.1')).toEqual({
      key: 'number.unknown',
      text: '1001 called 1020, and nobody in 127.0.0.1 has that number; 1002 is near it.',
    });
  });

  test('to a port where nothing listens', async () => {
    const port = await freePort();
    expect(await called(`sip:x@127.0.0.1:${port};transport=tcp`)).toEqual({
      key: 'connection.refused',
      text: `The other side at 127.0.0.1:${port} refused the connection: nothing listens on that port.`,
    });
  });

  test('to a name that cannot be found', async () => {
    expect((await called('sip:x@nowhere.invalid')).key).toBe('dns.unknown');
  });

  test('to a server that speaks no TLS', async () => {
    const server = createTcp((socket) => socket.end('hello\r\n')).listen(0, '127.0.0.1');
    closing.push(() => server.close());
    await until('the server', () => server.address() !== null);
    const { port } = server.address() as { port: number };
    expect((await called(`sip:x@127.0.0.1:${port};transport=tls`)).key).toBe('tls.failed');
  });

  test.each([
    ['tls.unknown-authority', ['127.0.0.1'], false],
    ['tls.wrong-name', ['sip.other.example'], true],
    ['tls.expired', ['127.0.0.1'], true],
  ] as const)('to a server with a certificate that is no good: %s', async (key, names, isKnown) => {
    const authority = await makeAuthority();
    const ends = key === 'tls.expired' ? { ends: new Date(Date.now() - 3_600_000) } : {};
    const { cert, key: secret } = await makeCertificate({ by: authority, names: [...names], ...ends });
    const server = createServer({ cert, key: secret }).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    closing.push(() => server.close());
    await until('the server', () => server.address() !== null);
    const { port } = server.address() as { port: number };
    if (isKnown) await believe(authority.cert);
    expect((await called(`sip:x@127.0.0.1:${port};transport=tls`)).key).toBe(key);
  });

  test('that a phone turned away, at the command line in a few lines and as JSON', async () => {
    const ben = await phone('1002', 'two');
    const ada = await phone('1001', 'one');
    const call = ada.call('1002');
    await until('the call', () => ben.incoming.length > 0);
    ben.incoming[0]?.respond(603, { headers: [['User-Agent', 'Desk\x1b[31m 2']] });
    await until('the answer', () => call.statuses.includes(603));
    const { callId } = call.last;
    const said = await tandem('why', callId, '--messages');
    expect(said).toMatch(
      /^\d\d:\d\d:\d\d {2}The phone of 1002 \(Desk \[31m 2\) at 127\.0\.0\.1:\d+ turned the call away\.\n {10}Somebody pressed "decline".*\n {10}Messages #\d+ #\d+\n$/,
    );
    const answer = JSON.parse(await tandem('why', callId, '--json'));
    expect(answer).toMatchObject({ kind: 'call', subject: callId, reasons: [{ key: 'phone.declined', callId }] });
  });
});

test('a call whose messages are gone is told from its record', async () => {
  await called('sip:1002@127.0.0.1');
  const [call] = await office.handle.admin.call('trace.list', { user: '1002' });
  const callId = call?.callId ?? '';
  expect((await why(callId)).reasons[0]?.key).toBe('user.not-registered');
  // The trace is in memory only.
  await office.stop();
  await office.start();
  const text =
    /^1001 called 1002 at \d\d:\d\d, and no phone of 1002 was registered; the messages of that call are not kept any more\.$/;
  expect((await why(callId)).reasons[0]).toMatchObject({
    key: 'record.unavailable',
    text: expect.stringMatching(text),
  });
  const { reasons } = await why('1002');
  expect(reasons.map(({ key }) => key)).toEqual(['user.not-registered', 'record.unavailable']);
});

test('what is nowhere is said to be so', async () => {
  await expect(why('nobody-knows@nowhere')).rejects.toThrow(
    'Nothing is kept of the call nobody-knows@nowhere: "tandem trace list" shows what is.',
  );
  await expect(office.handle.admin.call('why', {})).rejects.toThrow('Say what to ask about');
});

/** Opens the office anew, with one more authority that it believes. */
async function believe(ca: string): Promise<void> {
  const { writeFileSync } = await import('node:fs');
  const path = join(dir, 'ca.pem');
  writeFileSync(path, ca);
  await office.close();
  office = await TestOffice.open({
    users: { 1001: 'one' },
    listen: [`udp://127.0.0.1:${await freePort()}`, 'tls://127.0.0.1:0'],
    tls: { ca: path },
  });
}
