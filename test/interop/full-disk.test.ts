/**
 * The disk is full while phones register: they are told so (5xx), whatever was confirmed before stays, calls go on, and
 * when there is room again registering does too, without a restart. `prlimit` stands for the disk: no file may grow.
 */
import { createSocket, type Socket } from 'node:dgram';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isAlive } from '../fuzz/process.ts';
import { ExchangeProcess, tandem } from '../support/exchange-process.ts';
import { RegistrationLoad } from '../support/registration-load.ts';
import { until } from '../support/until.ts';

const PHONES = 30;

let exchange: ExchangeProcess | undefined;
let socket: Socket | undefined;
afterEach(async () => {
  socket?.close();
  await exchange?.close();
});

test('a full disk takes nothing away that was confirmed, and stops no call', async () => {
  exchange = await ExchangeProcess.start({ users: {} });
  const { port, dataDir } = exchange;
  const numbers = Array.from({ length: PHONES }, (_, i) => `${1000 + i}`);
  const file = join(dataDir, 'users.csv');
  writeFileSync(file, `number,password\n${numbers.map((number) => `${number},pass-${number}\n`).join('')}`);
  await tandem('user', 'import', file, '--data', dataDir);
  socket = createSocket('udp4');
  await new Promise<void>((done) => socket?.bind(0, '127.0.0.1', done));
  const load = new RegistrationLoad(socket, port);
  for (const number of numbers) load.register(number);
  await until('every phone to be registered', () => load.confirmed.size === PHONES && load.answers >= 300);

  exchange.limitFiles(statSync(join(dataDir, 'tandem.db-wal')).size);
  // The log of the database is written from its beginning now and then: only then does it have to grow.
  await until('refusals', () => load.refusals >= PHONES, 30_000);
  load.isStopped = true;
  expect(await isAlive(port, 'UDP')).toBe(true);
  const came = load.incoming.length;
  invite(socket, port, numbers[0] ?? '');
  await until('the call to arrive', () => load.incoming.length > came);
  const confirmed = new Map(load.confirmed);

  exchange.limitFiles(undefined);
  load.isStopped = false;
  const before = load.answers;
  for (const number of numbers) load.register(number);
  await until('registering to go on', () => load.answers - before >= PHONES);
  load.isStopped = true;
  await exchange.kill('SIGKILL');

  const found: { aor: string; cseq: number }[] = JSON.parse(
    await tandem('location', 'list', '--json', '--data', dataDir),
  );
  const kept = new Map(found.map(({ aor, cseq }) => [aor.split('@')[0], cseq]));
  for (const [number, cseq] of confirmed) expect.soft(kept.get(number) ?? 0, number).toBeGreaterThanOrEqual(cseq);
});

/** A stranger calls. */
function invite(from: Socket, port: number, number: string): void {
  const lines = [
    `INVITE sip:${number}@127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${from.address().port};branch=z9hG4bKfull;rport`,
    ...['Max-Forwards: 70', 'From: <sip:guest@elsewhere.example>;tag=1', `To: <sip:${number}@127.0.0.1:${port}>`],
    ...['Call-ID: full-disk', 'CSeq: 1 INVITE', 'Contact: <sip:guest@127.0.0.1>', 'Content-Length: 0'],
  ];
  from.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1');
}
