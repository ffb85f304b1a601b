/** The exchange on real sockets and a real store. */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TimerWheel } from '../../../../proxy-core/node/clock.ts';
import { randomHex } from '../../../../proxy-core/node/random.ts';
import { startExchange } from '../../../../proxy-core/node/start.ts';
import { StartError } from '../../../../proxy-core/node/start-options.ts';
import { NodeTransport } from '../../../../proxy-core/node/transport/node-transport.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { LateSink } from '../../../../proxy-core/sip/transaction/stack.ts';
import type { TransportName } from '../../../../proxy-core/sip/transport/port.ts';
import { TestOffice } from '../../../support/exchange.ts';
import { freePort } from '../../../support/ports.ts';
import { TestPhone } from '../../../support/sip-phone.ts';
import { until } from '../../../support/until.ts';
import { readReginfo } from '../../../support/watching.ts';

let office: TestOffice;
const open: NodeTransport[] = [];

beforeEach(async () => {
  office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' } });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
  await office.close();
});

async function phone(
  number: string,
  password: string,
  transport: TransportName = 'UDP',
  host = '127.0.0.1',
): Promise<TestPhone> {
  const late = new LateSink();
  const inUri = host.includes(':') ? `[${host}]` : host;
  const listeners = [`udp://${inUri}:0`, ...(transport === 'TCP' ? [`tcp://${inUri}:0`] : [])].reverse();
  const sockets = await NodeTransport.listen({ listeners, sink: late });
  open.push(sockets);
  return new TestPhone({
    ...{ clock: new TimerWheel(), random: randomHex, number, password, domain: `${inUri}:${office.port}` },
    address: (sockets.listeners[0] ?? '').replace(/^\w+:\/\//, ''),
    server: { transport, host, port: office.port },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
}

async function registered(
  number: string,
  password: string,
  transport?: TransportName,
  host?: string,
): Promise<TestPhone> {
  const one = await phone(number, password, transport, host);
  const register = one.register();
  await until('the registration', () => register.responses.length > 0);
  expect(register.statuses).toEqual([200]);
  return one;
}

async function call(from: TestPhone, to: TestPhone): Promise<void> {
  const outgoing = from.call(to.options.number);
  await until('the phone to ring', () => to.incoming.length > 0);
  to.incoming[0]?.respond(200);
  await until('the answer', () => outgoing.statuses.includes(200));
  outgoing.ack();
  await until('the ACK', () => to.acks.length > 0);
  outgoing.bye();
  await until('the BYE', () => to.heard('BYE') > 0);
}

/** Sends bytes as they are and gives what comes back on the same socket. */
async function options(): Promise<string> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.send(
    `OPTIONS sip:127.0.0.1:${office.port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${randomHex(6)}\r\n` +
      `From: <sip:a@b.example>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: ${randomHex(6)}\r\nCSeq: 1 OPTIONS\r\n\r\n`,
    office.port,
    '127.0.0.1',
  );
  const [answer] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  return answer.toString('latin1');
}

describe('phones', () => {
  test.each([
    ['UDP', 'UDP'],
    ['TCP', 'UDP'],
    ['UDP', 'TCP'],
    ['TCP', 'TCP'],
  ] as const)('a call from %s to %s', async (from, to) => {
    await call(await registered('1001', 'one', from), await registered('1002', 'two', to));
  });

  test('a restart keeps bindings, passwords and dialogs', async () => {
    const anna = await registered('1001', 'one');
    const ben = await registered('1002', 'two');
    const outgoing = anna.call('1002');
    await until('the phone to ring', () => ben.incoming.length > 0);
    ben.incoming[0]?.respond(200);
    await until('the answer', () => outgoing.statuses.includes(200));
    outgoing.ack();
    await until('the ACK', () => ben.acks.length > 0);
    await office.stop();
    await office.start();
    outgoing.bye();
    await until('the BYE', () => ben.heard('BYE') > 0);
    const again = anna.call('1002');
    await until('the phone to ring again', () => ben.incoming.length > 1);
    ben.incoming[1]?.respond(486);
    await until('the refusal', () => again.statuses.includes(486));
  });

  test('a user that is added while it runs can register at once, and one that is removed cannot', async () => {
    await office.handle.admin.call('users.add', { number: '1003', password: 'three' });
    const carla = await registered('1003', 'three');
    await office.handle.admin.call('users.remove', { number: '1003' });
    const again = carla.register();
    await until('the refusal', () => again.responses.length > 0);
    expect(again.statuses).toEqual([401]);
  });

  test('an endless contact is refused', async () => {
    const anna = await phone('1001', 'one');
    const register = anna.register(600, `<sip:${'x'.repeat(1025)}@127.0.0.1>`);
    await until('an answer', () => register.responses.length > 0);
    expect(register.statuses).toEqual([400]);
  });
});

describe('over IPv6', () => {
  beforeEach(async () => {
    await office.close();
    const port = await freePort();
    const listen = ['127.0.0.1', '[::1]'].flatMap((host) => [`udp://${host}:${port}`, `tcp://${host}:${port}`]);
    office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' }, domains: [], listen });
  });

  test.each([
    ['UDP', 'UDP', '::1'],
    ['TCP', 'TCP', '::1'],
    ['UDP', 'TCP', '::1'],
    ['UDP', 'UDP', '127.0.0.1'],
    ['TCP', 'UDP', '127.0.0.1'],
  ] as const)('a call from %s on ::1 to %s on %s', async (from, to, host) => {
    await call(await registered('1001', 'one', from, '::1'), await registered('1002', 'two', to, host));
  });
});

describe('bytes that are no message', () => {
  const hostile: [what: string, bytes: Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(500)],
    ['high bytes', Buffer.alloc(1400, 0xff)],
    ['a line without an end', Buffer.from(`INVITE ${'a'.repeat(60_000)}`)],
    ['headers only', Buffer.from('INVITE sip:1001@127.0.0.1 SIP/2.0\r\n\r\n')],
    ['a response to nothing', Buffer.from('SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\n\r\n')],
    [
      'a body that is shorter than it says',
      Buffer.from('INVITE sip:1@127.0.0.1 SIP/2.0\r\nContent-Length: 9999999\r\n\r\n'),
    ],
    ['a STUN request', Buffer.from('000100002112a442000102030405060708090a0b', 'hex')],
  ];

  test.each(hostile)('%s, in a datagram', async (_what, bytes) => {
    const socket = createSocket('udp4');
    await new Promise<void>((sent) => socket.send(bytes, office.port, '127.0.0.1', () => sent()));
    socket.close();
    expect(await options()).toMatch(/^SIP\/2\.0 200 /);
  });

  test.each([
    ...hostile,
    ['more than 64 KiB', Buffer.from(`INVITE sip:1@127.0.0.1 SIP/2.0\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`)] as const,
  ])('%s, on a connection that is torn', async (_what, bytes) => {
    const socket = connect(office.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    await new Promise<void>((sent) => socket.write(bytes, () => sent()));
    socket.resetAndDestroy();
    expect(await options()).toMatch(/^SIP\/2\.0 200 /);
  });
});

describe('starting', () => {
  const start = (listen: string[], dataDir = office.dataDir) =>
    startExchange({ dataDir, listen, domains: [], mode: 'proxy', log: { info() {}, warn() {}, error() {} } as never });

  test('a port in use is named in one sentence', async () => {
    const other = await TestOffice.open();
    const taken = `udp://127.0.0.1:${other.port}`;
    await office.stop();
    const error: unknown = await start([taken]).catch((fault: unknown) => fault);
    await other.close();
    expect(error).toBeInstanceOf(StartError);
    expect((error as Error).message).toMatch(new RegExp(`^Port ${taken.split(':')[2]} .*\\.$`));
    // The store was let go of.
    await office.start();
  });

  test('data in use is named in one sentence', async () => {
    const error: unknown = await start(['udp://127.0.0.1:0']).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(StartError);
    expect((error as Error).message).toMatch(/\.$/);
  });

  test('an office without a domain answers to its address', async () => {
    const unnamed = await TestOffice.open({ domains: [], users: { 2001: 'two-thousand' } });
    const was = office;
    office = unnamed;
    await registered('2001', 'two-thousand');
    office = was;
    await unnamed.close();
  });

  test('the next free port is taken where none was asked for', async () => {
    const log = { info() {}, warn() {}, error() {} } as never;
    const options = { domains: [], listen: [], mode: 'proxy', loopback: true, log } as const;
    const first = await startExchange({ ...options, dataDir: `${office.dataDir}/first` });
    const second = await startExchange({ ...options, dataDir: `${office.dataDir}/second` });
    const port = (listeners: readonly string[]): number => Number(/:(\d+)$/.exec(listeners[0] ?? '')?.[1]);
    expect(port(second.listeners)).toBeGreaterThan(port(first.listeners));
    expect([...first.listeners, ...second.listeners].every((one) => one.includes('//127.0.0.1:'))).toBe(true);
    await Promise.all([first.close(), second.close()]);
  });

  test('closing waits for what is under way and is quick otherwise', async () => {
    const since = Date.now();
    await office.stop();
    expect(Date.now() - since).toBeLessThan(1_500);
  });
});

describe('what changes while it runs', () => {
  const told = (watcher: TestPhone) =>
    watcher.requests.filter(({ method }) => method === 'NOTIFY').map(({ body }) => readReginfo(body));

  test('a device that is revoked is signed out at once, cannot come back, and its user is told', async () => {
    const { admin } = office.handle;
    await admin.call('devices.add', { number: '1001', label: 'mobile', password: 'mobile' });
    const desk = await registered('1001', 'one');
    const mobile = await registered('1001', 'mobile');
    const asked = desk.send('SUBSCRIBE', desk.aor, desk.aor, [
      [H.Event, 'reg'],
      [H.Contact, desk.contact],
    ]);
    await until('the whole state', () => told(desk).length > 0);
    expect(asked.statuses).toEqual([200]);
    expect(told(desk)[0]?.contacts).toHaveLength(2);

    await admin.call('devices.remove', { number: '1001', label: 'mobile' });
    const again = mobile.register();
    await until('the answer', () => again.responses.length > 0);
    expect(again.statuses).toEqual([401]);
    expect(await admin.call('location.show', { number: '1001' })).toMatchObject([{ device: '' }]);
    await until('the news', () => told(desk).length > 1);
    expect(told(desk)[1]?.contacts).toEqual([`deactivated sip:1001@${mobile.options.address}`]);
  });

  test('an alias rings at once, and a user who is removed is told so', async () => {
    const { admin } = office.handle;
    const [caller, callee] = [await registered('1001', 'one'), await registered('1002', 'two')];
    await admin.call('aliases.add', { number: '1002', alias: '900' });
    const outgoing = caller.call('900');
    await until('the phone to ring', () => callee.incoming.length > 0);
    callee.incoming[0]?.respond(486);
    await until('the answer', () => outgoing.statuses.includes(486));

    callee.send('SUBSCRIBE', callee.aor, callee.aor, [
      [H.Event, 'reg'],
      [H.Contact, callee.contact],
    ]);
    await until('the whole state', () => told(callee).length > 0);
    await admin.call('users.remove', { number: '1002' });
    await until('the end', () => told(callee).length > 1);
    expect(callee.requests.at(-1)?.header(H.SubscriptionState)).toBe('terminated;reason=noresource');
  });
});
