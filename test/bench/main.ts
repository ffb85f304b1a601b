/**
 * CPU per proxied call and per digest registration, Tandem beside Kamailio in one run: one worker each, sipp driving
 * both, rounds in turn so that neither has the quieter machine. Tandem's bindings are on disk before they are answered;
 * Kamailio's are in memory only.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import { cpuMs } from './cpu.ts';
import { PASSWORD, type Server, startKamailio, startTandem } from './servers.ts';

const CALLS = Number(process.env.BENCH_CALLS ?? 4_000);
const REGISTRATIONS = Number(process.env.BENCH_REGISTRATIONS ?? 8_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CALLS_PER_SECOND = 300;
const REGISTRATIONS_PER_SECOND = 600;

const numbers = Array.from({ length: 1_000 }, (_, index) => String(1_000 + index));
const dir = mkdtempSync(join(tmpdir(), 'bench-'));
const users = join(dir, 'users.csv');
const one = join(dir, 'one.csv');
const line = (number: string): string => `${number};[authentication username=${number} password=${PASSWORD}]\n`;
writeFileSync(users, `SEQUENTIAL\n${numbers.map(line).join('')}`);
writeFileSync(one, `SEQUENTIAL\n${line('1002')}`);

const scenario = (name: string): string => resolve(`test/bench/sipp/${name}.xml`);
const registerScenario = resolve('test/interop/sipp/register.xml');

function sipp(server: Server, name: string, port: number, ...more: string[]): Sipp {
  return Sipp.start(['-sf', name, '-i', '127.0.0.1', '-p', String(port), ...more, `127.0.0.1:${server.port}`]);
}

async function run(what: string, started: Sipp): Promise<void> {
  const code = await started.ended();
  const { output } = started;
  await started.close();
  if (code !== 0) throw new Error(`${what} failed with ${code}\n${output.slice(-3_000)}`);
}

const rate = (count: number, perSecond: number): string[] => [
  '-m',
  String(count),
  '-r',
  String(perSecond),
  '-l',
  '3000',
];

/** ms of CPU per call. */
async function calls(server: Server, count: number): Promise<number> {
  const callee = await freePort();
  await run('the callee registering', sipp(server, registerScenario, callee, '-inf', one, '-m', '1'));
  const answering = sipp(server, scenario('callee'), callee);
  try {
    const before = cpuMs(server.pid);
    await run('calls', sipp(server, scenario('caller'), await freePort(), ...rate(count, CALLS_PER_SECOND)));
    return (cpuMs(server.pid) - before) / count;
  } finally {
    await answering.close();
  }
}

/** ms of CPU per registration: 401 and 200. */
async function registrations(server: Server, count: number): Promise<number> {
  const before = cpuMs(server.pid);
  const port = await freePort();
  const args = ['-inf', users, ...rate(count, REGISTRATIONS_PER_SECOND)];
  await run('registrations', sipp(server, registerScenario, port, ...args));
  return (cpuMs(server.pid) - before) / count;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function compare(
  what: string,
  servers: readonly [Server, Server],
  measure: (server: Server, count: number) => Promise<number>,
  count: number,
): Promise<void> {
  const found = new Map<Server, number[]>(servers.map((server) => [server, []]));
  // Not counted: the first calls pay for compiling.
  for (const server of servers) await measure(server, Math.ceil(count / 2));
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of servers) found.get(server)?.push(await measure(server, count));
  }
  const [ours, theirs] = servers.map((server) => median(found.get(server) ?? []));
  const shown = (ms: number | undefined): string => `${(ms ?? Number.NaN).toFixed(3)} ms`.padStart(12);
  const ratio = ((ours ?? Number.NaN) / (theirs ?? Number.NaN)).toFixed(2);
  console.log(`${what.padEnd(44)}${shown(ours)}${shown(theirs)}${`${ratio} ×`.padStart(10)}`);
}

const program = process.argv[2];
if (program === undefined) throw new Error('the built tandem command is missing');
const tandem = await startTandem(program, numbers);
const kamailio = await startKamailio().catch(async (error: unknown) => {
  await tandem.close();
  throw error;
});
try {
  console.log(`${'CPU per …'.padEnd(44)}${'Tandem'.padStart(12)}${'Kamailio'.padStart(12)}${'ratio'.padStart(10)}`);
  const servers = [tandem, kamailio] as const;
  await compare('proxied call (INVITE 180 200 ACK BYE 200)', servers, calls, CALLS);
  await compare('digest registration (401 and 200)', servers, registrations, REGISTRATIONS);
} finally {
  await tandem.close();
  await kamailio.close();
  rmSync(dir, { recursive: true, force: true });
}
