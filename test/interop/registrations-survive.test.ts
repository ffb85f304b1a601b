/**
 * The exchange is killed as by a power cut while a hundred phones register as fast as they can: whatever it answered
 * with 200 is there afterwards, in this round and all that follow.
 */
import { createSocket, type Socket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ExchangeProcess, tandem } from '../support/exchange-process.ts';
import { RegistrationLoad } from '../support/registration-load.ts';
import { until } from '../support/until.ts';

const PHONES = 100;
const ROUNDS = 3;
/** Answered in each round before the power goes. */
const ANSWERED = 1_000;

let exchange: ExchangeProcess | undefined;
let socket: Socket | undefined;
afterEach(async () => {
  socket?.close();
  await exchange?.close();
});

test('a power cut under load loses no registration that was answered', async () => {
  exchange = await ExchangeProcess.start({ users: {} });
  const numbers = Array.from({ length: PHONES }, (_, i) => `${1000 + i}`);
  const file = join(exchange.dataDir, 'users.csv');
  writeFileSync(file, `number,password\n${numbers.map((number) => `${number},pass-${number}\n`).join('')}`);
  await tandem('user', 'import', file, '--data', exchange.dataDir);
  socket = createSocket('udp4');
  await new Promise<void>((done) => socket?.bind(0, '127.0.0.1', done));
  const load = new RegistrationLoad(socket, exchange.port);
  for (let round = 1; round <= ROUNDS; round++) {
    if (round > 1) await exchange.serve();
    load.isStopped = false;
    const before = load.answers;
    for (const number of numbers) load.register(number);
    await until('enough answers', () => load.answers - before >= ANSWERED, 30_000);
    await exchange.kill('SIGKILL');
    load.isStopped = true;
    // What is under way to the socket was answered all the same.
    await until('the last answers', quiet(load));
    const found = JSON.parse(await tandem('location', 'list', '--json', '--data', exchange.dataDir));
    const kept = new Map<string, number>(
      found.map((one: { aor: string; cseq: number }) => [one.aor.split('@')[0], one.cseq]),
    );
    for (const [number, cseq] of load.confirmed) {
      expect.soft(kept.get(number) ?? 0, `round ${round}, ${number}`).toBeGreaterThanOrEqual(cseq);
      expect.soft(kept.get(number) ?? 0, `round ${round}, ${number}`).toBeLessThanOrEqual(load.sent.get(number) ?? 0);
    }
    expect(load.confirmed.size).toBe(PHONES);
  }
});

/** True once nothing was answered between two questions. */
function quiet(load: RegistrationLoad): () => boolean {
  let seen = -1;
  return () => {
    const same = seen === load.answers;
    seen = load.answers;
    return same;
  };
}
