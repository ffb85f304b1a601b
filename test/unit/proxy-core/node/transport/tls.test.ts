/** TLS on loopback: who is believed, who is let in, and what hostile peers get. */
import { once } from 'node:events';
import { type ConnectionOptions, connect as connectTls, createServer, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Hop } from '../../../../../proxy-core/sip/transport/port.ts';
import { makeAuthority, makeCertificate, type Pem } from '../../../../support/certificates.ts';
import { until } from '../../../../support/until.ts';
import { atEnd, dial, failures, fakeTls, message, open } from './opened.ts';

let ca: Pem;
let server: Pem;
let client: Pem;

beforeAll(async () => {
  ca = await makeAuthority();
  server = await makeCertificate({ by: ca, names: ['sip.example.org', '127.0.0.1', '::1'] });
  client = await makeCertificate({ by: ca, names: ['client.example.org', '127.0.0.1'] });
});

/** Answers a handshake with this certificate and says nothing more. */
async function stranger(pem: Pem, more: object = {}): Promise<Hop & { sockets: TLSSocket[]; text: () => string }> {
  const sockets: TLSSocket[] = [];
  let text = '';
  const listening = createServer({ ...pem, ...more }, (socket) => {
    sockets.push(socket);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => {});
  });
  listening.on('tlsClientError', () => {});
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  const address = listening.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { transport: 'TLS', host: '127.0.0.1', port, sockets, text: () => text };
}

async function dialTls({ host, port }: Hop, options: ConnectionOptions = {}): Promise<TLSSocket & { text: string }> {
  const socket = Object.assign(connectTls({ host, port, ca: ca.cert, ...options }), { text: '' });
  atEnd(() => socket.destroy());
  socket.on('data', (data) => {
    socket.text += data.toString('latin1');
  });
  await once(socket, 'secureConnect');
  socket.on('error', () => {});
  return socket;
}

describe('messages', () => {
  it.each(['127.0.0.1', '[::1]'])('go there and back on one connection, on %s', async (host) => {
    const a = await open([`tls://${host}:0`], {}, undefined, { tls: fakeTls({ ...client, ca: ca.cert }) });
    const b = await open([`tls://${host}:0`], {}, undefined, { tls: fakeTls(server) });
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const { all, failed } = failures();
    a.transport.send(b.hop(), message(bytes), failed);
    a.transport.send(b.hop(), message('again'), failed);
    await until('both', () => b.got.length === 2);
    expect(b.got.map(({ wire }) => wire)).toEqual([message(bytes), message('again')]);
    const [first, second] = b.got;
    expect(first?.source).toEqual(second?.source);
    expect(first?.source).toMatchObject({ transport: 'TLS', host: b.hop().host, listener: b.transport.listeners[0] });
    b.transport.send(first!.source, message('back'), failed);
    await until('the answer', () => a.got.length === 1);
    expect(all).toEqual([]);
    expect(a.transport.sentBy(b.hop())).toEqual({ transport: 'TLS', sentBy: `${host}:${a.hop().port}`, alias: true });
    await a.transport.close();
    await until('the end', () => b.closed.length === 1);
  });

  it('wait for the other end to prove who it is, and fail where it cannot', async () => {
    const a = await open(['tls://127.0.0.1:0'], {}, undefined, { tls: fakeTls({ ...client, ca: ca.cert }) });
    const there = await stranger(server);
    const { all, failed } = failures();
    a.transport.send({ ...there, name: 'sip.example.org' }, message('for the office'), failed);
    await until('the message', () => there.text() !== '');
    // The connection that is there was made to another name.
    a.transport.send({ ...there, name: 'bank.example' }, message('secret'), failed);
    await until('the failure', () => all.length > 0);
    expect(all.map(({ reason }) => reason)).toEqual([
      `The connection to 127.0.0.1:${there.port} failed: its certificate is for sip.example.org, 127.0.0.1, ::1, not for bank.example`,
    ]);
    expect(there.text()).toBe(message('for the office'));
    expect(a.log.join()).toContain('not for bank.example');
  });

  it.each([
    ['signs for itself', async () => makeCertificate({ names: ['127.0.0.1'] }), /self-signed/],
    [
      'has ended',
      async () => makeCertificate({ by: ca, names: ['127.0.0.1'], ends: new Date(Date.now() - 1000) }),
      /expired/,
    ],
    [
      'comes from another authority',
      async () => makeCertificate({ by: await makeAuthority(), names: ['127.0.0.1'] }),
      /unable to (get local issuer|verify the first) certificate/,
    ],
    [
      'names nobody by a wildcard',
      async () => makeCertificate({ by: ca, names: ['*.0.0.1', '*'] }),
      /not for 127.0.0.1/,
    ],
  ])('never reach a server whose certificate %s', async (_name, make, reason) => {
    const a = await open(['tls://127.0.0.1:0'], {}, undefined, { tls: fakeTls({ ...client, ca: ca.cert }) });
    const there = await stranger(await make());
    const { all, failed } = failures();
    a.transport.send(there, message('secret'), failed);
    await until('the failure', () => all.length > 0);
    expect(all[0]?.reason).toMatch(reason);
    expect(there.text()).toBe('');
  });

  it('never go by a TLS older than 1.2', async () => {
    const a = await open(['tls://127.0.0.1:0'], {}, undefined, { tls: fakeTls({ ...server, ca: ca.cert }) });
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(dialTls(a.hop(), old)).rejects.toThrow(/version|alert/);
    const there = await stranger(server, old);
    const { all, failed } = failures();
    a.transport.send(there, message(), failed);
    await until('the failure', () => all.length > 0);
    expect((await dialTls(a.hop(), { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
  });

  it('fail once each where nobody listens, nobody speaks TLS, or nobody answers the handshake', async () => {
    const tls = fakeTls({ ...client, ca: ca.cert });
    const a = await open(['tls://127.0.0.1:0', 'tcp://127.0.0.1:0'], { connectMs: 100 }, undefined, { tls });
    const gone = await open(['tcp://127.0.0.1:0']);
    await gone.transport.close();
    const silent = await open(['tcp://127.0.0.1:0']);
    const { all, failed } = failures();
    for (const hop of [gone.hop(), silent.hop()]) {
      for (const text of ['1', '2']) a.transport.send({ ...hop, transport: 'TLS' }, message(text), failed);
    }
    await until('the failures', () => all.length === 4);
    await until('the ends', () => a.closed.length === 2);
    expect(all.filter(({ reason }) => reason.includes('ECONNREFUSED'))).toHaveLength(2);
    expect(silent.got).toEqual([]);
  });

  it('are refused where there is no certificate to listen with', async () => {
    await expect(open(['tls://127.0.0.1:0'])).rejects.toMatchObject({ name: 'ListenError' });
  });
});

describe('a certificate that is replaced', () => {
  it('is shown from the next handshake on, while connections go on', async () => {
    const tls = fakeTls(server);
    const a = await open(['tls://127.0.0.1:0'], {}, undefined, { tls });
    const before = await dialTls(a.hop());
    const next = await makeCertificate({ by: ca, names: ['127.0.0.1'] });
    tls.change(next);
    const after = await dialTls(a.hop());
    const shown = (socket: TLSSocket): string => socket.getPeerCertificate().fingerprint256;
    expect(shown(after)).not.toBe(shown(before));
    before.write(message('old'));
    after.write(message('new'));
    await until('both', () => a.got.length === 2);
    await a.transport.close();
    expect(tls.isClosed).toBe(true);
  });
});

describe('with an authority for clients', () => {
  it('only those with its certificate get in, and each connection that comes in may be used for its name (RFC 5923)', async () => {
    const a = await open(['tls://127.0.0.1:0'], {}, undefined, {
      tls: fakeTls({ ...server, ca: ca.cert, clientCa: ca.cert }),
    });
    for (const pem of [{}, await makeCertificate({ names: ['127.0.0.1'] })]) {
      const socket = connectTls({ ...a.hop(), ca: ca.cert, ...pem }).resume();
      socket.on('error', () => {});
      await until('the refusal', () => socket.closed);
    }
    expect(a.log).toEqual([
      expect.stringContaining('peer did not return a certificate'),
      expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    ]);
    const good = await dialTls(a.hop(), client);
    good.write(message());
    const { source } = await until('the message', () => a.got[0]);

    const peer = { transport: 'TLS', host: '127.0.0.1', port: 5061, name: 'client.example.org' } as const;
    const { all, failed } = failures();
    // Names that it has not proved, and a flow that is not there, change nothing.
    a.transport.alias(source.flow, 'bank.example', 5061);
    a.transport.alias('tls-no-1' as never, 'client.example.org', 5061);
    a.transport.alias(source.flow, 'client.example.org', 5061);
    a.transport.send(peer, message('by the name'), failed);
    await until('the message', () => good.text !== '');
    expect(good.text).toBe(message('by the name'));
    // For another name the address is asked itself, where nobody listens.
    a.transport.send({ ...peer, name: 'bank.example' }, message('secret'), failed);
    await until('the failure', () => all.length === 1);
    expect(good.text).not.toContain('secret');
    good.destroy();
    await until('the end', () => a.closed.includes(source.flow));
    expect(a.remotes.at(-1)).toMatchObject({ port: 5061 });
    a.transport.send(peer, message('too late'), failed);
    await until('the failure', () => all.length === 2);
  });
});

describe('a hostile peer', () => {
  it('that never finishes its handshake is closed', async () => {
    const a = await open(['tls://127.0.0.1:0'], { handshakeMs: 50 }, undefined, { tls: fakeTls(server) });
    for (const text of ['', '\x16\x03\x01\x02\x00\x01']) {
      const socket = await dial(a.hop());
      if (text !== '') socket.write(text, 'latin1');
      await until('the end', () => socket.closed);
    }
    expect(a.log.filter((line) => line.startsWith('No TLS connection'))).toHaveLength(2);
  });

  it.each([
    ['plain SIP', message()],
    ['noise', '\x00'.repeat(4000)],
    ['an HTTP request', 'GET / HTTP/1.1\r\n\r\n'],
  ])('that sends %s is closed, and others are served', async (_name, text) => {
    const a = await open(['tls://127.0.0.1:0'], {}, undefined, { tls: fakeTls(server) });
    const socket = await dial(a.hop());
    socket.write(text, 'latin1');
    await until('the end', () => socket.closed);
    (await dialTls(a.hop())).write(message());
    await until('the message', () => a.got.length === 1);
  });

  it('that sends noise inside, byte by byte or none at all is closed in time', async () => {
    const a = await open(['tls://127.0.0.1:0'], { firstMessageMs: 100, drainMs: 50 }, undefined, {
      tls: fakeTls(server),
    });
    const [noisy, slow, silent] = [await dialTls(a.hop()), await dialTls(a.hop()), await dialTls(a.hop())];
    noisy.write('GET / HTTP/1.1\r\n\r\n');
    const drip = setInterval(() => slow.write('a'), 10);
    atEnd(() => clearInterval(drip));
    expect(silent.destroyed).toBe(false);
    await until('the ends', () => a.closed.length === 3);
    expect(a.log.join()).toMatch(/no SIP message.*|stayed torn.*|nothing that is SIP/);
  });

  it('that opens too many connections keeps only those that it may have, half-open ones counted', async () => {
    const a = await open(['tls://127.0.0.1:0'], { connectionsPerAddress: 2 }, undefined, { tls: fakeTls(server) });
    const first = await dial(a.hop());
    await dialTls(a.hop());
    const third = await dial(a.hop());
    await until('the end', () => third.closed);
    expect(a.log.join()).toContain('Too many connections');
    first.destroy();
    await until('a free place', () => dialTls(a.hop()));
  });
});
