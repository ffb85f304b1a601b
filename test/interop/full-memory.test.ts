/**
 * A small computer under a flood of calls that nobody answers: it puts them off (503) before its memory is full, does not
 * fall, answers all the while, and lets callers hang up.
 */
import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { RegistrationLoad } from '../support/registration-load.ts';
import { until } from '../support/until.ts';

const CALLS = 30_000;
const AT_ONCE = 100;

let exchange: ExchangeProcess | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await exchange?.close();
});

async function open(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  sockets.push(socket);
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return socket;
}

test('more calls than there is memory for', async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'pass-1001' }, heapMb: 80 });
  const { port } = exchange;
  const phone = new RegistrationLoad(await open(), port);
  phone.register('1001');
  await until('the phone to be registered', () => phone.confirmed.has('1001'));
  phone.isStopped = true;

  const caller = await open();
  const ringing: number[] = [];
  const statuses = new Map<number, number>();
  caller.on('message', (bytes) => {
    const status = Number(bytes.toString('latin1', 8, 11));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 100) ringing.push(Number(/flood-(\d+)/.exec(bytes.toString('latin1'))?.[1]));
  });
  let answered = 0;
  for (let sent = 0; sent < CALLS; ) {
    for (let i = 0; i < AT_ONCE; i++, sent++) caller.send(invite(caller, port, sent), port, '127.0.0.1');
    // What the exchange cannot read would be lost, and prove nothing.
    await until(`answers to ${sent} calls`, () => total(statuses) >= answered + AT_ONCE / 2, 2_000).catch(
      () => undefined,
    );
    answered = total(statuses);
  }
  expect(statuses.get(100) ?? 0).toBeGreaterThan(500);
  expect(statuses.get(503) ?? 0).toBeGreaterThan(CALLS / 2);
  const before = total(statuses);
  caller.send(invite(caller, port, CALLS), port, '127.0.0.1');
  await until('one more answer', () => total(statuses) > before);

  // Who hangs up makes room.
  for (const n of ringing) caller.send(invite(caller, port, n, 'CANCEL'), port, '127.0.0.1');
  await until('CANCELs to be taken', () => (statuses.get(200) ?? 0) > 0);
});

const total = (counts: ReadonlyMap<number, number>): number => [...counts.values()].reduce((sum, n) => sum + n, 0);

function invite(from: Socket, port: number, n: number, method = 'INVITE'): string {
  const body = `v=0\r\na=x:${'y'.repeat(700)}\r\n`;
  const lines = [
    `${method} sip:1001@127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${from.address().port};branch=z9hG4bKflood${n};rport`,
    ...['Max-Forwards: 70', `From: <sip:guest@elsewhere.example>;tag=${n}`, `To: <sip:1001@127.0.0.1:${port}>`],
    ...[`Call-ID: flood-${n}`, `CSeq: 1 ${method}`, 'Contact: <sip:guest@127.0.0.1>', 'Content-Type: application/sdp'],
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
