/**
 * The long form of the fuzzers: goes on until its time is up and writes each story that did not hold into `corpus/`, from
 * where every later run plays it. Half of the time spoils sound stories, a quarter grows new ones, the rest goes to a
 * real process over real sockets.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { story } from './grammar.ts';
import { floodProcess } from './process.ts';
import { play, type Story } from './session.ts';
import { spoiltStory } from './spoil.ts';

const CORPUS = join(import.meta.dirname, 'corpus');
/** After so many different faults somebody should look before more are sought. */
const ENOUGH = 20;

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error('Usage: npm run fuzz -- [--seconds N] [--seed S]');
  process.exit(2);
};

const seconds = option('seconds', 60);
const seed = option('seed', Date.now() % 1_000_000_000);
const faults = new Map<string, Story>();

async function faultOf(one: Story): Promise<string | undefined> {
  try {
    await play(one);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where it goes wrong stays where it is; steps that it does not need go. */
async function shortened(one: Story): Promise<Story> {
  let best = one;
  for (let i = one.steps.length - 1; i >= 0; i--) {
    const shorter = { ...best, steps: best.steps.filter((_, at) => at !== i) };
    if ((await faultOf(shorter)) !== undefined) best = shorter;
  }
  return best;
}

/** Two are the same when their sentences begin alike. */
const kindOf = (fault: string): string => fault.slice(0, 40).replace(/\d+/g, '#');

async function note(one: Story, fault: string): Promise<void> {
  const kind = kindOf(fault);
  if (faults.has(kind)) return;
  const short = await shortened(one);
  faults.set(kind, short);
  const file = `found-${seed}-${faults.size}.json`;
  writeFileSync(join(CORPUS, file), `${JSON.stringify(short, null, 2)}\n`);
  console.error(`\n${file}: ${fault}\n`);
}

async function spoil(until: number): Promise<number> {
  let count = 0;
  for (let at = seed; Date.now() < until && faults.size < ENOUGH; at++, count++) {
    const one = spoiltStory(at);
    const fault = await faultOf(one);
    if (fault !== undefined) await note(one, fault);
  }
  return count;
}

async function grow(until: number): Promise<number> {
  let count = 0;
  for (let round = 0; Date.now() < until && faults.size < ENOUGH; round++) {
    const left = until - Date.now();
    const options = { seed: seed + round, numRuns: 2000, interruptAfterTimeLimit: left, markInterruptAsFailure: false };
    const known = async (one: Story): Promise<boolean> => {
      const fault = await faultOf(one);
      return fault === undefined || faults.has(kindOf(fault));
    };
    const result = await fc.check(fc.asyncProperty(story, known), options);
    count += result.numRuns;
    const found = result.counterexample?.[0];
    if (result.failed && found !== undefined) await note(found, (await faultOf(found)) ?? 'only once');
  }
  return count;
}

const start = Date.now();
const spoilt = await spoil(start + seconds * 500);
const grown = await grow(start + seconds * 750);
const flood = await floodProcess(seed, Math.max(0, start + seconds * 1000 - Date.now()));
console.log(
  `seed ${seed}: ${spoilt} spoilt and ${grown} grown stories, ${flood.sent} messages to a process, ` +
    `${faults.size + (flood.fault === undefined ? 0 : 1)} faults`,
);
if (flood.fault !== undefined) console.error(flood.fault);
process.exit(faults.size > 0 || flood.fault !== undefined ? 1 : 0);
