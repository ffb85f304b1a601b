/**
 * What the hop over the media gateway costs: the delay that it adds, its CPU, and the longest gap while the process beside
 * it, as Electron's main process is, does nothing but compute. Compared in turns within one run with a socket that sends
 * each datagram back and does nothing else, and with Debian's rtpengine doing the same work. 20 calls of 20 ms packets both
 * ways are 2,000 packets a second.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism, cpus, loadavg, setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { GatewayTold, TalkAsk, TalkerSays, TalkTold, Way } from './messages.ts';
import { printTable } from './table.ts';

const quick = process.argv.includes('--quick');
/** Before other programs, as far as the system lets us: for a machine that has other things to do. Wants root. */
const first = process.argv.includes('--first');
const CALLS = 20;
const SECONDS = quick ? 3 : 10;
const ROUNDS = quick ? 1 : 5;
const BLOCK_MS = 500;

const [gatewayProgram, talkersProgram] = process.argv.slice(2);
if (gatewayProgram === undefined || talkersProgram === undefined) throw new Error('the built programs are missing');

async function start(program: string): Promise<{ child: ChildProcess; said: unknown }> {
  const child = fork(program, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  if (first && child.pid !== undefined) setPriority(child.pid, -19);
  const said = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error(`${program} ended`)));
  });
  return { child, said };
}

const { child: gateway } = await start(gatewayProgram);
const { child: talkers, said } = await start(talkersProgram);
const hasRtpengine = (said as { ready: { rtpengine: boolean } }).ready.rtpengine;
let blocks = false;
let done: { resolve: (told: TalkTold) => void; reject: (error: Error) => void } | undefined;

for (const child of [gateway, talkers])
  child.once('exit', () => done?.reject(new Error('a program of the bench fell')));
gateway.on('message', (told: GatewayTold) => void talkers.send(told));
talkers.on('message', (word: TalkerSays) => {
  if (word === 'talking') {
    if (blocks) setTimeout(block, 250);
  } else if ('ready' in word) return;
  else if ('talked' in word) done?.resolve(word.talked);
  else if ('broke' in word) done?.reject(new Error(word.broke));
  else gateway.send(word);
});

/** Half of every second. */
let blocked = 0;
function block(): void {
  const end = performance.now() + BLOCK_MS;
  while (performance.now() < end);
  if (++blocked < SECONDS) setTimeout(block, 1000 - BLOCK_MS);
}

function talk(way: Way, seconds = SECONDS): Promise<TalkTold> {
  return new Promise((resolve, reject) => {
    done = { resolve, reject };
    talkers.send({ calls: CALLS, seconds, way } satisfies TalkAsk);
  });
}

const load = (): string =>
  `load of the last minutes ${loadavg()
    .map((value) => value.toFixed(1))
    .join(', ')}`;

const ALL: readonly Way[] = [
  'rtp',
  'srtp',
  'echo',
  ...(hasRtpengine ? (['rtpengine-rtp', 'rtpengine-srtp'] as const) : []),
];
/** `--only WAY`, for a look with a profiler; may stand several times. */
const only = process.argv.flatMap((word, i) => (process.argv[i - 1] === '--only' ? [word] : []));
const WAYS = ALL.filter((way) => only.length === 0 || only.includes(way));
const found = new Map<Way, TalkTold[]>(WAYS.map((way) => [way, []]));
const gaps = new Map<Way, number>();

console.log(
  `${availableParallelism()} processors (${cpus()[0]?.model.trim()}), Node.js ${process.versions.node}, ${load()}`,
);
if (!hasRtpengine) console.log('No rtpengine to compare with: install the Debian package rtpengine-daemon.');
try {
  // Not counted: the first packets pay for compiling.
  for (const way of WAYS) await talk(way, 2);
  for (let round = 0; round < ROUNDS; round++) for (const way of WAYS) found.get(way)?.push(await talk(way));
  blocks = true;
  for (const way of WAYS) {
    blocked = 0;
    gaps.set(way, (await talk(way)).longestGap);
  }
} finally {
  for (const child of [gateway, talkers]) if (child.connected) child.disconnect();
}

if (!printTable({ calls: CALLS, blockMs: BLOCK_MS, found, gaps })) process.exitCode = 1;
console.log(load());
