/** A phone of ours and an exchange of ours over every transport, and what becomes of them when one of them changes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import type { CertificateProblem } from '../../../../../app/shared/connection-settings.ts';
import { createResolver, type DnsPort } from '../../../../../proxy-core/node/dns.ts';
import type { Resolve } from '../../../../../proxy-core/server/parts.ts';
import { makeAuthority, makeCertificate, type Pem } from '../../../../support/certificates.ts';
import { TestOffice, type TestOfficeOptions } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { freePort } from '../../../../support/ports.ts';
import { TcpRelay } from '../../../../support/tcp-relay.ts';
import { until } from '../../../../support/until.ts';

let dir: string;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-ways-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

const users = { 1001: 'one-pass', 1002: 'two-pass' };

async function openOffice(options: TestOfficeOptions): Promise<TestOffice> {
  const office = await TestOffice.open({ users, ...options });
  closers.push(() => office.close());
  return office;
}

function phoneOf(number: keyof typeof users, account: Partial<Account>, resolve?: Resolve): NodePhone {
  const whole = { id: `phone-${number}`, number: String(number), displayName: '', server: '', outboundProxy: '' };
  const phone = new NodePhone([{ ...whole, ...account }], { [whole.id]: users[number] }, undefined, resolve);
  closers.push(() => phone.close());
  return phone;
}

const stateOf = (phone: NodePhone) => phone.accounts[0]?.registration.state;
const isRegistered = (phone: NodePhone) => until('the registration', () => stateOf(phone) === 'registered');
const connections = (phone: NodePhone): readonly string[] =>
  (phone.accounts[0]?.connectedBy ?? []).map(({ transport, host, port }) => `${transport} to ${host}:${port}`);
const portsOf = ({ handle }: TestOffice): number[] => handle.listeners.map((name) => Number(/:(\d+)$/.exec(name)?.[1]));

async function problemOf(phone: NodePhone): Promise<CertificateProblem> {
  return until('the question about the certificate', () => phone.accounts[0]?.certificate);
}

/** As main and the page do when the person says yes. */
function trust(phone: NodePhone, account: Partial<Account>, ...problems: CertificateProblem[]): void {
  const whole = { id: 'phone-1001', number: '1001', displayName: '', server: '', outboundProxy: '' };
  phone.setAccounts([{ ...whole, ...account, trusted: problems.map(({ offered }) => offered) }]);
}

function write(pem: Pem): { cert: string; key: string } {
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  writeFileSync(files.key, pem.key);
  writeFileSync(files.cert, pem.cert);
  return files;
}

describe('an office with a certificate of its own making', () => {
  it.each(['tls', 'wss'] as const)('is asked about once, and then reached by %s', async (transport) => {
    const office = await openOffice({ listen: [`${transport}://127.0.0.1:0`] });
    const [port] = portsOf(office);
    const account = { server: `127.0.0.1:${port}`, settings: { transport } };
    const phone = phoneOf(1001, account);
    const problem = await problemOf(phone);
    expect(problem).toMatchObject({ why: 'unknown', issuer: expect.any(String) });
    expect(problem.names).toContain('127.0.0.1');
    expect(problem.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(stateOf(phone)).toBe('failed');
    trust(phone, account, problem);
    await isRegistered(phone);
    expect(connections(phone)).toEqual([`${transport.toUpperCase()} to 127.0.0.1:${port}`]);
    expect(phone.accounts[0]?.certificate).toBeUndefined();
  });

  it('is not spoken to any more when it shows another certificate', async () => {
    const tls = write(await makeCertificate({ names: ['127.0.0.1'] }));
    const office = await openOffice({ listen: ['tls://127.0.0.1:0'], tls });
    const account = { server: `127.0.0.1:${office.port}`, settings: { transport: 'tls' as const } };
    const phone = phoneOf(1001, account);
    const first = await problemOf(phone);
    trust(phone, account, first);
    await isRegistered(phone);
    const bindings = async () => (await office.handle.admin.call('location.list', {})).items;
    const before = await bindings();
    await office.stop();
    write(await makeCertificate({ names: ['127.0.0.1'] }));
    await office.start();
    phone.softphone.networkChanged();
    const second = await until('the warning', () => phone.accounts[0]?.certificate);
    expect(second.why).toBe('changed');
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(phone.accounts[0]?.registration).toMatchObject({
      state: 'failed',
      reason: '127.0.0.1 shows another certificate than the one that you trusted.',
    });
    // Nothing was said to it.
    expect(await bindings()).toEqual(before);
  });
});

describe('a certificate of an authority of the office', () => {
  it('is trusted with all that it signs, for its names only', async () => {
    const ca = await makeAuthority('Office CA');
    const signed = async (...names: string[]): Promise<Pem> => {
      const made = await makeCertificate({ by: ca, names });
      return { ...made, cert: `${made.cert}\n${ca.cert}` };
    };
    const tls = write(await signed('127.0.0.1'));
    const office = await openOffice({ listen: ['tls://127.0.0.1:0'], tls });
    const account = { server: `sip:127.0.0.1:${office.port};transport=tls` };
    const phone = phoneOf(1001, account);
    const problem = await problemOf(phone);
    expect(problem).toMatchObject({ why: 'unknown', offered: { name: expect.stringContaining('Office CA') } });
    expect(problem.offered.fingerprint).not.toBe(problem.fingerprint);
    trust(phone, account, problem);
    await isRegistered(phone);
    const again = async (...names: string[]): Promise<void> => {
      await office.stop();
      write(await signed(...names));
      await office.start();
      phone.softphone.networkChanged();
    };
    // The next one of the same authority changes nothing.
    await again('127.0.0.1');
    await until('the new registration', () => stateOf(phone) === 'registered' && connections(phone).length === 1);
    await again('elsewhere.example');
    const wrong = await problemOf(phone);
    expect([wrong.why, wrong.names]).toEqual(['name', 'elsewhere.example']);
  });

  it('is told when it is over', async () => {
    const tls = write(await makeCertificate({ names: ['127.0.0.1'], ends: new Date(Date.now() - 60_000) }));
    const office = await openOffice({ listen: ['tls://127.0.0.1:0'], tls });
    const phone = phoneOf(1001, { server: `127.0.0.1:${office.port};transport=tls` });
    expect((await problemOf(phone)).why).toBe('expired');
  });
});

describe('two flows', () => {
  it('lead calls here once, and over the one that is left', async () => {
    const office = await openOffice({ listen: ['tcp://127.0.0.1:0', 'ws://127.0.0.1:0', 'udp://127.0.0.1:0'] });
    const [tcp, ws, udp] = portsOf(office);
    const relay = await TcpRelay.open(tcp ?? 0);
    closers.push(() => relay.close());
    const outboundProxy = `sip:127.0.0.1:${relay.port};transport=tcp;lr, ws://127.0.0.1:${ws}`;
    const phone = phoneOf(1001, { server: `127.0.0.1:${udp}`, outboundProxy });
    await until('both flows', () => connections(phone).length === 2);
    expect(connections(phone)).toEqual([`TCP to 127.0.0.1:${relay.port}`, `WS to 127.0.0.1:${ws}`]);
    const bindings = async () => (await office.handle.admin.call('location.list', {})).items;
    expect((await bindings()).map(({ contact }) => /transport=\w+/.exec(contact)?.[0]).sort()).toEqual([
      'transport=tcp',
      'transport=ws',
    ]);
    const other = phoneOf(1002, { server: `127.0.0.1:${udp}` });
    await isRegistered(other);

    // One phone with two flows rings once.
    const ringing = other.softphone.call('1001');
    expect(ringing.ok).toBe(true);
    const call = await phone.answer();
    expect(phone.calls.filter(({ state }) => state !== 'ended')).toHaveLength(1);
    phone.softphone.hangUp(call.id);
    await phone.ended(call.id);

    relay.cut();
    await until('the loss', () => connections(phone).length === 1);
    expect([stateOf(phone), connections(phone)]).toEqual(['registered', [`WS to 127.0.0.1:${ws}`]]);
    other.softphone.call('1001');
    await phone.answer();
  });

  it('has a name that is the same by either, which others call back', async () => {
    const office = await openOffice({ listen: ['tcp://127.0.0.1:0', 'udp://127.0.0.1:0'] });
    const [tcp, udp] = portsOf(office);
    const phone = phoneOf(1001, { server: `127.0.0.1:${udp}`, outboundProxy: `127.0.0.1:${tcp};transport=tcp` });
    const other = phoneOf(1002, { server: `127.0.0.1:${udp}` });
    await Promise.all([isRegistered(phone), isRegistered(other)]);
    phone.softphone.call('1002');
    await other.answer();
    const invite = other.heard.find((text) => text.startsWith('INVITE')) ?? '';
    expect(/^Contact: (.*)$/m.exec(invite)?.[1]?.trim()).toMatch(/^<sip:1001@127\.0\.0\.1;gr=urn:uuid:[0-9a-f-]{36}>$/);
    const call = await other.call('the call', ({ state }) => state === 'active');
    // In the dialog the name leads back.
    other.softphone.hangUp(call.id);
    await phone.call('the end', ({ state }) => state === 'ended');
  });
});

it('obeys a Service-Route over a WebSocket, whose server nobody can be sent to otherwise', async () => {
  const [ws, udp] = [await freePort(), await freePort()];
  await openOffice({
    listen: [`ws://127.0.0.1:${ws}`, `udp://127.0.0.1:${udp}`],
    registrar: { serviceRoutes: [`<sip:127.0.0.1:${ws};transport=ws;lr>`] },
  });
  const phone = phoneOf(1001, { server: `ws://127.0.0.1:${ws}` });
  const other = phoneOf(1002, { server: `127.0.0.1:${udp}` });
  await Promise.all([isRegistered(phone), isRegistered(other)]);
  expect(phone.heard.some((text) => text.includes(`Service-Route: <sip:127.0.0.1:${ws};transport=ws;lr>`))).toBe(true);
  phone.softphone.call('1002');
  await other.answer();
});

describe('a domain in DNS', () => {
  const records = (ports: readonly number[], transport: 'tcp' | 'tls'): DnsPort => ({
    naptr: async () => [
      {
        ...{ flags: 's', regexp: '', order: 1, preference: 1 },
        ...{ service: transport === 'tls' ? 'SIPS+D2T' : 'SIP+D2T', replacement: '_it.office.example' },
      },
      { flags: 's', regexp: '', order: 2, preference: 1, service: 'SIP+D2U', replacement: '_udp.office.example' },
    ],
    srv: async (name) =>
      name === '_it.office.example'
        ? ports.map((port, i) => ({ name: 'a.office.example', port, priority: i, weight: 0 }))
        : [{ name: 'a.office.example', port: ports.at(-1) ?? 0, priority: 0, weight: 0 }],
    addresses: async () => ['127.0.0.1'],
  });
  const resolverOf = (dns: DnsPort): Resolve =>
    createResolver({ transports: ['UDP', 'TCP', 'TLS', 'WS', 'WSS'], loopback: false, dns });

  it('says by which transport and in which order, and the next server is taken where one is down', async () => {
    const port = await freePort();
    await openOffice({ domains: ['office.example'], listen: [`tcp://127.0.0.1:${port}`, `udp://127.0.0.1:${port}`] });
    const resolve = resolverOf(records([await freePort(), port], 'tcp'));
    const phone = phoneOf(1001, { server: 'office.example' }, resolve);
    await until('both flows', () => connections(phone).length === 2);
    expect(connections(phone)).toEqual([`TCP to 127.0.0.1:${port}`, `UDP to 127.0.0.1:${port}`]);
  });

  it('is not left for an unprotected way where its certificate is in doubt', async () => {
    const tls = write(await makeCertificate({ names: ['office.example'] }));
    const port = await freePort();
    await openOffice({
      ...{ domains: ['office.example'], tls },
      listen: [`tls://127.0.0.1:${port}`, `udp://127.0.0.1:${port}`],
    });
    const phone = phoneOf(1001, { server: 'office.example' }, resolverOf(records([port], 'tls')));
    expect((await problemOf(phone)).why).toBe('unknown');
    expect(stateOf(phone)).toBe('failed');
  });
});
