/** Every failure that the proxy itself tells, every one that it passes on, and hanging up: with sipp at both ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TimerWheel } from '../../proxy-core/node/clock.ts';
import { randomHex } from '../../proxy-core/node/random.ts';
import { NodeTransport } from '../../proxy-core/node/transport/node-transport.ts';
import { LateSink } from '../../proxy-core/sip/transaction/stack.ts';
import { TestOffice } from '../support/exchange.ts';
import { freePort } from '../support/ports.ts';
import { TestPhone } from '../support/sip-phone.ts';
import { Sipp } from '../support/sipp.ts';
import { until } from '../support/until.ts';

let office: TestOffice;
let dir: string;
let files = 0;
const running: Sipp[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sipp-proxy-'));
  office = await TestOffice.open({ users: { 1001: 'pass-1001', 1002: 'pass-1002', 1003: 'pass-1003' } });
});
afterAll(async () => {
  for (const sipp of running) await sipp.close();
  await office.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A scenario of ours with its words filled in. */
function scenario(name: string, words: Readonly<Record<string, string>> = {}): string {
  let text = readFileSync(resolve(import.meta.dirname, 'sipp', `${name}.xml`), 'latin1');
  // An empty line would end the headers.
  if (words.HEADERS === '') text = text.replace(/^HEADERS\n/gm, '');
  for (const [word, value] of Object.entries(words)) text = text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), value);
  const file = join(dir, `${name}-${++files}.xml`);
  writeFileSync(file, text);
  return file;
}

function sipp(file: string, port: number, ...more: string[]): Sipp {
  const target = `127.0.0.1:${office.port}`;
  const started = Sipp.start(['-sf', file, '-i', '127.0.0.1', '-p', `${port}`, '-t', 'u1', '-m', '1', ...more, target]);
  running.push(started);
  return started;
}

async function goesWell(...all: Sipp[]): Promise<void> {
  for (const one of all) expect(await one.ended(), one.output).toBe(0);
}

/** Has the user's only phone be the sipp on this port. */
async function bind(number: string, port: number): Promise<void> {
  const { admin } = office.handle;
  await admin.call('location.remove', { number }).catch(() => undefined);
  const late = new LateSink();
  const sockets = await NodeTransport.listen({ listeners: ['udp://127.0.0.1:0'], sink: late });
  const phone = new TestPhone({
    ...{ clock: new TimerWheel(), random: randomHex, number, password: `pass-${number}`, domain: '127.0.0.1' },
    address: `127.0.0.1:${port}`,
    server: { transport: 'UDP', host: '127.0.0.1', port: office.port },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
  const register = phone.register();
  await until('the registration', () => register.responses.length > 0);
  expect(register.statuses).toEqual([200]);
  await sockets.close();
}

describe('the proxy refuses', () => {
  const ours = 'sip:1002@127.0.0.1';
  const cases: [what: string, method: string, uri: string, headers: string, status: number][] = [
    ['another scheme', 'INVITE', 'tel:+4912345', 'Max-Forwards: 70', 416],
    ['what may go no further', 'INVITE', ours, 'Max-Forwards: 0', 483],
    ['a malformed Max-Forwards', 'INVITE', ours, 'Max-Forwards: many', 400],
    ['an extension that it does not know', 'INVITE', ours, 'Max-Forwards: 70\nProxy-Require: foo', 420],
    ['too many branches', 'INVITE', ours, 'Max-Forwards: 70\nMax-Breadth: 0', 440],
    ['a malformed Route', 'INVITE', ours, 'Max-Forwards: 70\nRoute: <nonsense', 400],
    ['a number that nobody has', 'INVITE', 'sip:1999@127.0.0.1', 'Max-Forwards: 70', 404],
    ['a user who is not there', 'INVITE', 'sip:1003@127.0.0.1', 'Max-Forwards: 70', 480],
    ['to be a relay', 'INVITE', 'sip:ada@abroad.example', 'Max-Forwards: 70', 403],
    ['an unknown name of ours', 'INVITE', 'sip:127.0.0.1', 'Max-Forwards: 70', 404],
  ];
  test.each(cases)('%s', async (_what, METHOD, URI, HEADERS, status) => {
    await bind('1002', 9);
    const file = scenario('refused', { METHOD, URI, HEADERS, STATUS: `${status}` });
    await goesWell(sipp(file, await freePort()));
  });
});

describe('a phone refuses, and the caller is told', () => {
  const cases: [refused: number, headers: string, told: number][] = [
    ...[400, 404, 405, 415, 420, 481, 484, 486, 488, 491, 500, 501, 504, 513, 600, 603, 604, 606].map(
      (status): [number, string, number] => [status, '', status],
    ),
    // It would keep the caller away from all of us (RFC 3261 §16.7 step 6).
    [503, 'Retry-After: 10', 500],
    [401, 'WWW-Authenticate: Digest realm="phone", nonce="1"', 401],
    [407, 'Proxy-Authenticate: Digest realm="phone", nonce="1"', 407],
    // We are no relay for strangers, who may go there themselves.
    [302, 'Contact: <sip:ada@abroad.example>', 302],
    [302, 'Contact: <sip:1999@127.0.0.1>', 404],
    [302, 'Contact: <sip:1002@127.0.0.1>', 482],
    [380, 'Contact: <sip:1003@127.0.0.1>', 380],
  ];
  test.each(cases)('with %i %s: %i', async (refused, HEADERS, told) => {
    const port = await freePort();
    await bind('1002', port);
    const callee = sipp(scenario('refuse', { HEADERS, STATUS: `${refused}` }), port);
    const words = { METHOD: 'INVITE', URI: 'sip:1002@127.0.0.1', HEADERS: 'Max-Forwards: 70', STATUS: `${told}` };
    const file = scenario('refused', words);
    writeFileSync(
      file,
      readFileSync(file, 'latin1').replace('<recv response="100" optional="true"/>', '$&\n  <recv response="180"/>'),
    );
    await goesWell(sipp(file, await freePort()), callee);
  });
});

test('a redirection to a colleague rings there', async () => {
  const [one, two] = [await freePort(), await freePort()];
  await bind('1002', one);
  await bind('1001', two);
  const first = sipp(scenario('refuse', { STATUS: '302', HEADERS: 'Contact: <sip:1001@127.0.0.1>' }), one);
  const second = sipp(scenario('refuse', { STATUS: '486', HEADERS: '' }), two);
  const words = { METHOD: 'INVITE', URI: 'sip:1002@127.0.0.1', HEADERS: 'Max-Forwards: 70', STATUS: '486' };
  const file = scenario('refused', words);
  const ringing = '<recv response="180"/>';
  writeFileSync(
    file,
    readFileSync(file, 'latin1').replace('<recv response="100" optional="true"/>', `$&\n  ${ringing}\n  ${ringing}`),
  );
  await goesWell(sipp(file, await freePort()), first, second);
});

test('the caller hangs up: the phone is told with his reason and the branch of the INVITE, and both sides end', async () => {
  const port = await freePort();
  await bind('1002', port);
  const callee = sipp(scenario('hung-up-on'), port);
  const data = join(dir, 'number.csv');
  writeFileSync(data, 'SEQUENTIAL\n1002\n');
  await goesWell(sipp(scenario('hang-up'), await freePort(), '-inf', data), callee);
});
