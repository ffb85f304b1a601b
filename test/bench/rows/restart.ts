/** From starting the program with 100,000 users and their phones registered to "ready". */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/ports.ts';
import { cpuMs } from '../cpu.ts';
import { dataWithPhones } from '../office.ts';
import { median, type Row } from '../row.ts';

const COUNT = 100_000;

export const restart: Row = {
  name: 'restart',
  async run({ quick, program }) {
    const data = await dataWithPhones(program, COUNT);
    try {
      const starts: Start[] = [];
      for (let round = 0; round < (quick ? 1 : 5); round++) starts.push(await started(program, data));
      const what = `restart with ${COUNT.toLocaleString('en-GB')} bindings until "ready"`;
      const shared = { unit: 's', digits: 2 };
      return [
        { what, ...shared, tandem: median(starts.map(({ seconds }) => seconds)), must: 2, aim: 0.5 },
        // What it is where nothing else runs.
        { what: 'CPU of that restart', ...shared, tandem: median(starts.map(({ cpuSeconds }) => cpuSeconds)) },
      ];
    } finally {
      rmSync(join(data, '..'), { recursive: true, force: true });
    }
  },
};

interface Start {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function started(program: string, data: string): Promise<Start> {
  const listen = `udp://127.0.0.1:${await freePort()}`;
  const began = performance.now();
  const args = [program, 'serve', '--domain', '127.0.0.1', '--listen', listen, '--data', data];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((done) => child.once('exit', done));
  try {
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (!said.startsWith('ready ')) continue;
      const seconds = (performance.now() - began) / 1000;
      return { seconds, cpuSeconds: cpuMs(child.pid ?? 0) / 1000 };
    }
    throw new Error('it ended before it was ready');
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}
