/** The proxy on real sockets: what depends on how a transport really fails, and on files that really change. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TimerWheel } from '../../../proxy-core/node/clock.ts';
import { randomHex } from '../../../proxy-core/node/random.ts';
import { NodeTransport } from '../../../proxy-core/node/transport/node-transport.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import { LateSink } from '../../../proxy-core/sip/transaction/stack.ts';
import { TestOffice } from '../../support/exchange.ts';
import { freePort } from '../../support/ports.ts';
import { TestPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/until.ts';

const LONG: HeaderLine[] = [['X-Long', 'x'.repeat(1_400)]];

let office: TestOffice;
let dir: string;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-sockets-'));
  office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' } });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await office.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A phone that registers over UDP, on one port with each of these transports. */
async function phone(number: string, password: string, ...transports: ('udp' | 'tcp')[]): Promise<TestPhone> {
  const late = new LateSink();
  const port = await freePort();
  const sockets = await NodeTransport.listen({
    listeners: transports.map((transport) => `${transport}://127.0.0.1:${port}`),
    sink: late,
  });
  closing.push(() => sockets.close());
  const one = new TestPhone({
    ...{ clock: new TimerWheel(), random: randomHex, number, password, domain: '127.0.0.1' },
    address: `127.0.0.1:${port}`,
    server: { transport: 'UDP', host: '127.0.0.1', port: office.port },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
  const register = one.register();
  await until('the registration', () => register.responses.length > 0);
  expect(register.statuses).toEqual([200]);
  return one;
}

describe('an INVITE of more than 1300 bytes', () => {
  const call = async (...transports: ('udp' | 'tcp')[]): Promise<{ via: string; status: number; ms: number }> => {
    const caller = await phone('1001', 'one', 'udp');
    const callee = await phone('1002', 'two', ...transports);
    const began = Date.now();
    const outgoing = caller.send('INVITE', 'sip:1002@127.0.0.1', 'sip:1002@127.0.0.1', [
      ...LONG,
      ['Contact', caller.contact],
    ]);
    await until('the call', () => callee.incoming.length > 0);
    const ms = Date.now() - began;
    callee.incoming[0]?.respond(200);
    await until('the answer', () => outgoing.responses.some(({ status }) => status >= 200));
    outgoing.ack();
    await until('the ACK', () => callee.acks.length > 0);
    outgoing.bye();
    await until('the BYE', () => callee.heard('BYE') > 0);
    return { via: callee.incoming[0]?.transaction.request.via.transport ?? '', status: outgoing.last.status, ms };
  };

  test('comes over TCP where the phone takes that', async () => {
    expect(await call('udp', 'tcp')).toMatchObject({ via: 'TCP', status: 200 });
  });

  test('comes over UDP, without waiting, where it refuses TCP', async () => {
    const { via, status, ms } = await call('udp');
    expect([via, status]).toEqual(['UDP', 200]);
    expect(ms).toBeLessThan(1_500);
  });
});

describe('a caller whose connection is gone when the answer comes (RFC 3261 §18.2.2)', () => {
  const request = (port: number): string =>
    [
      'OPTIONS sip:1002@127.0.0.1 SIP/2.0',
      `Via: SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bKgone`,
      'Max-Forwards: 70',
      'From: <sip:guest@abroad.example>;tag=1',
      'To: <sip:1002@127.0.0.1>',
      'Call-ID: gone',
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');

  test('is answered on a new connection to the port that its Via names', async () => {
    let heard = '';
    const taken: Socket[] = [];
    const server = createServer((socket) => {
      taken.push(socket);
      socket.on('data', (data) => {
        heard += data.toString('latin1');
      });
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    closing.push(() => {
      for (const socket of taken) socket.destroy();
      server.close();
    });
    const callee = await phone('1002', 'two', 'udp');
    let isThere = false;
    const original = callee.request.bind(callee);
    callee.request = (transaction, cancels) => {
      isThere = true;
      // Answered only when the caller's connection is known to be closed.
      void until('the end of the connection', () => office.log.some((line) => line.includes('was closed'))).then(() =>
        original(transaction, cancels),
      );
    };
    const socket = connect(office.port, '127.0.0.1');
    closing.push(() => socket.destroy());
    socket.write(request(port));
    await until('the request', () => isThere);
    socket.resetAndDestroy();
    await until('the answer', () => heard.includes('\r\n\r\n'));
    expect(heard).toMatch(/^SIP\/2\.0 200 /);
  });
});

describe('a route file', () => {
  const open = async (text: string): Promise<void> => {
    await office.close();
    const route = join(dir, 'route.ts');
    writeFileSync(route, text);
    office = await TestOffice.open({ users: { 1001: 'one', 1002: 'two' }, route });
  };
  const status = async (caller: TestPhone, uri: string): Promise<number> => {
    const call = caller.call(uri);
    await until('an answer', () => call.responses.some((response) => response.status >= 200));
    return call.last.status;
  };

  test('decides about calls, is read again when it changes, and its mistakes stay its own', async () => {
    await open(`
      import type { RouteStep } from 'tandem/route';
      const step: RouteStep = ({ uri }) => (uri.user === '99' ? { reject: 603, reason: 'Closed' } : undefined);
      export default step;
    `);
    const caller = await phone('1001', 'one', 'udp');
    expect(await status(caller, '99')).toBe(603);
    expect(await status(caller, '1002')).toBe(480);
    writeFileSync(
      join(dir, 'route.ts'),
      'export default ({ uri }) => { if (uri.user === "99") throw new Error("my own mistake"); }',
    );
    await until('the new file', () => office.log.some((line) => line.includes('loaded again')));
    expect(await status(caller, '99')).toBe(500);
    expect(office.log.some((line) => line.includes('my own mistake'))).toBe(true);
    expect(await status(caller, '1002')).toBe(480);
  });

  test('that cannot be loaded keeps the exchange from starting, and leaves nothing open', async () => {
    await expect(open('export default 42;')).rejects.toThrow(/cannot be loaded: it exports no function/);
    writeFileSync(join(dir, 'route.ts'), 'export default () => undefined;');
    office = await TestOffice.open({ users: { 1001: 'one' }, route: join(dir, 'route.ts') });
    expect(await status(await phone('1001', 'one', 'udp'), '1999')).toBe(404);
  });

  test('is nothing for a stateless exchange', async () => {
    await office.close();
    await expect(TestOffice.open({ mode: 'stateless', route: join(dir, 'route.ts') })).rejects.toThrow(/stateless/);
    office = await TestOffice.open();
  });
});
