/** The two exchanges that are compared, each a program of its own with one worker on a port of loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

export const PASSWORD = 'bench';

export interface Server {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

/** A new data directory with these users. */
export async function dataWith(program: string, numbers: readonly string[]): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-tandem-'));
  const users = join(dir, 'users.csv');
  writeFileSync(users, `number,password\n${numbers.map((number) => `${number},${PASSWORD}\n`).join('')}`);
  const data = join(dir, 'data');
  const args = [program, 'user', 'import', users, '--domain', '127.0.0.1', '--data', data];
  await finished(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  return data;
}

/** @param program the built `tandem` command; @param cpu the one that it may use; @param more options of `serve`. */
export async function startTandem(
  program: string,
  data: string,
  cpu?: number,
  more: readonly string[] = [],
): Promise<Server> {
  const port = await freePort();
  const command = [process.execPath, ...engineOptions(), program, 'serve', '--domain', '127.0.0.1', '--data', data];
  const child = start([...command, '--listen', `udp://127.0.0.1:${port}`, ...more], cpu);
  return server('Tandem', child, port, join(data, '..'));
}

/** As `npm run tandem` and the unit in docs/exchange.md start it. */
function engineOptions(): string[] {
  const { scripts } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { scripts: { tandem: string } };
  return scripts.tandem.split(' ').filter((word) => word.startsWith('--'));
}

export async function startKamailio(cpu?: number): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-kamailio-'));
  const port = await freePort();
  const config = readFileSync(resolve('test/bench/kamailio.cfg'), 'latin1');
  writeFileSync(join(dir, 'kamailio.cfg'), config.replaceAll('PORT', String(port)));
  const args = ['-f', join(dir, 'kamailio.cfg'), '-DD', '-E', '-Y', dir, '-w', dir, '-m', '512', '-M', '16'];
  return server('Kamailio', start(['kamailio', ...args], cpu), port, dir);
}

/** Both with the usual users, for as long as `work` takes. */
export async function withBoth<T>(
  program: string,
  numbers: readonly string[],
  work: (tandem: Server, kamailio: Server) => Promise<T>,
  cpu?: number,
): Promise<T> {
  const tandem = await startTandem(program, await dataWith(program, numbers), cpu);
  try {
    const kamailio = await startKamailio(cpu);
    try {
      return await work(tandem, kamailio);
    } finally {
      await kamailio.close();
    }
  } finally {
    await tandem.close();
  }
}

function start([command = '', ...args]: readonly string[], cpu: number | undefined): ChildProcess {
  const stdio = ['ignore', 'ignore', command === 'kamailio' ? 'ignore' : 'inherit'] as const;
  // taskset becomes the program, so that its pid is the server's.
  return cpu === undefined
    ? spawn(command, args, { stdio: [...stdio] })
    : spawn('taskset', ['-c', String(cpu), command, ...args], { stdio: [...stdio] });
}

async function server(name: string, child: ChildProcess, port: number, dir: string): Promise<Server> {
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await until(`${name} to answer`, () => answers(port), 60_000);
  } catch (error) {
    await close();
    throw error;
  }
  if (child.pid === undefined) throw new Error(`${name} did not start`);
  return { name, port, pid: child.pid, close };
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`it ended with ${code}`))));
  });
}

/** Whether anything at this port answers an OPTIONS. */
async function answers(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    return await new Promise<boolean>((done) => {
      const timer = setTimeout(() => done(false), 300);
      socket.once('message', () => {
        clearTimeout(timer);
        done(true);
      });
      socket.bind(0, '127.0.0.1', () => {
        const { port: own } = socket.address();
        const text =
          `OPTIONS sip:127.0.0.1:${port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK${Date.now()}\r\n` +
          `Max-Forwards: 5\r\nFrom: <sip:bench@caller.example>;tag=1\r\nTo: <sip:127.0.0.1:${port}>\r\n` +
          `Call-ID: ${Date.now()}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
        socket.send(text, port, '127.0.0.1');
      });
    });
  } finally {
    socket.close();
  }
}
