/** TLS with programs that nobody here wrote: OpenSSL's client, baresip as a phone, Kamailio as another server. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TimerWheel } from '../../proxy-core/node/clock.ts';
import { randomHex } from '../../proxy-core/node/random.ts';
import { NodeTransport } from '../../proxy-core/node/transport/node-transport.ts';
import { LateSink } from '../../proxy-core/sip/transaction/stack.ts';
import { Baresip } from '../support/baresip.ts';
import { makeAuthority, makeCertificate, type Pem } from '../support/certificates.ts';
import { TestOffice, type TestOfficeOptions } from '../support/exchange.ts';
import { TlsKamailio } from '../support/kamailio-tls.ts';
import { freePort } from '../support/ports.ts';
import { TestPhone } from '../support/sip-phone.ts';
import { until } from '../support/until.ts';

let dir: string;
let ca: Pem;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-interop-'));
  ca = await makeAuthority();
  const { cert, key } = await makeCertificate({ by: ca, names: ['127.0.0.1', 'localhost'] });
  for (const [name, text] of Object.entries({ ca: ca.cert, cert, key })) writeFileSync(path(name), text);
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

const path = (name: string): string => join(dir, `${name}.pem`);

async function open(options: TestOfficeOptions = {}): Promise<TestOffice> {
  const office = await TestOffice.open({
    users: { 1001: 'one-pass', 1002: 'two-pass' },
    // Bound by number, since baresip wants the port in its address.
    listen: [`tls://127.0.0.1:${await freePort()}`, 'udp://127.0.0.1:0'],
    ...options,
    tls: { cert: path('cert'), key: path('key'), ca: path('ca'), ...options.tls },
  });
  closers.push(() => office.close());
  return office;
}

const OPTIONS = (port: number): string =>
  `OPTIONS sip:127.0.0.1:${port} SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1;rport;branch=z9hG4bKopenssl\r\n` +
  'From: <sip:a@b.example>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n';

/** What OpenSSL's client says, and what the exchange answers to an OPTIONS through it. */
async function openssl(port: number, ...args: string[]): Promise<string> {
  const words = ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', path('ca'), '-verify_return_error', ...args];
  const child = spawn('openssl', words, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk.toString('latin1')));
  child.stdin.on('error', () => {});
  child.stdin.write(OPTIONS(port));
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  await Promise.race([ended, until('an answer', () => /SIP\/2\.0 \d{3}[\s\S]*\r\n\r\n/.test(said))]);
  child.kill();
  await ended;
  return said;
}

describe('OpenSSL', () => {
  test.each(['-tls1_2', '-tls1_3'])('is answered over %s, and finds the certificate good', async (version) => {
    const office = await open();
    const said = await openssl(office.port, version, '-verify_ip', '127.0.0.1');
    expect(said).toContain('Verify return code: 0 (ok)');
    expect(said).toMatch(/SIP\/2\.0 200 /);
  });

  test('is refused with a version that is too old', async () => {
    const office = await open();
    expect(await openssl(office.port, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')).not.toContain('SIP/2.0');
    expect(await openssl(office.port)).toMatch(/SIP\/2\.0 200 /);
  });

  test('gets in with a certificate where one is asked for, and not without', async () => {
    const office = await open({ tls: { clientCa: path('ca') } });
    expect(await openssl(office.port)).not.toContain('SIP/2.0');
    expect(await openssl(office.port, '-cert', path('cert'), '-key', path('key'))).toMatch(/SIP\/2\.0 200 /);
  });

  test('sees a certificate of our own making as what it is', async () => {
    const office = await TestOffice.open({ listen: ['tls://127.0.0.1:0'] });
    closers.push(() => office.close());
    expect(await openssl(office.port)).toMatch(/self[- ]signed certificate/);
    const said = await openssl(office.port, '-CAfile', join(office.dataDir, 'tls-cert.pem'), '-verify_ip', '127.0.0.1');
    expect(said).toContain('Verify return code: 0 (ok)');
    expect(said).toMatch(/SIP\/2\.0 200 /);
  });
});

describe('baresip', () => {
  async function phone(
    office: TestOffice,
    number: string,
    password: string,
    answer: 'auto' | 'manual',
  ): Promise<Baresip> {
    const { cert, key } = await makeCertificate({ by: ca, names: ['127.0.0.1'] });
    const started = await Baresip.start({
      ...{ aor: `sip:${number}@127.0.0.1:${office.port};transport=tls`, password, answer, codecs: ['PCMU/8000/1'] },
      outbound: `sip:127.0.0.1:${office.port};transport=tls`,
      tls: { ca: ca.cert, certificate: `${cert}\n${key}` },
    });
    closers.push(() => started.close());
    return started;
  }

  test('phones on TLS talk, hear each other, and hang up from either side', async () => {
    const office = await open();
    const anna = await phone(office, '1001', 'one-pass', 'manual');
    const ben = await phone(office, '1002', 'two-pass', 'auto');
    for (const ender of [ben, anna]) {
      for (const one of [anna, ben]) one.events.length = 0;
      anna.dial(`sip:1002@127.0.0.1:${office.port};transport=tls`);
      await anna.waitFor('CALL_ESTABLISHED');
      await ben.waitFor('CALL_ESTABLISHED');
      await until('both to hear something', () => anna.heardLevel() > 100 && ben.heardLevel() > 100);
      ender.hangUp();
      await Promise.all([anna.waitFor('CALL_CLOSED'), ben.waitFor('CALL_CLOSED')]);
    }
  });
});

describe('Kamailio', () => {
  test('is reached over TLS with its certificate, and reaches us with ours', async () => {
    const office = await open();
    const kamailio = await TlsKamailio.start({ ca: path('ca'), cert: path('cert'), key: path('key') });
    closers.push(() => kamailio.close());
    // From there to us: what comes to its UDP port goes on to us over TLS, where it checks our certificate.
    const answer = await kamailio.ask(`sip:127.0.0.1:${office.port};transport=tls`).catch((error) => {
      throw new Error(`${error.message}\n${kamailio.output}`);
    });
    expect(answer).toMatch(/^SIP\/2\.0 200 /);
    expect(answer).toContain('Server: Tandem');
    // From us to there: it asks for our certificate as well, and lets nobody in without.
    const phone = await registered(office);
    const call = phone.send('OPTIONS', `sip:echo@127.0.0.1:${kamailio.tlsPort};transport=tls`, 'sip:echo@127.0.0.1');
    await until('the answer', () => call.responses.length > 0 || call.fault);
    expect([call.fault, call.statuses]).toEqual([undefined, [200]]);
    expect(call.last.reason).toBe('Heard');
  });
});

/** A phone on UDP. */
async function registered(office: TestOffice): Promise<TestPhone> {
  const late = new LateSink();
  const sockets = await NodeTransport.listen({ listeners: ['udp://127.0.0.1:0'], sink: late });
  closers.push(() => sockets.close());
  const [, port] = /^udp:.*:(\d+)$/.exec(office.handle.listeners[1] ?? '') ?? [];
  const phone = new TestPhone({
    ...{ clock: new TimerWheel(), random: randomHex, number: '1001', password: 'one-pass', domain: '127.0.0.1' },
    ...{ outbound: true, address: (sockets.listeners[0] ?? '').replace(/^\w+:\/\//, '') },
    server: { transport: 'UDP', host: '127.0.0.1', port: Number(port) },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
  const register = phone.register();
  await until('the registration', () => register.statuses.includes(200));
  return phone;
}
