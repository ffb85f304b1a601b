/**
 * The exchange is killed as by a power cut while a hundred phones register as fast as they can: whatever it answered
 * with 200 is there afterwards, in this round and all that follow.
 */
import { createSocket, type Socket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import { answerChallenge } from '../../proxy-core/sip/auth/answer.ts';
import { parseChallenges } from '../../proxy-core/sip/auth/challenge.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../proxy-core/sip/message/parse.ts';
import { ExchangeProcess, tandem } from '../support/exchange-process.ts';
import { until } from '../support/until.ts';

const PHONES = 100;
const ROUNDS = 3;
/** Answered in each round before the power goes. */
const ANSWERED = 1_000;

/** Phones behind one socket, each registering again as soon as it was answered. */
class Load {
  /** By number: the CSeq last sent with credentials, and the highest that was answered with 200. */
  readonly sent = new Map<string, number>();
  readonly confirmed = new Map<string, number>();
  answers = 0;
  isStopped = false;
  readonly #socket: Socket;
  readonly #server: number;
  #cseq = 0;

  constructor(socket: Socket, server: number) {
    this.#socket = socket;
    this.#server = server;
    socket.on('message', (bytes) => this.#received(bytes.toString('latin1')));
  }

  register(number: string, credentials = ''): void {
    if (this.isStopped) return;
    const cseq = ++this.#cseq;
    const { port } = this.#socket.address();
    if (credentials !== '') this.sent.set(number, cseq);
    const text =
      'REGISTER sip:127.0.0.1 SIP/2.0\r\n' +
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${number}x${cseq};rport\r\n` +
      `From: <sip:${number}@127.0.0.1>;tag=${cseq}\r\nTo: <sip:${number}@127.0.0.1>\r\n` +
      `Call-ID: of-${number}\r\nCSeq: ${cseq} REGISTER\r\nMax-Forwards: 70\r\n` +
      `Contact: <sip:${number}@127.0.0.1:${port}>\r\nExpires: 3600\r\n${credentials}Content-Length: 0\r\n\r\n`;
    this.#socket.send(Buffer.from(text, 'latin1'), this.#server, '127.0.0.1');
  }

  #received(wire: string): void {
    const parsed = parseMessage(wire);
    if (!parsed.ok || parsed.value.kind !== 'response') return;
    const { status, headers, callId, cseq } = parsed.value;
    const number = callId.slice('of-'.length);
    if (status === 401) {
      const answered = answerChallenge({
        challenges: parseChallenges(headers.lines(H.WwwAuthenticate)),
        ...{ method: 'REGISTER', uri: 'sip:127.0.0.1', username: number, password: `pass-${number}` },
        ...{ cnonce: 'c', nonceCount: 1, hashes: nodeHashes },
      });
      this.register(number, `Authorization: ${answered?.value}\r\n`);
    } else if (status === 200) {
      this.confirmed.set(number, Math.max(cseq, this.confirmed.get(number) ?? 0));
      this.answers++;
      this.register(number);
    }
  }
}

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
  const load = new Load(socket, exchange.port);
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
function quiet(load: Load): () => boolean {
  let seen = -1;
  return () => {
    const same = seen === load.answers;
    seen = load.answers;
    return same;
  };
}
