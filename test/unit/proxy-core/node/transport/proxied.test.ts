/** Connections through a load balancer, whose PROXY header is believed only where it was said to be one. */
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeCertificate, type Pem } from '../../../../support/certificates.ts';
import { until } from '../../../../support/until.ts';
import { atEnd, dial, fakeTls, message, open } from './opened.ts';

const V1 = 'PROXY TCP4 192.0.2.7 198.51.100.1 50000 5060\r\n';
const V2 = Buffer.from(
  '0d0a0d0a000d0a515549540a 2111 000c c0000208c6336401c35113c4'.replaceAll(' ', ''),
  'hex',
).toString('latin1');
const LOCAL = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex').toString('latin1');
const proxyFrom = ['127.0.0.1', '::1'];

let pem: Pem;
beforeAll(async () => {
  pem = await makeCertificate({ names: ['127.0.0.1'] });
});

describe('behind a load balancer', () => {
  it.each([
    ['version 1', V1, '192.0.2.7', 50_000],
    ['version 2', V2, '192.0.2.8', 50_001],
  ])('a phone is known by its own address: %s', async (_name, header, host, port) => {
    const a = await open(['tcp://127.0.0.1:0'], {}, undefined, { proxyFrom });
    const whole = await dial(a.hop());
    whole.write(header + message('whole'), 'latin1');
    const torn = await dial(a.hop());
    for (const byte of header + message('torn')) {
      torn.write(byte, 'latin1');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('both', () => a.got.length === 2);
    expect(a.got.map(({ wire }) => wire).sort()).toEqual([message('torn'), message('whole')]);
    for (const { source } of a.got) expect(source).toMatchObject({ transport: 'TCP', host, port });
    // And is answered on its connection, by flow as by address.
    const { source } = a.got.find(({ wire }) => wire === message('whole')) ?? {};
    a.transport.send(source!, message('by flow'), () => {});
    await until('the answer', () => whole.text === message('by flow'));
  });

  it('a phone that is banned gets no connection, and others keep theirs by the same balancer', async () => {
    const banned = new Set(['192.0.2.7']);
    const a = await open(['tcp://127.0.0.1:0'], {}, undefined, { proxyFrom, refuses: (host) => banned.has(host) });
    const [bad, good] = [await dial(a.hop()), await dial(a.hop())];
    bad.write(V1 + message('bad'));
    await once(bad, 'close');
    good.write(V2 + message('good'), 'latin1');
    await until('the message', () => a.got.length === 1);
    // And loses it when the ban comes later.
    banned.add('192.0.2.8');
    good.write(message('late'));
    await once(good, 'close');
    expect(a.got.map(({ wire }) => wire)).toEqual([message('good')]);
  });

  it('the balancer may ask whether we are there', async () => {
    const a = await open(['tcp://127.0.0.1:0'], {}, undefined, { proxyFrom });
    const asking = await dial(a.hop());
    asking.write(LOCAL + message(), 'latin1');
    const { source } = await until('the message', () => a.got[0]);
    expect(source.host).toBe('127.0.0.1');
  });

  it('TLS begins after the header, also when its first bytes come together', async () => {
    const a = await open(['tls://127.0.0.1:0'], {}, undefined, { proxyFrom, tls: fakeTls(pem) });
    const socket = await dial(a.hop());
    socket.write(V1);
    const secure = connectTls({ socket, ca: pem.cert, servername: '', checkServerIdentity: () => undefined });
    await once(secure, 'secureConnect');
    secure.write(message());
    const { source } = await until('the message', () => a.got[0]);
    expect(source).toMatchObject({ transport: 'TLS', host: '192.0.2.7', port: 50_000 });
  });

  it('so does a WebSocket, and one in TLS', async () => {
    const a = await open(['ws://127.0.0.1:0', 'wss://127.0.0.1:0'], {}, undefined, { proxyFrom, tls: fakeTls(pem) });
    for (const index of [0, 1]) {
      const socket = await dial(a.hop(index));
      socket.write(V1);
      const through =
        index === 0
          ? socket
          : connectTls({ socket, ca: pem.cert, servername: '', checkServerIdentity: () => undefined });
      socket.removeAllListeners('data');
      const web = new WebSocket('ws://127.0.0.1/', 'sip', { createConnection: () => through });
      atEnd(() => web.terminate());
      await once(web, 'open');
      web.send(message());
    }
    await until('both', () => a.got.length === 2);
    expect(a.got.map(({ source: { transport, host, port } }) => `${transport} ${host} ${port}`).sort()).toEqual([
      'WS 192.0.2.7 50000',
      'WSS 192.0.2.7 50000',
    ]);
  });

  it('each phone has its own number of connections', async () => {
    const a = await open(['tcp://127.0.0.1:0'], { connectionsPerAddress: 1 }, undefined, { proxyFrom });
    const [first, second, third] = [await dial(a.hop()), await dial(a.hop()), await dial(a.hop())];
    first.write(V1 + message('1'));
    await until('the first', () => a.got.length === 1);
    second.write(V2 + message('2'), 'latin1');
    await until('the second', () => a.got.length === 2);
    third.write(V1 + message('3'));
    await until('the end', () => third.closed);
    expect(a.log.join()).toContain('Too many connections; one from 192.0.2.7 is refused');
  });

  it.each([
    ['no header', message(), /no PROXY header/],
    ['a malformed header', 'PROXY TCP4 a b c d\r\n', /malformed/],
    ['an endless header', `PROXY UNKNOWN ${'x'.repeat(200)}`, /does not end/],
    ['a torn header', V1.slice(0, 20), /did not come in time/],
    ['silence', '', /did not come in time/],
  ])('a connection with %s is closed', async (_name, text, reason) => {
    const a = await open(['tcp://127.0.0.1:0'], { headerMs: 50 }, undefined, { proxyFrom });
    const socket = await dial(a.hop());
    if (text !== '') socket.write(text);
    await until('the end', () => socket.closed);
    expect(a.got).toEqual([]);
    expect(a.log.join()).toMatch(reason);
  });

  it('a header that comes byte by byte wins no time', async () => {
    const a = await open(['tcp://127.0.0.1:0'], { headerMs: 100 }, undefined, { proxyFrom });
    const socket = await dial(a.hop());
    socket.write('PROXY UNKNOWN ');
    const drip = setInterval(() => socket.write('x'), 5);
    atEnd(() => clearInterval(drip));
    await until('the end', () => socket.closed);
    expect(a.log.join()).toContain('did not come in time');
  });

  it('what waits for its header ends with the transport', async () => {
    const a = await open(['tcp://127.0.0.1:0'], {}, undefined, { proxyFrom });
    const socket = await dial(a.hop());
    const closed = once(socket, 'close');
    await a.transport.close();
    await closed;
  });
});

describe('from anybody else', () => {
  it.each([
    ['version 1', V1],
    ['version 2', V2],
  ])('a header is refused: %s', async (_name, header) => {
    const a = await open(['tcp://127.0.0.1:0'], { drainMs: 50 }, undefined, { proxyFrom: ['192.0.2.0/24', '::1'] });
    const socket = await dial(a.hop());
    socket.write(header + message(), 'latin1');
    await until('the end', () => socket.closed);
    await until('the end', () => a.closed.length === 1);
    expect(a.got).toEqual([]);
    expect(a.log.join()).toContain('a PROXY header from an address that is not trusted');
  });

  it('none is waited for', async () => {
    const a = await open(['tcp://127.0.0.1:0'], {}, undefined, { proxyFrom: ['192.0.2.0/24'] });
    (await dial(a.hop())).write(message());
    const { source } = await until('the message', () => a.got[0]);
    expect(source.host).toBe('127.0.0.1');
  });
});
