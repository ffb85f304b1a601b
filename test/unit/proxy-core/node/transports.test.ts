/** The exchange whole, with phones on every transport, behind addresses that it only advertises, and behind a balancer. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TimerWheel } from '../../../../proxy-core/node/clock.ts';
import { randomHex } from '../../../../proxy-core/node/random.ts';
import { NodeTransport } from '../../../../proxy-core/node/transport/node-transport.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { LateSink } from '../../../../proxy-core/sip/transaction/stack.ts';
import type { TransportName } from '../../../../proxy-core/sip/transport/port.ts';
import { makeAuthority, makeCertificate, type Pem } from '../../../support/certificates.ts';
import { TestOffice, type TestOfficeOptions } from '../../../support/exchange.ts';
import { TestPhone } from '../../../support/sip-phone.ts';
import { until } from '../../../support/until.ts';
import { openWebSocket } from '../../../support/web-socket-port.ts';
import { fakeTls } from './transport/opened.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let ca: Pem;
let server: Pem;
beforeAll(async () => {
  ca = await makeAuthority();
  server = await makeCertificate({ by: ca, names: ['127.0.0.1', '::1'] });
});

async function openOffice(options: TestOfficeOptions): Promise<TestOffice> {
  const office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' }, ...options });
  closers.push(() => office.close());
  return office;
}

const EVERY = ['udp', 'tcp', 'tls', 'ws', 'wss'].map((scheme) => `${scheme}://127.0.0.1:0`);

/** An office with the certificate that the phones believe. */
async function certified(listen: readonly string[], more: TestOfficeOptions = {}): Promise<TestOffice> {
  const dir = mkdtempSync(join(tmpdir(), 'tandem-certificate-'));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  const tls = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  writeFileSync(tls.cert, server.cert);
  writeFileSync(tls.key, server.key);
  return openOffice({ listen, tls, ...more });
}

async function phone(
  office: TestOffice,
  number: string,
  transport: TransportName,
  trust = ca.cert,
): Promise<TestPhone> {
  const listener = office.handle.listeners.find((name) => name.startsWith(`${transport.toLowerCase()}:`)) ?? '';
  const url = new URL(listener.replace(/^\w+:/, 'http:'));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const shared = {
    ...{ clock: new TimerWheel(), random: randomHex, number, password: number === '1001' ? 'one' : 'two' },
    ...{ domain: '127.0.0.1', outbound: true },
  };
  if (transport === 'WS' || transport === 'WSS') {
    const port = await openWebSocket(listener, trust);
    closers.push(() => port.close());
    const join = (sink: LateSink) => {
      port.connect(sink);
      return port;
    };
    return new TestPhone({ ...shared, join, address: port.address, server: port.server });
  }
  const late = new LateSink();
  const bound = host.includes(':') ? '[::1]' : '127.0.0.1';
  const listeners = [`${transport.toLowerCase()}://${bound}:0`];
  const tls = fakeTls({ ...server, ca: trust });
  const sockets = await NodeTransport.listen({ listeners, sink: late, tls });
  closers.push(() => sockets.close());
  return new TestPhone({
    ...shared,
    address: (sockets.listeners[0] ?? '').replace(/^\w+:\/\//, ''),
    server: { transport, host, port: Number(url.port) },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
}

async function registered(office: TestOffice, number: string, transport: TransportName): Promise<TestPhone> {
  const one = await phone(office, number, transport);
  const register = one.register();
  await until('the registration', () => register.responses.length > 0);
  expect(register.statuses).toEqual([200]);
  return one;
}

/** A call with a BYE from each side in turn; gives what the called one saw of the way. */
async function call(from: TestPhone, to: TestPhone): Promise<{ routes: string[]; via: string }> {
  let first: { routes: string[]; via: string } | undefined;
  for (const ender of ['caller', 'called']) {
    const [acks, byes, calls] = [to.acks.length, to.heard('BYE') + from.heard('BYE'), to.incoming.length];
    const outgoing = from.call(to.options.number);
    const incoming = await until('the phone to ring', () => to.incoming[calls] ?? outgoing.fault);
    if (typeof incoming === 'string') throw new Error(incoming);
    incoming.respond(200);
    await until('the answer', () => outgoing.statuses.includes(200));
    outgoing.ack();
    await until('the ACK', () => to.acks.length > acks);
    if (ender === 'caller') outgoing.bye();
    else incoming.bye();
    await until('the BYE', () => to.heard('BYE') + from.heard('BYE') > byes);
    const { request } = incoming.transaction;
    first ??= { routes: request.list(H.RecordRoute), via: request.via.toString() };
  }
  if (first === undefined) throw new Error('no call');
  return first;
}

describe('a call', () => {
  test.each([
    ['UDP', 'TLS'],
    ['TLS', 'UDP'],
    ['TCP', 'WS'],
    ['WS', 'WSS'],
    ['WSS', 'TLS'],
    ['TLS', 'TLS'],
    ['WS', 'UDP'],
  ] as const)('from %s to %s', async (from, to) => {
    const office = await certified(EVERY);
    const [anna, ben] = [await registered(office, '1001', from), await registered(office, '1002', to)];
    const { via, routes } = await call(anna, ben);
    expect(via).toContain(`SIP/2.0/${to} 127.0.0.1:`);
    // Each side comes back on its own transport (RFC 5658).
    expect(routes).toHaveLength(from === to ? 1 : 2);
  });

  test('over IPv6, from TLS to a WebSocket', async () => {
    const office = await certified(['tls://[::1]:0', 'wss://[::1]:0', 'udp://127.0.0.1:0']);
    const [anna, ben] = [await registered(office, '1001', 'TLS'), await registered(office, '1002', 'WSS')];
    expect((await call(anna, ben)).via).toContain('SIP/2.0/WSS [::1]:');
  });

  test('to a page that is closed fails at once', async () => {
    const office = await certified(EVERY);
    const [anna, ben] = [await registered(office, '1001', 'UDP'), await registered(office, '1002', 'WS')];
    (ben.options.join(new LateSink()) as unknown as { close(): void }).close();
    const since = Date.now();
    const outgoing = anna.call('1002');
    await until('the answer', () => outgoing.statuses.some((status) => status >= 300));
    expect(outgoing.statuses.at(-1)).toBe(480);
    expect(Date.now() - since).toBeLessThan(5_000);
  });
});

describe('what is advertised', () => {
  test('stands in Via and Record-Route, and comes back as our own', async () => {
    const office = await openOffice({
      listen: ['udp://127.0.0.1:0;advertise=sip.example.org:5099', 'tcp://127.0.0.1:0;advertise=192.0.2.1'],
    });
    const [anna, ben] = [await registered(office, '1001', 'UDP'), await registered(office, '1002', 'TCP')];
    const { via, routes } = await call(anna, ben);
    const tcp = Number(office.handle.listeners[1]?.split(':')[2]);
    expect(via).toContain(`SIP/2.0/TCP 192.0.2.1:${tcp};`);
    expect(routes.map((route) => route.replace(/;lr.*/, ''))).toEqual([
      `<sip:192.0.2.1:${tcp};transport=tcp`,
      '<sip:sip.example.org:5099',
    ]);
    // Whom it names as a domain is a user of ours as well.
    const outgoing = anna.call('sip:1002@sip.example.org:5099');
    await until('the phone to ring', () => ben.incoming.length === 3);
    outgoing.cancel();
    await until('the end', () => outgoing.statuses.includes(487));
  });
});

describe('certificates', () => {
  test('are made at the first start, for the domains and addresses of the office, and kept', async () => {
    const office = await openOffice({
      listen: ['tls://127.0.0.1:0;advertise=sip.example.org'],
      domains: ['office.example'],
    });
    const made = readFileSync(join(office.dataDir, 'tls-cert.pem'), 'utf8');
    const certificate = new X509Certificate(made);
    for (const name of ['office.example', 'sip.example.org', 'localhost'])
      expect(certificate.checkHost(name)).toBe(name);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(office.log.join()).toContain('A certificate was made for office.example, sip.example.org');
    await office.stop();
    await office.start();
    expect(readFileSync(join(office.dataDir, 'tls-cert.pem'), 'utf8')).toBe(made);
    // Whoever was told to trust it can register; whoever was not is not served.
    const wary = await phone(office, '1001', 'TLS');
    const refused = wary.register();
    await until('the failure', () => refused.fault);
    expect(refused.responses).toEqual([]);
    const trusting = await phone(office, '1001', 'TLS', made);
    const register = trusting.register();
    await until('the answer', () => register.responses.length > 0);
  });

  test('that are replaced are shown from then on, while phones stay registered', async () => {
    const office = await certified(EVERY);
    const [anna, ben] = [await registered(office, '1001', 'TLS'), await registered(office, '1002', 'WSS')];
    const other = await makeAuthority();
    const next = await makeCertificate({ by: other, names: ['127.0.0.1'] });
    const { cert = '', key = '' } = office.tls ?? {};
    writeFileSync(key, 'half a file');
    await until('the word about it', () => office.log.some((line) => line.includes('stays in use')));
    writeFileSync(cert, next.cert);
    writeFileSync(key, next.key);
    await until('the change', () => office.log.some((line) => line.includes('A new certificate is in use')));
    await call(anna, ben);
    const trusting = await phone(office, '1001', 'TLS', other.cert);
    const register = trusting.register();
    await until('the registration', () => register.statuses.includes(200));
  });

  test.each<[string, TestOfficeOptions, RegExp]>([
    [
      'no such file',
      { tls: { cert: '/nowhere/a.pem', key: '/nowhere/b.pem' } },
      /^There is no file \/nowhere\/[ab]\.pem\.$/,
    ],
    ['half of them', { tls: { cert: '/nowhere/a.pem' } }, /^A certificate and its key belong together/],
    [
      'for nobody',
      { tls: { ca: '/nowhere/a.pem' }, listen: ['udp://127.0.0.1:0'] },
      /^Certificates were given, but nothing/,
    ],
    ['no range', { proxyFrom: ['office'] }, /^"office" is no network/],
  ])('and the like that cannot be used are told in one sentence: %s', async (_name, options, sentence) => {
    const error: unknown = await openOffice({ listen: ['tls://127.0.0.1:0'], ...options }).catch(
      (fault: unknown) => fault,
    );
    expect((error as Error).name).toBe('StartError');
    expect((error as Error).message).toMatch(sentence);
  });
});

test('a phone behind a load balancer is registered under its own address', async () => {
  const office = await openOffice({ listen: ['tcp://127.0.0.1:0'], proxyFrom: ['127.0.0.0/8'] });
  const socket = connect(office.port, '127.0.0.1');
  closers.push(() => socket.destroy());
  let said = '';
  socket.on('data', (data) => {
    said += data.toString('latin1');
  });
  socket.write(
    'PROXY TCP4 192.0.2.7 198.51.100.1 50000 5060\r\n' +
      'OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.1;rport;branch=z9hG4bK1\r\nFrom: <sip:a@b.example>;tag=1\r\n' +
      'To: <sip:127.0.0.1>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n',
  );
  await until('the answer', () => said.includes('\r\n\r\n'));
  expect(said).toContain('received=192.0.2.7');
  expect(said).toContain('rport=50000');
});

/** Says one word as a scanner does, over TCP, and waits for the end. */
function scan({ port }: TestOffice, header = ''): Promise<void> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `${header}OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 10.9.9.9;branch=z9hG4bKs\r\nFrom: <sip:a@b>;tag=a\r\n` +
          'To: <sip:127.0.0.1>\r\nCall-ID: s\r\nCSeq: 1 OPTIONS\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n',
      );
    });
    socket.on('data', () => socket.end());
    socket.on('error', () => done());
    socket.on('close', () => done());
  });
}

test('a ban is for the phone behind a load balancer, never for the balancer', async () => {
  const office = await openOffice({
    ...{ listen: ['tcp://127.0.0.1:0'], proxyFrom: ['127.0.0.0/8'], trustLoopback: false },
    guard: { slowAt: 1, banAt: 2 },
  });
  await scan(office, 'PROXY UNKNOWN\r\n');
  await scan(office, 'PROXY TCP4 192.0.2.7 198.51.100.1 50000 5060\r\n');
  const { items } = await office.handle.admin.call('bans.list', {});
  expect(items.map(({ address }) => address)).toEqual(['192.0.2.7']);
});

test('a registered phone is not shut out by what another forges, also after a restart', async () => {
  const office = await openOffice({
    ...{ listen: ['tcp://127.0.0.1:0'], trustLoopback: false },
    guard: { slowAt: 1, banAt: 2 },
  });
  await registered(office, '1001', 'TCP');
  await office.stop();
  await office.start();
  await scan(office);
  await scan(office);
  expect((await office.handle.admin.call('bans.list', {})).items).toEqual([]);
});
