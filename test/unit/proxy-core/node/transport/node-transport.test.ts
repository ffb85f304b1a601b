/** Real sockets on loopback. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ListenError } from '../../../../../proxy-core/node/transport/node-transport.ts';
import { StreamConnection } from '../../../../../proxy-core/node/transport/stream-connection.ts';
import { STREAM_LIMITS } from '../../../../../proxy-core/node/transport/stream-limits.ts';
import type { FlowId } from '../../../../../proxy-core/sip/transport/port.ts';
import { until } from '../../../../support/until.ts';
import { atEnd, dial, failures, message, open } from './opened.ts';

describe.each(['udp', 'tcp'])('%s', (scheme) => {
  it.each(['127.0.0.1', '[::1]'])('carries bytes as they are, there and back, on %s', async (host) => {
    const a = await open([`${scheme}://${host}:0`]);
    const b = await open([`${scheme}://${host}:0`]);
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const { all, failed } = failures();
    a.transport.send(b.hop(), message(bytes), failed);
    const first = await until('the message', () => b.got[0]);
    expect(first.wire).toBe(message(bytes));
    expect(first.source.listener).toBe(b.transport.listeners[0]);
    expect(first.source.host).toBe(a.hop().host);
    b.transport.send(first.source, message('back'), failed);
    const back = await until('the answer', () => a.got[0]);
    expect(back.wire).toBe(message('back'));
    expect(all).toEqual([]);
    const { sentBy } = a.transport.sentBy(b.hop());
    expect(sentBy).toBe(`${host}:${a.hop().port}`);
  });

  it('says in a sentence that a port is in use, and leaves nothing open', async () => {
    const first = await open([`${scheme}://127.0.0.1:0`]);
    const other = scheme === 'udp' ? 'tcp' : 'udp';
    const [taken = ''] = first.transport.listeners;
    const error = await open([`${other}://127.0.0.1:0`, taken]).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ code: 'EADDRINUSE', listener: taken, name: 'ListenError' });
    expect((error as Error).message).toBe(
      `Port ${first.hop().port} on 127.0.0.1 is already used by another program; close it or choose another port (${taken}).`,
    );
  });

  it('fails once, not thrown, after it is closed', async () => {
    const a = await open([`${scheme}://127.0.0.1:0`]);
    const { all, failed } = failures();
    const hop = a.hop();
    await a.transport.close();
    await a.transport.close();
    a.transport.send(hop, message(), failed);
    expect(all).toEqual([]);
    await until('the failure', () => all.length > 0);
    expect(all).toHaveLength(1);
  });

  it('goes on when a message makes the layers above fail', async () => {
    let calls = 0;
    const a = await open([`${scheme}://127.0.0.1:0`], {}, () => {
      if (++calls === 1) throw new Error('a fault above');
    });
    const b = await open([`${scheme}://127.0.0.1:0`]);
    b.transport.send(a.hop(), message('one'), () => {});
    b.transport.send(a.hop(), message('two'), () => {});
    await until('both', () => a.got.length === 2);
    expect(a.log.join()).toContain('a fault above');
  });
});

describe('listeners', () => {
  it.each([
    'udp://example.com:5060',
    'sctp://127.0.0.1:5060',
    'udp://127.0.0.1;advertise=',
    'udp://127.0.0.1:65536',
    'udp://::1:5060',
    'udp://[127.0.0.1',
    '',
  ])('are refused in a sentence where they cannot be read: %s', async (text) => {
    await expect(open([text])).rejects.toMatchObject({ name: 'ListenError', code: 'EINVAL' });
  });

  it('say so when the address is not ours', async () => {
    const error = await open(['udp://192.0.2.1:0']).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect((error as Error).message).toContain('does not have the address 192.0.2.1');
  });

  it('that take every address name in Via the one that the peer sees', async () => {
    const a = await open(['udp://0.0.0.0:0', 'tcp://0.0.0.0:0']);
    expect(a.transport.sentBy({ transport: 'UDP', host: '127.0.0.1', port: 9 }).sentBy).toBe(
      `127.0.0.1:${a.hop(0).port}`,
    );
    expect(a.transport.sentBy({ transport: 'TCP', host: '127.0.0.1', port: 9 }).sentBy).toBe(
      `127.0.0.1:${a.hop(1).port}`,
    );
  });

  it('send from the one that is asked for, else from one that can reach the hop', async () => {
    const a = await open(['udp://127.0.0.1:0', 'udp://127.0.0.2:0', 'udp://[::1]:0']);
    const b = await open(['udp://127.0.0.1:0', 'udp://[::1]:0']);
    const [first = '', second = '', six = ''] = a.transport.listeners;
    a.transport.send({ ...b.hop(), listener: second }, message('aaaaaaaaaaaaaaa'), () => {});
    await until('one', () => b.got.length === 1);
    a.transport.send(b.hop(), message(), () => {});
    await until('two', () => b.got.length === 2);
    a.transport.send(b.hop(1), message(), () => {});
    await until('three', () => b.got.length === 3);
    expect(
      b.got.map(({ source }) => `udp://${source.host.includes(':') ? `[${source.host}]` : source.host}:${source.port}`),
    ).toEqual([second, first, six]);
    // A flow names its listener, even after it came back out of a store.
    const flow = `${second}>127.0.0.1:${b.hop().port}` as FlowId;
    expect(a.transport.sentBy({ ...b.hop(), flow }).sentBy).toBe(second.slice('udp://'.length));
  });

  it('refuse hops that are no address', async () => {
    const a = await open(['udp://127.0.0.1:0']);
    const { all, failed } = failures();
    a.transport.send({ transport: 'UDP', host: 'example.com', port: 5060 }, message(), failed);
    a.transport.send({ transport: 'UDP', host: '127.0.0.1', port: 0 }, message(), failed);
    a.transport.send({ transport: 'UDP', host: '::1', port: 5060 }, message(), failed);
    a.transport.send({ transport: 'WSS', host: '127.0.0.1', port: 443 }, message(), failed);
    await until('all failures', () => all.length === 4);
  });
});

describe('udp', () => {
  it('takes keep-alives for nothing', async () => {
    const a = await open(['udp://127.0.0.1:0']);
    const socket = createSocket('udp4');
    atEnd(() => socket.close());
    for (const text of ['', '\r\n\r\n', '\0\0\0\0', message()]) socket.send(text, a.hop().port, '127.0.0.1');
    await until('the message', () => a.got.length > 0);
    expect(a.got.map(({ wire }) => wire)).toEqual([message()]);
  });

  it('fails for a datagram that is too large', async () => {
    const a = await open(['udp://127.0.0.1:0']);
    const { all, failed } = failures();
    a.transport.send({ transport: 'UDP', host: '127.0.0.1', port: 9 }, 'x'.repeat(70_000), failed);
    await until('the failure', () => all.length === 1);
    expect(all[0]?.reason).toContain('could not be sent');
  });
});

describe('tcp', () => {
  it('uses a connection again, in both directions, and tells of its end', async () => {
    const a = await open(['tcp://127.0.0.1:0']);
    const b = await open(['tcp://127.0.0.1:0']);
    a.transport.send(b.hop(), message('1'), () => {});
    a.transport.send(b.hop(), message('2'), () => {});
    await until('both', () => b.got.length === 2);
    const [one, two] = b.got;
    expect(one?.source.flow).toBe(two?.source.flow);
    // By address alone, and by a flow whose address is not that of the connection.
    const { flow, host, port } = one?.source ?? b.hop();
    b.transport.send({ transport: 'TCP', host, port }, message('3'), () => {});
    b.transport.send({ transport: 'TCP', host, port: 9, flow }, message('4'), () => {});
    await until('the answers', () => a.got.length === 2);
    expect(a.got.map(({ source }) => source.port)).toEqual([b.hop().port, b.hop().port]);
    await a.transport.close();
    await until('the end', () => b.closed.length === 1);
    expect(b.closed).toEqual([flow]);
    expect(a.closed).toEqual([a.got[0]?.source.flow]);
    expect(a.remotes).toMatchObject([b.hop()]);
  });

  it('opens a new connection where the flow is gone', async () => {
    const a = await open(['tcp://127.0.0.1:0']);
    const b = await open(['tcp://127.0.0.1:0']);
    a.transport.send({ ...b.hop(), flow: 'tcp-gone-1' as FlowId }, message(), () => {});
    await until('the message', () => b.got.length === 1);
  });

  it('fails once for each message where nobody listens', async () => {
    const a = await open(['tcp://127.0.0.1:0']);
    const gone = await open(['tcp://127.0.0.1:0']);
    const hop = gone.hop();
    await gone.transport.close();
    const { all, failed } = failures();
    a.transport.send(hop, message('1'), failed);
    a.transport.send(hop, message('2'), failed);
    await until('the failures', () => all.length === 2);
    expect(all[0]?.reason).toContain('ECONNREFUSED');
    await until('the end', () => a.closed.length === 1);
  });

  it('reads messages that come torn and answers pings', async () => {
    const a = await open(['tcp://127.0.0.1:0']);
    const socket = await dial(a.hop());
    const wire = message('hello');
    socket.write('\r\n\r\n');
    await until('the pong', () => socket.text === '\r\n');
    socket.write(wire.slice(0, 20));
    socket.write(wire.slice(20) + wire.slice(0, 40));
    await until('one', () => a.got.length === 1);
    socket.write(wire.slice(40));
    await until('two', () => a.got.length === 2);
    expect(a.got.map((one) => one.wire)).toEqual([wire, wire]);
  });

  it('ends a connection that cannot be read, after what was answered', async () => {
    const a = await open(['tcp://127.0.0.1:0'], { drainMs: 100 });
    const socket = await dial(a.hop());
    const large = 'MESSAGE sip:b@x SIP/2.0\r\nContent-Length: 70000\r\n\r\n';
    const answered = until('the head', () => a.got[0]).then(({ source }) =>
      a.transport.send(source, message('413'), () => {}),
    );
    socket.write(`${large}${'x'.repeat(70_000)}`);
    await answered;
    await until('the end', () => a.closed.length === 1);
    expect(a.got.map(({ wire }) => wire)).toEqual([large]);
    expect(a.log.join()).toContain('a message of more than 64 KiB');
  });

  it.each([
    ['garbage', 'GET / HTTP/1.1\r\n\r\n', 'no SIP message'],
    ['silence', '', 'nothing that is SIP came'],
    ['a message that stays torn', 'MESSAGE sip:b', 'stayed torn'],
  ])('ends a connection with %s and says why', async (_name, text, reason) => {
    const a = await open(['tcp://127.0.0.1:0'], { firstMessageMs: 50, drainMs: 50 });
    const socket = await dial(a.hop());
    if (text !== '') socket.write(text);
    await once(socket, 'close');
    await until('the end', () => a.closed.length === 1);
    expect(a.log.join()).toContain(reason);
  });

  it('gives up a connection after silence', async () => {
    const a = await open(['tcp://127.0.0.1:0'], { idleMs: 50 });
    const socket = await dial(a.hop());
    socket.write(message());
    await once(socket, 'close');
    expect(a.got).toHaveLength(1);
    expect(a.log).toEqual([]);
  });

  it('refuses more connections of one address than it may have', async () => {
    const a = await open(['tcp://127.0.0.1:0'], { connectionsPerAddress: 2 });
    const first = await dial(a.hop());
    await dial(a.hop());
    const third = await dial(a.hop());
    if (!third.destroyed) await once(third, 'close');
    expect(a.log.join()).toContain('Too many connections');
    first.destroy();
    await until('a free place', () => a.closed.length === 1);
    const fourth = await dial(a.hop());
    fourth.write(message());
    await until('the message', () => a.got.length === 1);
  });

  it('opens no more connections than there may be', async () => {
    const a = await open(['tcp://127.0.0.1:0'], { connections: 1 });
    const b = await open(['tcp://127.0.0.1:0', 'tcp://127.0.0.1:0']);
    const { all, failed } = failures();
    a.transport.send(b.hop(0), message(), failed);
    a.transport.send(b.hop(1), message(), failed);
    await until('the failure', () => all.length > 0);
    await until('the message', () => b.got.length > 0);
    expect([all.length, b.got.length]).toEqual([1, 1]);
  });

  it('closes a peer that does not read', async () => {
    let peer: Socket | undefined;
    const server: Server = createServer((socket) => {
      peer = socket;
      socket.on('error', () => {});
      socket.pause();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(() => {
      peer?.destroy();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const a = await open(['tcp://127.0.0.1:0'], { unreadBytes: 100_000 });
    const { all, failed } = failures();
    for (let i = 0; i < 400 && all.length === 0; i++) {
      a.transport.send({ transport: 'TCP', host: '127.0.0.1', port }, message('x'.repeat(60_000)), failed);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('the end', () => a.closed.length > 0);
    expect(a.log.join()).toContain('does not read');
    expect(all.length).toBeGreaterThan(0);
  });

  it('gives up an address that never answers', async () => {
    const ends: (string | undefined)[] = [];
    const connection = new StreamConnection({
      // Its name is never found, so it never comes to be connected.
      socket: connect({ host: 'phone.test', port: 9, lookup: () => {} }),
      source: { transport: 'TCP', host: '127.0.0.1', port: 9, flow: 'tcp-1' as FlowId, listener: '' },
      accepted: false,
      limits: { ...STREAM_LIMITS, connectMs: 20 },
      received: () => {},
      closed: (_connection, reason) => void ends.push(reason),
    });
    const { all, failed } = failures();
    connection.send(message(), failed);
    await until('the failure', () => all.length > 0);
    expect(ends).toEqual(['no connection within 20 ms']);
    expect(all.map(({ reason }) => reason)).toEqual([
      'The connection to 127.0.0.1:9 failed: no connection within 20 ms',
    ]);
  });
});
