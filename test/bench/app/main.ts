/**
 * What the desktop program asks of a computer, beside Debian's linphone-desktop in the same run on the same display: how
 * soon one may dial, how soon a key is seen with 4,000 users, what it costs to stand idle, memory, and scrolling the history.
 * `--quick` is a first look, `--contacts` only what a hundred thousand contacts cost.
 */
import { rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Display } from './display.ts';
import { CALLS, CONTACTS, crowdedProfile, largeProfile, smallProfile, USERS } from './profiles.ts';
import { type Program, startLinphone, startTandem, type Tandem } from './program.ts';
import { KEYS, LONGEST_FREEZE, SCROLL, WATCH_KEYS } from './scripts.ts';
import { Table } from './table.ts';

const quick = process.argv.includes('--quick');
const crowdAlone = process.argv.includes('--contacts');
const ROUNDS = quick ? 2 : 7;
/** Within the first minute both still collect what their start has left. */
const CALM_MS = quick ? 5_000 : 90_000;
const IDLE_MS = quick ? 5_000 : 60_000;
const TYPED = quick ? 'anna n' : 'anna novak jana torres 1234 olga';
/** Between two keys: a quick typist's. */
const KEY_MS = 120;

const [electron = '', root = ''] = process.argv.slice(2);
if (electron === '' || root === '') throw new Error('the program is missing');

interface Standing {
  /** Of one core, %. */
  readonly idle: number;
  readonly memory: number;
}

async function standing(program: Program): Promise<Standing> {
  await pause(CALM_MS);
  const [before, began] = [program.cpuMs, performance.now()];
  await pause(IDLE_MS);
  const idle = ((program.cpuMs - before) / (performance.now() - began)) * 100;
  return { idle, memory: program.memory };
}

interface Rounds {
  readonly ready: number[];
  readonly cpu: number[];
  readonly standing: Standing[];
}
const rounds = (): Rounds => ({ ready: [], cpu: [], standing: [] });

/** In turns, so that whatever else the machine does slows both; the first start of each warms the disk's memory. */
async function starts(display: Display, tandem: Tandem): Promise<{ own: Rounds; other: Rounds }> {
  const [own, other] = [rounds(), rounds()];
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [found, start] of [
      [own, () => startTandem(display, tandem)],
      [other, () => startLinphone(display)],
    ] as const) {
      const started = await start();
      if (started === undefined) continue;
      if (round > 0) {
        found.ready.push(started.afterMs);
        found.cpu.push(started.program.cpuMs);
        if (round === 1) found.standing.push(await standing(started.program));
      }
      await started.program.close();
    }
  }
  return { own, other };
}

interface Large {
  readonly keys: readonly number[];
  readonly frames: { readonly perSecond: number; readonly longestMs: number; readonly rows: number };
  readonly standing: Standing;
}

async function typed(program: Program): Promise<readonly number[]> {
  await program.ask(WATCH_KEYS);
  for (const key of [...TYPED]) {
    await program.press(key);
    await pause(KEY_MS);
  }
  return program.ask<number[]>(KEYS);
}

async function large(display: Display, tandem: Tandem): Promise<Large> {
  const { program } = await startTandem(display, tandem);
  try {
    await pause(CALM_MS);
    const keys = await typed(program);
    const frames = await program.ask<Large['frames']>(SCROLL);
    return { keys, frames, standing: await standing(program) };
  } finally {
    await program.close();
  }
}

async function crowded(table: Table): Promise<void> {
  const data = crowdedProfile();
  try {
    const { program, afterMs } = await startTandem(display, { electron, root, data });
    try {
      await pause(CALM_MS);
      const freeze = await program.ask<number>(LONGEST_FREEZE);
      const keys = await typed(program);
      table.row(`start with ${CONTACTS} contacts`, [afterMs], [], undefined, 'ms');
      table.row('the longest freeze of that', [freeze], [], undefined, 'ms');
      table.row(`key to screen, ${CONTACTS} contacts, median`, keys, [], 50, 'ms', 1);
      table.row('the slowest of those keys', [Math.max(...keys)], [], undefined, 'ms', 1);
      table.row('memory with those contacts', [program.memory], [], undefined, 'MB');
    } finally {
      await program.close();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** Gives what was scrolled. */
async function everything(): Promise<{ readonly table: Table; readonly scrolled: number }> {
  const [small, full] = [smallProfile(), largeProfile(root)];
  try {
    const load = loadavg()[0] ?? 0;
    const { own, other } = await starts(display, { electron, root, data: small });
    const { keys, frames, standing: stood } = await large(display, { electron, root, data: full });
    console.log(
      `${availableParallelism()} processors, load ${load.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after\n`,
    );
    const table = new Table();
    table.row('start until one may dial', own.ready, other.ready, 1_500, 'ms');
    table.row('CPU of that start', own.cpu, other.cpu, undefined, 'ms');
    const each = (of: keyof Standing, found: Rounds) => found.standing.map((one) => one[of]);
    table.row('idle, of one core', each('idle', own), each('idle', other), 1, '%', 2);
    table.row('memory (PSS of all processes)', each('memory', own), each('memory', other), 250, 'MB');
    table.row(`key to screen, ${USERS} users, median`, keys, [], 50, 'ms', 1);
    table.row('the slowest of those keys', [Math.max(...keys)], [], undefined, 'ms', 1);
    table.row(`idle with an office of ${USERS}`, [stood.idle], [], undefined, '%', 2);
    table.row('memory with that office', [stood.memory], [], undefined, 'MB');
    table.row(`frames a second, history of ${CALLS}`, [frames.perSecond], [], undefined, '');
    table.row('the longest frame of those', [frames.longestMs], [], undefined, 'ms');
    return { table, scrolled: frames.rows };
  } finally {
    for (const data of [small, full]) rmSync(data, { recursive: true, force: true });
  }
}

const display = await Display.open();
try {
  const { table, scrolled } = crowdAlone ? { table: new Table(), scrolled: undefined } : await everything();
  await crowded(table);
  if (scrolled !== undefined) console.log(`\n${scrolled} px of the history were scrolled.`);
  process.exitCode = table.isReached ? 0 : 1;
} finally {
  await display.close();
}
