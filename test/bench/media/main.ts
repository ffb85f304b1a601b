/**
 * What the hop over the media gateway costs: the delay that it adds, its CPU, and the longest gap while the process beside
 * it, as Electron's main process is, does nothing but compute. Compared with a socket that sends each datagram back and
 * does nothing else, in turns within one run. 20 calls of 20 ms packets both ways are 2,000 packets a second.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism, cpus, loadavg, setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { GatewayTold, TalkAsk, TalkerSays, TalkTold } from './messages.ts';

const quick = process.argv.includes('--quick');
/** Before other programs, as far as the system lets us: for a machine that has other things to do. Wants root. */
const first = process.argv.includes('--first');
const CALLS = 20;
const SECONDS = quick ? 3 : 10;
const ROUNDS = quick ? 1 : 5;
const BLOCK_MS = 500;

const [gatewayProgram, talkersProgram] = process.argv.slice(2);
if (gatewayProgram === undefined || talkersProgram === undefined) throw new Error('the built programs are missing');

async function start(program: string): Promise<ChildProcess> {
  const child = fork(program, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  if (first && child.pid !== undefined) setPriority(child.pid, -19);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error(`${program} ended`)));
  });
  return child;
}

const gateway = await start(gatewayProgram);
const talkers = await start(talkersProgram);
let blocks = false;
let done: { resolve: (told: TalkTold) => void; reject: (error: Error) => void } | undefined;

gateway.on('message', (told: GatewayTold) => void talkers.send(told));
talkers.on('message', (said: TalkerSays) => {
  if (said === 'talking') {
    if (blocks) setTimeout(block, 250);
  } else if (said === 'ready') return;
  else if ('talked' in said) done?.resolve(said.talked);
  else if ('broke' in said) done?.reject(new Error(said.broke));
  else gateway.send(said);
});

/** Half of every second. */
let blocked = 0;
function block(): void {
  const end = performance.now() + BLOCK_MS;
  while (performance.now() < end);
  if (++blocked < SECONDS) setTimeout(block, 1000 - BLOCK_MS);
}

function talk(way: TalkAsk['way'], seconds = SECONDS): Promise<TalkTold> {
  return new Promise((resolve, reject) => {
    done = { resolve, reject };
    talkers.send({ calls: CALLS, seconds, way } satisfies TalkAsk);
  });
}

const at = (values: readonly number[], share: number): number =>
  values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const median = (values: readonly number[]): number =>
  at(
    [...values].sort((a, b) => a - b),
    0.5,
  );
const load = (): string =>
  `load of the last minutes ${loadavg()
    .map((value) => value.toFixed(1))
    .join(', ')}`;

const WAYS = ['rtp', 'srtp', 'echo'] as const;
const found: Record<(typeof WAYS)[number], TalkTold[]> = { rtp: [], srtp: [], echo: [] };
const gaps: Record<(typeof WAYS)[number], number> = { rtp: 0, srtp: 0, echo: 0 };

console.log(
  `${availableParallelism()} processors (${cpus()[0]?.model.trim()}), Node.js ${process.versions.node}, ${load()}`,
);
try {
  // Not counted: the first packets pay for compiling.
  for (const way of WAYS) await talk(way, 2);
  for (let round = 0; round < ROUNDS; round++) for (const way of WAYS) found[way].push(await talk(way));
  blocks = true;
  for (const way of WAYS) {
    blocked = 0;
    gaps[way] = (await talk(way)).longestGap;
  }
} finally {
  gateway.disconnect();
  talkers.disconnect();
}

const figure = (way: (typeof WAYS)[number], of: (told: TalkTold) => number): number => median(found[way].map(of));
const line = (cells: readonly string[]): void =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(14))).join(''));
const row = (what: string, of: (told: TalkTold) => number, digits: number, unit: string): void => {
  const values = WAYS.map((way) => figure(way, of));
  line([what, ...values.map((value) => `${value.toFixed(digits)} ${unit}`)]);
};

line([`${CALLS} calls, ${CALLS * 100} packets a second`, 'RTP', 'SRTP', 'plain dgram']);
row('one way, median', ({ delays }) => at(delays, 0.5), 3, 'ms');
row('one way, 99 of 100', ({ delays }) => at(delays, 0.99), 3, 'ms');
row('of one core', ({ core }) => core, 1, '%');
row('longest gap', ({ longestGap }) => longestGap, 1, 'ms');
line([`longest gap, main blocked for ${BLOCK_MS} ms a second`, ...WAYS.map((way) => `${gaps[way].toFixed(1)} ms`)]);
row('packets lost', ({ lost }) => lost, 0, '');
console.log();

/** The figures that the gateway must reach. */
const judged = (what: string, value: number, most: number, unit: string): void => {
  const reached = value <= most;
  if (!reached) process.exitCode = 1;
  line([what, `${value.toFixed(2)} ${unit}`, `≤ ${most} ${unit}`, reached ? 'reached' : 'NOT REACHED']);
};
for (const way of ['rtp', 'srtp'] as const) {
  const added = (share: number): number =>
    figure(way, ({ delays }) => at(delays, share)) - figure('echo', ({ delays }) => at(delays, share));
  line([`${way.toUpperCase()}: delay added, median`, `${added(0.5).toFixed(2)} ms`]);
  judged(`${way.toUpperCase()}: delay added, 99 of 100`, added(0.99), 2, 'ms');
  judged(
    `${way.toUpperCase()}: of one core`,
    figure(way, ({ core }) => core),
    15,
    '%',
  );
  judged(`${way.toUpperCase()}: longest gap, main blocked`, gaps[way], 40, 'ms');
}
console.log(load());
