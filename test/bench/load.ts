/** The load that sipp puts on a server, and what it cost. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import { cpuMs } from './cpu.ts';
import { PASSWORD, type Server } from './servers.ts';

/** Users 1000 to 1999; 1002 is the one who is called. */
export const numbers: readonly string[] = Array.from({ length: 1_000 }, (_, index) => String(1_000 + index));
const CALLED = '1002';

const register = resolve('test/interop/sipp/register.xml');
const scenario = (name: string): string => resolve(`test/bench/sipp/${name}.xml`);

export interface Rate {
  readonly count: number;
  readonly perSecond: number;
}

const asked = ({ count, perSecond }: Rate): string[] => ['-m', String(count), '-r', String(perSecond), '-l', '30000'];

function sipp(server: Server, file: string, port: number, more: readonly string[]): Sipp {
  return Sipp.start(['-sf', file, '-i', '127.0.0.1', '-p', String(port), ...more, `127.0.0.1:${server.port}`]);
}

/** Nothing takes this long but what is lost: the call is given up, and the round with it. */
const LOST_MS = '10000';

/** How many messages sipp had to send twice; undefined where something did not go well at all. */
async function repeated(
  server: Server,
  file: string,
  rate: Rate,
  more: readonly string[] = [],
): Promise<number | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-load-'));
  const statistics = join(dir, 'statistics.csv');
  const told = ['-trace_stat', '-stf', statistics, '-fd', '1', '-recv_timeout', LOST_MS];
  const started = sipp(server, file, await freePort(), [...told, ...more, ...asked(rate)]);
  try {
    const code = await started.ended();
    return code === 0 ? lastOf(readFileSync(statistics, 'latin1'), 'Retransmissions(C)') : undefined;
  } finally {
    await started.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** ms of CPU that a server takes for each of what `load` has it do; undefined where that did not go cleanly. */
async function cpuPer(
  server: Server,
  { count }: Rate,
  load: () => Promise<number | undefined>,
): Promise<number | undefined> {
  const before = cpuMs(server.pid);
  const twice = await load();
  const isClean = twice !== undefined && twice <= count * NOISE;
  return isClean ? (cpuMs(server.pid) - before) / count : undefined;
}

/** Of all calls: on a busy machine a few messages are always late, and change nothing. */
const NOISE = 0.01;

/** Runs `work` while user 1002 answers; he registers first. */
export async function withCallee<T>(server: Server, work: () => Promise<T>): Promise<T> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'bench-callee-'));
  const one = credentials(dir, [CALLED]);
  const registering = sipp(server, register, port, ['-inf', one, '-m', '1']);
  const code = await registering.ended();
  await registering.close();
  if (code !== 0) throw new Error(`the callee could not register\n${registering.output.slice(-3_000)}`);
  const answering = sipp(server, scenario('callee'), port, []);
  try {
    return await work();
  } finally {
    await answering.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** ms of CPU for each call; somebody has to answer. */
export const cpuPerCall = (server: Server, rate: Rate): Promise<number | undefined> =>
  cpuPer(server, rate, () => repeated(server, scenario('caller'), rate));

/** ms of CPU for each registration: 401 and 200. */
export async function cpuPerRegistration(server: Server, rate: Rate): Promise<number | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-users-'));
  try {
    const users = ['-inf', credentials(dir, numbers)];
    return await cpuPer(server, rate, () => repeated(server, register, rate, users));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Whether all calls went through without anything sent twice. */
export const callsCleanly = async (server: Server, rate: Rate): Promise<boolean> =>
  (await repeated(server, scenario('caller'), rate)) === 0;

function lastOf(table: string, column: string): number {
  const lines = table.trim().split('\n');
  const place = lines[0]?.split(';').indexOf(column) ?? -1;
  return Number(lines.at(-1)?.split(';')[place] ?? Number.NaN);
}

function credentials(dir: string, whose: readonly string[]): string {
  const file = join(dir, `${whose[0]}.csv`);
  const line = (number: string): string => `${number};[authentication username=${number} password=${PASSWORD}]\n`;
  writeFileSync(file, `SEQUENTIAL\n${whose.map(line).join('')}`);
  return file;
}
