/** The capture that the exchange writes of what it heard and said, read by tshark. */
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { TimerWheel } from '../../proxy-core/node/clock.ts';
import { randomHex } from '../../proxy-core/node/random.ts';
import { NodeTransport } from '../../proxy-core/node/transport/node-transport.ts';
import { LateSink } from '../../proxy-core/sip/transaction/stack.ts';
import { TestOffice } from '../support/exchange.ts';
import { freePort } from '../support/ports.ts';
import { TestPhone } from '../support/sip-phone.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const LONG = 'x'.repeat(4_000);

let office: TestOffice;
let dir: string;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-capture-'));
  const port = await freePort();
  office = await TestOffice.open({
    users: { 1001: 'one', 1002: 'two' },
    listen: [
      `udp://127.0.0.1:${port}`,
      `tcp://127.0.0.1:${port}`,
      'tls://127.0.0.1:0',
      'ws://127.0.0.1:0',
      'udp://[::1]:0',
    ],
  });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await office.close();
  rmSync(dir, { recursive: true, force: true });
});

const portOf = (name: string): number =>
  Number(/:(\d+)$/.exec(office.handle.listeners.find((one) => one.startsWith(name)) ?? '')?.[1]);

async function phone(number: string, password: string, transport: 'UDP' | 'TCP'): Promise<TestPhone> {
  const late = new LateSink();
  const port = await freePort();
  const name = transport.toLowerCase();
  const sockets = await NodeTransport.listen({ listeners: [`${name}://127.0.0.1:${port}`], sink: late });
  closing.push(() => sockets.close());
  const one = new TestPhone({
    ...{ clock: new TimerWheel(), random: randomHex, number, password, domain: '127.0.0.1', outbound: true },
    address: `127.0.0.1:${port}`,
    server: { transport, host: '127.0.0.1', port: portOf(name) },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
  const register = one.register();
  await until('the registration', () => register.statuses.includes(200));
  return one;
}

const options = (transport: string, host: string, more = ''): string =>
  `OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/${transport} ${host};rport;branch=z9hG4bK${transport}\r\n` +
  `From: <sip:a@b.example>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: options-${transport}-${host}\r\nCSeq: 1 OPTIONS\r\n` +
  `Max-Forwards: 70\r\n${more}Content-Length: 0\r\n\r\n`;

/** One OPTIONS over each way that needs no phone. */
async function askEverywhere(): Promise<void> {
  const tls = connect({ port: portOf('tls'), host: '127.0.0.1', rejectUnauthorized: false });
  const ws = new WebSocket(`ws://127.0.0.1:${portOf('ws')}`, 'sip');
  const six = createSocket('udp6');
  closing.push(
    () => tls.destroy(),
    () => ws.terminate(),
    () => six.close(),
  );
  let answers = 0;
  for (const [event, socket] of [
    ['data', tls],
    ['message', ws],
    ['message', six],
  ] as const) {
    (socket as NodeJS.EventEmitter).on(event, () => answers++);
  }
  tls.write(options('TLS', '127.0.0.1', `X-Long: ${LONG}\r\n`));
  ws.on('open', () => ws.send(options('WS', 'client.invalid')));
  six.send(options('UDP', '[::1]'), portOf('udp://[::1]'), '::1');
  await until('three answers', () => answers === 3);
}

async function call(): Promise<string> {
  const anna = await phone('1001', 'one', 'UDP');
  const ben = await phone('1002', 'two', 'TCP');
  const outgoing = anna.call('1002');
  await until('the call', () => ben.incoming.length > 0);
  ben.incoming[0]?.respond(180);
  ben.incoming[0]?.respond(200);
  await until('the answer', () => outgoing.statuses.includes(200));
  outgoing.ack();
  await until('the ACK', () => ben.acks.length > 0);
  outgoing.bye();
  await until('the end', () => ben.heard('BYE') > 0 && outgoing.statuses.filter((status) => status === 200).length > 1);
  return outgoing.last.callId;
}

async function capture(asked: { callId?: string } = {}): Promise<string> {
  const { file } = await office.handle.admin.call('trace.pcap', asked);
  const path = join(dir, 'trace.pcapng');
  writeFileSync(path, Buffer.from(file, 'base64'));
  return path;
}

const CHECKS = ['ip', 'udp', 'tcp'].flatMap((name) => ['-o', `${name}.check_checksum:TRUE`]);

/** Rows of fields, empty ones where a packet has no such field. */
async function tshark(path: string, filter: string, ...fields: string[]): Promise<string[][]> {
  const shown = fields.flatMap((field) => ['-e', field]);
  const args = ['-n', '-r', path, ...CHECKS, '-Y', filter, '-T', 'fields', '-E', 'separator=;', ...shown];
  const { stdout } = await run('tshark', args);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(';'));
}

test('tshark reads a call over UDP and TCP, and what came by TLS, WebSocket and IPv6, and finds nothing wrong', async () => {
  const callId = await call();
  await askEverywhere();
  const path = await capture();

  expect(await tshark(path, `sip.Call-ID == "${callId}"`, 'sip.Method', 'sip.Status-Code', 'tcp.stream')).toEqual([
    ['INVITE', '', ''],
    ['', '407', ''],
    ['ACK', '', ''],
    ['INVITE', '', ''],
    ['', '100', ''],
    ['INVITE', '', '0'],
    ['', '180', '0'],
    ['', '180', ''],
    ['', '200', '0'],
    ['', '200', ''],
    ['ACK', '', ''],
    // The phone's Contact leads to a connection of its own.
    ['ACK', '', '1'],
    ['BYE', '', ''],
    ['BYE', '', '1'],
    ['', '200', '1'],
    ['', '200', ''],
  ]);
  const asked = await tshark(path, 'sip.Method == "OPTIONS"', 'sip.Call-ID', 'ipv6.src', 'frame.comment');
  expect(asked.map(([id, six, comment]) => [id, six, /came over \w+/.exec(comment ?? '')?.[0]])).toEqual(
    expect.arrayContaining([
      ['options-TLS-127.0.0.1', '', 'came over TLS'],
      ['options-WS-client.invalid', '', 'came over WS'],
      ['options-UDP-[::1]', '::1', undefined],
    ]),
  );
  expect(await tshark(path, 'sip.Status-Code == 200 && sip.CSeq.method == "OPTIONS"', 'sip.Call-ID')).toHaveLength(3);

  // 1 is "good"; 2 and 3 would be unverified and absent.
  for (const layer of ['ip', 'udp', 'tcp']) {
    const states = new Set((await tshark(path, layer, `${layer}.checksum.status`)).flat());
    expect([...states], layer).toEqual(['1']);
  }
  expect(
    await tshark(path, 'tcp.analysis.flags || _ws.malformed || tcp.analysis.lost_segment', 'frame.number'),
  ).toEqual([]);
  expect(await tshark(path, '!sip && !(tcp.len == 0) && !tcp.segment_data', 'frame.number')).toEqual([]);
});

test('one call alone is what tshark follows, without a secret', async () => {
  const callId = await call();
  await askEverywhere();
  const path = await capture({ callId });
  expect(new Set((await tshark(path, 'sip', 'sip.Call-ID')).flat())).toEqual(new Set([callId]));
  const { stdout } = await run('tshark', ['-n', '-r', path, '-q', '-z', 'follow,tcp,ascii,0']);
  expect(stdout).toMatch(/INVITE sip:1002@[\s\S]*SIP\/2\.0 180 Ringing[\s\S]*SIP\/2\.0 200 OK/);
  const said = await tshark(path, 'sip.auth.digest.response', 'sip.auth.username', 'sip.auth.digest.response');
  expect(said).toEqual([['"1001"', expect.stringMatching(/^"?\*+"?$/)]]);
});
