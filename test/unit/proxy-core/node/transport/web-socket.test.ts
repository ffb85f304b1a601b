/** SIP over WebSocket (RFC 7118) on loopback: the door, the frames, and what hostile peers get. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { Hop } from '../../../../../proxy-core/sip/transport/port.ts';
import { makeCertificate, type Pem } from '../../../../support/certificates.ts';
import { until } from '../../../../support/until.ts';
import { atEnd, dial, failures, fakeTls, message, open } from './opened.ts';

let pem: Pem;
beforeAll(async () => {
  pem = await makeCertificate({ names: ['127.0.0.1', '::1'] });
});

interface Client {
  readonly socket: WebSocket;
  readonly got: { readonly text: string; readonly binary: boolean }[];
  readonly pings: () => number;
}

function address({ transport, host, port }: Hop): string {
  return `${transport.toLowerCase()}://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

async function call(hop: Hop, options: ClientOptions = {}, protocols: string | string[] = 'sip'): Promise<Client> {
  const socket = new WebSocket(address(hop), protocols, { ca: pem.cert, ...options });
  const got: Client['got'] = [];
  let pings = 0;
  atEnd(() => socket.terminate());
  socket.on('message', (data, binary) => void got.push({ text: (data as Buffer).toString('latin1'), binary }));
  socket.on('ping', () => pings++);
  await once(socket, 'open');
  socket.on('error', () => {});
  return { socket, got, pings: () => pings };
}

/** The status of an opening handshake that is refused. */
async function refused(hop: Hop, options: ClientOptions = {}, protocols: string | string[] = 'sip'): Promise<number> {
  const socket = new WebSocket(address(hop), protocols, options);
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  socket.terminate();
  return response.statusCode;
}

const HANDSHAKE =
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n';
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const OPENING = `${HANDSHAKE}${KEY}Sec-WebSocket-Protocol: sip\r\n\r\n`;

/** A masked frame, as a client sends it; the mask is zero. */
function frame(opcode: number, payload: Buffer | string, fin = true, length?: number): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const size = length ?? body.length;
  const head = Buffer.alloc(8);
  head.writeUInt16BE(((fin ? 0x80 : 0) | opcode) * 256 + (0x80 | 126), 0);
  head.writeUInt16BE(size, 2);
  return Buffer.concat([head, body]);
}

/** With the payload `hi`; frames of control have a short length only. */
const PING = Buffer.from('8982000000006869', 'hex');

async function dialWeb(hop: Hop): Promise<Socket & { text: string }> {
  const socket = await dial(hop);
  socket.write(OPENING);
  await until('the handshake', () => socket.text.includes('\r\n\r\n'));
  expect(socket.text).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\nSec-WebSocket-Protocol: sip\r\n/);
  socket.text = '';
  return socket;
}

describe.each(['ws', 'wss'])('%s', (scheme) => {
  it.each(['127.0.0.1', '[::1]'])('carries messages both ways, text as well as bytes, on %s', async (host) => {
    const a = await open([`${scheme}://${host}:0`], {}, undefined, { tls: fakeTls(pem) });
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const { socket, got } = await call(a.hop());
    expect(socket.protocol).toBe('sip');
    socket.send(message('text'));
    const { source } = await until('the message', () => a.got[0]);
    expect(source).toMatchObject({
      transport: scheme.toUpperCase(),
      host: a.hop().host,
      listener: a.transport.listeners[0],
    });
    expect(a.transport.sentBy(source)).toMatchObject({ sentBy: `${host}:${a.hop().port}` });
    const { all, failed } = failures();
    a.transport.send(source, message('hello'), failed);
    a.transport.send(source, message('h\xc3\xa9llo'), failed);
    // By address alone, as a binding that was kept names it; and what is no UTF-8 may not go as text.
    const { transport, host: there, port } = source;
    a.transport.send({ transport, host: there, port }, message(bytes), failed);
    await until('the answers', () => got.length === 3);
    expect(got).toEqual([
      { text: message('hello'), binary: false },
      { text: message('h\xc3\xa9llo'), binary: false },
      { text: message(bytes), binary: true },
    ]);
    socket.send(Buffer.from(message(bytes), 'latin1'));
    await until('the bytes', () => a.got.length === 2);
    expect(a.got[1]?.wire).toBe(message(bytes));
    // From now on the peer is answered as it writes.
    a.transport.send(source, message('bytes'), failed);
    await until('the answer', () => got.length === 4);
    expect(got[3]).toEqual({ text: message('bytes'), binary: true });
    expect(all).toEqual([]);
    await a.transport.close();
    const [code] = await once(socket, 'close');
    expect(code).toBe(1001);
  });

  it('is not opened by us: whoever is gone is not there', async () => {
    const a = await open([`${scheme}://127.0.0.1:0`], {}, undefined, { tls: fakeTls(pem) });
    const { socket } = await call(a.hop());
    socket.send(message());
    const { source } = await until('the message', () => a.got[0]);
    socket.close();
    await until('the end', () => a.closed.length === 1);
    expect([a.closed, a.remotes]).toMatchObject([[source.flow], [{ port: source.port }]]);
    const { all, failed } = failures();
    a.transport.send(source, message(), failed);
    await until('the failure', () => all.length === 1);
    expect(all[0]?.reason).toContain('has no WebSocket open to us');
  });
});

describe('the door', () => {
  it('opens for the subprotocol sip alone, among others too', async () => {
    const a = await open(['ws://127.0.0.1:0']);
    expect(await refused(a.hop(), {}, [])).toBe(400);
    expect(await refused(a.hop(), {}, ['msrp', 'xsip'])).toBe(400);
    expect((await call(a.hop(), {}, ['msrp', 'sip'])).socket.protocol).toBe('sip');
  });

  it('opens for pages of the origins that were named, and for programs', async () => {
    const wsOrigins = ['https://phone.example.org', 'http://localhost:3000/'];
    const a = await open(['ws://127.0.0.1:0'], {}, undefined, { wsOrigins });
    for (const origin of ['https://evil.example', 'http://phone.example.org', 'https://phone.example.org:8443', 'null'])
      expect(await refused(a.hop(), { origin })).toBe(403);
    for (const origin of ['https://PHONE.example.org', 'http://localhost:3000']) await call(a.hop(), { origin });
    await call(a.hop());
    expect(a.log.filter((line) => line.includes('may have none'))).toHaveLength(4);
  });

  it('opens for every page where none was named', async () => {
    const a = await open(['ws://127.0.0.1:0']);
    await call(a.hop(), { origin: 'https://any.example' });
  });

  it.each([
    ['a page is asked for', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 426],
    ['something is posted', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc', 426],
    ['the key is missing', `${HANDSHAKE}Sec-WebSocket-Protocol: sip\r\n\r\n`, 400],
    ['the version is another', OPENING.replace('13', '7'), 400],
    ['it is no HTTP', message(), 400],
    ['a header never ends', `${HANDSHAKE}X: ${'x'.repeat(20_000)}`, 400],
  ])('answers in HTTP and closes where %s', async (_name, text, status) => {
    const a = await open(['ws://127.0.0.1:0']);
    const socket = await dial(a.hop());
    socket.write(text);
    await until('the end', () => socket.closed);
    expect(socket.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(a.got).toEqual([]);
  });

  it('does not wait for those who never ask, or ask byte by byte', async () => {
    const a = await open(['ws://127.0.0.1:0', 'wss://127.0.0.1:0'], { headerMs: 100, handshakeMs: 100 }, undefined, {
      tls: fakeTls(pem),
    });
    const slow = await dial(a.hop());
    slow.write(HANDSHAKE);
    const drip = setInterval(() => slow.write('X'), 10);
    atEnd(() => clearInterval(drip));
    const [silent, insecure] = [await dial(a.hop()), await dial(a.hop(1))];
    await until('the ends', () => slow.closed && silent.closed && insecure.closed);
  });

  it('does not let in more than may be', async () => {
    const a = await open(['ws://127.0.0.1:0'], { connectionsPerAddress: 1 });
    const { socket } = await call(a.hop());
    await expect(call(a.hop())).rejects.toThrow(/ECONNRESET|hang up/);
    socket.terminate();
    await until('a free place', () => call(a.hop()));
  });
});

describe('frames', () => {
  it('that come in pieces, with a ping between them, are one message', async () => {
    const a = await open(['ws://127.0.0.1:0']);
    const socket = await dialWeb(a.hop());
    const wire = message('in pieces');
    const all = Buffer.concat([
      frame(1, wire.slice(0, 10), false),
      PING,
      frame(0, wire.slice(10, 20), false),
      frame(0, wire.slice(20)),
    ]);
    for (const byte of all) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('the message', () => a.got.length === 1);
    expect(a.got[0]?.wire).toBe(wire);
    await until('the pong', () => socket.text === '\x8a\x02hi');
  });

  it('with keep-alives are answered as on a stream, pings with pongs (RFC 7118 §6, RFC 5626 §4.4.1)', async () => {
    const a = await open(['ws://127.0.0.1:0']);
    const { socket, got } = await call(a.hop());
    for (const text of ['\r\n', '', '\r\n\r\n']) socket.send(text);
    socket.ping('x');
    const [data] = await once(socket, 'pong');
    expect(String(data)).toBe('x');
    await until('the pong', () => got.length === 1);
    expect([got, a.got]).toEqual([[{ text: '\r\n', binary: false }], []]);
  });

  it.each([
    ['a text that is no UTF-8', frame(1, '\xff\xfe'), 1007],
    [
      'a message of more than 64 KiB',
      Buffer.concat([frame(1, 'x'.repeat(65_000), false), frame(0, 'x'.repeat(1000))]),
      1009,
    ],
    ['a frame that says to be huge', Buffer.from('82ff7fffffffffffffff00000000', 'hex'), 1009],
    [
      'a message of many pieces',
      Buffer.concat(Array.from({ length: 300 }, (_, i) => frame(i === 0 ? 1 : 0, 'x', false))),
      1008,
    ],
    ['an unmasked frame', Buffer.from('8101', 'hex'), 1002],
    ['an unknown opcode', frame(3, 'x'), 1002],
    ['a compressed frame', Buffer.from('c18000000000', 'hex'), 1002],
    ['a piece without a beginning', frame(0, 'x'), 1002],
    ['a torn ping', Buffer.from('098000000000', 'hex'), 1002],
  ])('with %s end the connection with the code that says so', async (_name, bytes, code) => {
    const a = await open(['ws://127.0.0.1:0']);
    const socket = await dialWeb(a.hop());
    socket.write(bytes);
    await until('the end', () => socket.closed && a.closed.length === 1);
    const said = Buffer.from(socket.text, 'latin1');
    expect([said[0], said.readUInt16BE(2)]).toEqual([0x88, code]);
    expect(a.got).toEqual([]);
    expect(a.log).toHaveLength(1);
  });

  it('without SIP in them end it in time, also with keep-alives', async () => {
    const a = await open(['ws://127.0.0.1:0'], { firstMessageMs: 100 });
    const { socket } = await call(a.hop());
    const drip = setInterval(() => socket.send('\r\n\r\n'), 10);
    atEnd(() => clearInterval(drip));
    await until('the end', () => a.closed.length === 1);
    expect(a.log.join()).toContain('nothing that is SIP came');
  });
});

describe('a peer', () => {
  it('is asked whether it is there, and given up where it does not answer', async () => {
    const a = await open(['ws://127.0.0.1:0'], { pingMs: 30 });
    const { socket, pings } = await call(a.hop());
    socket.send(message());
    const deaf = await dialWeb(a.hop());
    deaf.write(frame(1, message()));
    await until('the end of the deaf one', () => a.closed.length === 1);
    await until('more pings', () => pings() > 5);
    expect([socket.readyState, a.closed.length]).toEqual([WebSocket.OPEN, 1]);
    expect(a.log.join()).toContain('no answer to a ping');
  });

  it('that answers may stay silent for as long as it likes', async () => {
    const a = await open(['ws://127.0.0.1:0'], { pingMs: 200, idleMs: 300, firstMessageMs: 500 });
    const { socket, pings } = await call(a.hop());
    socket.send(message());
    await until('many pings', () => pings() > 6);
    expect(a.closed).toEqual([]);
  });

  it('that does not read is closed', async () => {
    const a = await open(['ws://127.0.0.1:0'], { unreadBytes: 100_000 });
    const socket = await dialWeb(a.hop());
    socket.write(frame(1, message()));
    const { source } = await until('the message', () => a.got[0]);
    socket.pause();
    const { all, failed } = failures();
    for (let i = 0; i < 400 && all.length === 0; i++) {
      a.transport.send(source, message('x'.repeat(60_000)), failed);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('the end', () => a.closed.length === 1);
    expect(all.length).toBeGreaterThan(0);
    expect(a.log.join()).toContain('does not read');
  });
});
