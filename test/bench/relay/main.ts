/**
 * What relaying costs: CPU per packet, packets a second and core, and the delay that it adds, as a ratio to plain dgram
 * sockets that send each datagram back, in turns within one run. 50 calls of 20 ms packets both ways are 5,000 a second.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Ask, Told } from './server.ts';

const CALLS = Number(process.env.BENCH_RELAY_CALLS ?? 50);
const SECONDS = Number(process.env.BENCH_RELAY_SECONDS ?? 4);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const TICK_MS = 20;
const PACKET = 172;

interface Round {
  readonly usPerPacket: number;
  readonly delays: readonly number[];
  readonly lost: number;
}

class Server {
  readonly #child: ChildProcess;

  static async start(program: string, kind: string): Promise<Server> {
    const child = fork(program, [kind], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(child, 'message');
    return new Server(child);
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  async ask<T extends Told>(ask: Ask): Promise<T> {
    const told = once(this.#child, 'message');
    this.#child.send(ask);
    const [answer] = await told;
    return answer as T;
  }

  close(): void {
    this.#child.disconnect();
  }
}

/** Bound when it is returned: the lookup answers at once. */
function socket(): Socket {
  const made = createSocket({ type: 'udp4', lookup: (name, _options, found) => found(null, name, isIP(name)) });
  return made.bind(0, '127.0.0.1');
}

/** Sends from both ends of every call, spread over the 20 ms, and measures what arrives at the other end. */
async function round(server: Server): Promise<Round> {
  const ends: (readonly [Socket, Socket])[] = [];
  for (let i = 0; i < CALLS; i++) ends.push([socket(), socket()]);
  const streams = ends.map(([a, b]) => [a.address().port, b.address().port] as const);
  const { ports } = await server.ask<{ ports: readonly (readonly [number, number])[] }>({ streams });
  const delays: number[] = [];
  const heard = (data: Buffer): void => void delays.push(performance.now() - data.readDoubleBE(12));
  for (const pair of ends) for (const end of pair) end.on('message', heard);
  const before = await server.ask<{ cpu: number }>('cpu');
  const sent = await talk(ends, ports);
  const after = await server.ask<{ cpu: number }>('cpu');
  for (const pair of ends) for (const end of pair) end.close();
  return { usPerPacket: (after.cpu - before.cpu) / sent, delays, lost: sent - delays.length };
}

function talk(
  ends: readonly (readonly [Socket, Socket])[],
  ports: readonly (readonly [number, number])[],
): Promise<number> {
  const perTick = CALLS * 2;
  const total = Math.floor((SECONDS * 1000) / TICK_MS) * perTick;
  const began = performance.now();
  let sent = 0;
  return new Promise((done) => {
    const turn = (): void => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / TICK_MS) * perTick));
      for (; sent < due; sent++) {
        const call = Math.floor((sent % perTick) / 2);
        const side = sent % 2 === 0 ? 0 : 1;
        const data = Buffer.alloc(PACKET);
        data[0] = 0x80;
        data.writeUInt16BE(Math.floor(sent / perTick) & 0xffff, 2);
        data.writeUInt32BE(call * 2 + side + 1, 8);
        data.writeDoubleBE(performance.now(), 12);
        ends[call]?.[side].send(data, ports[call]?.[side] ?? 9, '127.0.0.1');
      }
      if (sent < total) setTimeout(turn, 1);
      // The last ones are still on their way.
      else setTimeout(() => done(sent), 100);
    };
    turn();
  });
}

const at = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
const median = (values: readonly number[]): number => at(values, 0.5);

const program = process.argv[2];
if (program === undefined) throw new Error('the built server is missing');
const servers = { relay: await Server.start(program, 'relay'), echo: await Server.start(program, 'echo') };
const found: Record<keyof typeof servers, Round[]> = { relay: [], echo: [] };
try {
  // Not counted: the first packets pay for compiling.
  for (const server of Object.values(servers)) await round(server);
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const name of ['relay', 'echo'] as const) found[name].push(await round(servers[name]));
  }
} finally {
  for (const server of Object.values(servers)) server.close();
}

const cost = (rounds: readonly Round[]): number => median(rounds.map(({ usPerPacket }) => usPerPacket));
const delay = (rounds: readonly Round[], share: number): number =>
  median(rounds.map(({ delays }) => at(delays, share)));
const line = (what: string, relay: number, echo: number, digits: number, unit: string): void =>
  console.log(
    `${what.padEnd(36)}${`${relay.toFixed(digits)} ${unit}`.padStart(14)}${`${echo.toFixed(digits)} ${unit}`.padStart(14)}${(relay / echo).toFixed(2).padStart(9)} ×`,
  );
const { relay, echo } = found;
console.log(
  `${`relaying ${CALLS} calls, ${CALLS * 100} packets/s`.padEnd(36)}${'relay'.padStart(14)}${'plain dgram'.padStart(14)}${'ratio'.padStart(11)}`,
);
line('CPU per packet', cost(relay), cost(echo), 2, 'µs');
line('packets a second and core', 1e6 / cost(relay), 1e6 / cost(echo), 0, '/s');
line('one way, median', delay(relay, 0.5), delay(echo, 0.5), 3, 'ms');
line('one way, 99 of 100', delay(relay, 0.99), delay(echo, 0.99), 3, 'ms');
console.log(
  `lost: ${relay.reduce((sum, { lost }) => sum + lost, 0)} relayed, ${echo.reduce((sum, { lost }) => sum + lost, 0)} plain`,
);
