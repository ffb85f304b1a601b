/**
 * Floods of every kind but INVITE, over datagrams and connections: what is too much is put off or its sender kept away,
 * what is remembered stays bounded, and an honest phone registers. Counts are small and the limits with them.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { aorOf } from '../../../proxy-core/server/stores.ts';
import { TestOffice } from '../../support/exchange.ts';
import { FakeOffice, OFFICE } from '../../support/fake-office.ts';
import { bindingOf } from '../../support/memory-stores.ts';
import { openSocketPhone } from '../../support/socket-phone.ts';
import { until } from '../../support/until.ts';

const METHODS = ['REGISTER', 'SUBSCRIBE', 'MESSAGE', 'OPTIONS'] as const;
const TRANSPORTS = ['UDP', 'TCP'] as const;
const KINDS = METHODS.flatMap((method) => TRANSPORTS.map((transport) => [method, transport] as const));

let count = 0;

/** Each is a new one, and nobody answers it with a success. */
function request(method: string, transport: string, domain: string, sentBy: string, number = '4711'): string {
  const id = ++count;
  const to = method === 'REGISTER' ? `sip:${domain}` : `sip:${number}@${domain}`;
  const lines = [
    `${method} ${to} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${sentBy};branch=z9hG4bKflood${id}`,
    `From: <sip:1001@${method === 'MESSAGE' || method === 'OPTIONS' ? 'abroad.example' : domain}>;tag=f${id}`,
    `To: <sip:1001@${domain}>`,
    `Call-ID: flood-${id}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:1001@${sentBy}>`,
    ...(method === 'SUBSCRIBE' ? ['Event: reg'] : []),
    'Max-Forwards: 70',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const sizeOf = ({ transactions }: FakeOffice) => transactions?.size ?? { client: 0, server: 0, open: 0 };

describe('from somebody who is trusted, so that only limits help', () => {
  const MAX = 100;
  const ROOM = 1024 * 1024;
  const FLOOD = 800;
  const FLOODER = '192.0.2.99:5060';

  test.each(KINDS)(
    '%s over %s is refused or put off with 503 and Retry-After, and forgotten',
    async (method, transport) => {
      const office = new FakeOffice({ maxTransactions: MAX }, ROOM);
      // A phone that is switched off: what is sent there waits for half a minute.
      const silent = aorOf('1003', OFFICE);
      void office.locations.replace(silent, [bindingOf(silent, 'sip:1003@192.0.2.77:5060')]);
      const answers: string[] = [];
      const port = office.network.attach(FLOODER, {
        received: (wire) => void answers.push(wire),
        flowClosed: () => undefined,
      });
      const hop = { transport, host: '192.0.2.1', port: 5060 };
      let most = { server: 0, open: 0 };
      for (let sent = 0; sent < FLOOD; sent++) {
        port.send(hop, request(method, transport, OFFICE, FLOODER, '1003'), () => undefined);
        if (sent % 50 === 49) await office.pass(5);
        const { server, open } = sizeOf(office);
        most = { server: Math.max(most.server, server), open: Math.max(most.open, open) };
      }
      await office.pass(50);
      const putOff = answers.filter((answer) => answer.startsWith('SIP/2.0 503'));
      const refused = answers.filter((answer) => /^SIP\/2.0 40[147]/.test(answer));
      for (const answer of putOff) expect(answer).toMatch(/\r\nRetry-After: \d+\r\n/);
      // Whoever has to prove something is asked at once; what waits for others is bounded.
      const waits = method === 'MESSAGE' || method === 'OPTIONS';
      expect(putOff.length + refused.length).toBeGreaterThanOrEqual(waits ? FLOOD - MAX - 1 : FLOOD);
      if (waits) expect(putOff.length).toBeGreaterThanOrEqual(FLOOD - MAX - 1);
      expect(most.open).toBeLessThanOrEqual(MAX + 1);
      // Each takes more than 2 KB with what belongs to it.
      expect(most.server).toBeLessThan(ROOM / 2_048);
      await office.pass(80_000);
      expect(sizeOf(office)).toEqual({ client: 0, server: 0, open: 0 });
      await office.registered('1002', '192.0.2.12:5060');
      expect(office.faults).toEqual([]);
    },
  );
});

describe('from somebody who proves nothing, on real sockets', () => {
  let office: TestOffice;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    office = await TestOffice.open({
      ...{ users: { 1001: 'one' }, trustLoopback: false },
      limits: {
        // Slowed down, one is banned only after minutes.
        guard: { slowAt: 5, banAt: 5 },
        settings: { contactsPerUser: 100 },
        streams: { connections: 200, connectionsPerAddress: 20 },
      },
    });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => office.close());

  /** From 127.0.0.1, where nobody floods. */
  async function honestPhoneRegisters(transport: 'UDP' | 'TCP'): Promise<void> {
    const listener = `${transport.toLowerCase()}://127.0.0.1:${office.port}`;
    const { phone, close } = await openSocketPhone({ listener, number: '1001', password: 'one' });
    closing.push(close);
    // On a machine that is busy otherwise it may be put off, and tries again.
    await until('the registration', async () => {
      const register = phone.register();
      await until('an answer', () => register.responses.length > 0, 3_000);
      expect([200, 503]).toContain(register.last.status);
      return register.last.status === 200;
    });
  }

  /** Connections from an address of this machine. */
  function dial(host: string): Socket {
    const socket = connect({ host: '127.0.0.1', port: office.port, localAddress: host });
    socket.on('error', () => undefined);
    closing.push(() => socket.destroy());
    return socket;
  }

  const isBanned = async (host: string): Promise<boolean> =>
    (await office.handle.admin.call('bans.list', { limit: 100 })).items.some(({ address }) => address === host);

  test.each(KINDS.map(([method, transport], index) => [method, transport, `127.0.0.${index + 10}`] as const))(
    '%s over %s ends in a ban of %s alone',
    async (method, transport, host) => {
      if (transport === 'UDP') {
        const socket = createSocket('udp4');
        socket.on('error', () => undefined);
        closing.push(() => socket.close());
        socket.bind(0, host);
        await once(socket, 'listening');
        const sentBy = `${host}:${socket.address().port}`;
        const burst = (): void => {
          for (let sent = 0; sent < 50; sent++)
            socket.send(Buffer.from(request(method, 'UDP', '127.0.0.1', sentBy)), office.port, '127.0.0.1');
        };
        await until('the ban', () => {
          burst();
          return isBanned(host);
        });
      } else {
        const socket = dial(host);
        await once(socket, 'connect');
        const { localPort } = socket;
        socket.resume();
        await until('the ban', () => {
          for (let sent = 0; sent < 50; sent++)
            if (!socket.destroyed) socket.write(request(method, 'TCP', '127.0.0.1', `${host}:${localPort}`));
          return isBanned(host);
        });
        await until('the end of the connection', () => {
          if (!socket.destroyed) socket.write(request(method, 'TCP', '127.0.0.1', `${host}:${localPort}`));
          return socket.destroyed;
        });
      }
      await honestPhoneRegisters(transport);
    },
  );

  test.each(METHODS)('headers of %s that never end, on more connections than one address may have', async (method) => {
    const host = `127.0.0.${40 + METHODS.indexOf(method)}`;
    const half = request(method, 'TCP', '127.0.0.1', `${host}:5060`).slice(0, -20);
    const sockets = Array.from({ length: 50 }, () => dial(host));
    for (const socket of sockets) socket.write(half);
    await until('the refusals', () => sockets.filter(({ destroyed }) => destroyed).length === 30);
    await honestPhoneRegisters('TCP');
    await honestPhoneRegisters('UDP');
    // A header longer than any message is answered and ended, however slowly it comes.
    const [open] = sockets.filter(({ destroyed }) => !destroyed);
    open?.resume();
    await until('the end of the endless header', () => {
      if (open?.destroyed !== true) open?.write('x'.repeat(16_384));
      return open?.destroyed;
    });
    expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(19);
  });
});
