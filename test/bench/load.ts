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

async function finish(what: string, started: Sipp): Promise<void> {
  const code = await started.ended();
  const { output } = started;
  await started.close();
  if (code !== 0) throw new Error(`${what} failed with ${code}\n${output.slice(-3_000)}`);
}

/** Runs `work` while user 1002 answers; he registers first. */
export async function withCallee<T>(server: Server, work: () => Promise<T>): Promise<T> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'bench-callee-'));
  const one = credentials(dir, [CALLED]);
  await finish('the callee registering', sipp(server, register, port, ['-inf', one, '-m', '1']));
  const answering = sipp(server, scenario('callee'), port, []);
  try {
    return await work();
  } finally {
    await answering.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** ms of CPU for each call; somebody has to answer. */
export async function cpuPerCall(server: Server, rate: Rate): Promise<number> {
  const before = cpuMs(server.pid);
  await finish('calls', sipp(server, scenario('caller'), await freePort(), asked(rate)));
  return (cpuMs(server.pid) - before) / rate.count;
}

/** ms of CPU for each registration: 401 and 200. */
export async function cpuPerRegistration(server: Server, rate: Rate): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-users-'));
  try {
    const before = cpuMs(server.pid);
    const args = ['-inf', credentials(dir, numbers), ...asked(rate)];
    await finish('registrations', sipp(server, register, await freePort(), args));
    return (cpuMs(server.pid) - before) / rate.count;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Whether all calls went through without anything sent twice. */
export async function callsCleanly(server: Server, rate: Rate): Promise<boolean> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-calls-'));
  const file = join(dir, 'statistics.csv');
  const more = ['-trace_stat', '-stf', file, '-fd', '1', ...asked(rate)];
  const calling = sipp(server, scenario('caller'), await freePort(), more);
  try {
    const code = await calling.ended();
    return code === 0 && lastOf(readFileSync(file, 'latin1'), 'Retransmissions(C)') === 0;
  } finally {
    await calling.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

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
