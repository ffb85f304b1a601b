/**
 * Measures Tandem beside Kamailio in one run, one worker each, sipp driving both. `--only NAME` takes one row, `--quick`
 * gives a first look. CPU times are those of the programs' own, from /proc, so that they mean something on a busy machine.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { heading, printed, type Row } from './row.ts';
import { call, quietCall } from './rows/call.ts';
import { callsPerSecond } from './rows/calls-per-second.ts';
import { contactMemory } from './rows/contact-memory.ts';
import { flat } from './rows/flat.ts';
import { lamps } from './rows/lamps.ts';
import { parse } from './rows/parse.ts';
import { registration } from './rows/registration.ts';
import { restart } from './rows/restart.ts';
import { trace } from './rows/trace.ts';

const rows: readonly Row[] = [
  parse,
  contactMemory,
  restart,
  call,
  quietCall,
  registration,
  flat,
  callsPerSecond,
  trace,
  lamps,
];

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('the built tandem command is missing');
const quick = args.includes('--quick');
const only = args.flatMap((arg, i) => (args[i - 1] === '--only' ? [arg] : []));
const unknown = only.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0 || (args.includes('--only') && only.length === 0)) {
  console.error(`There is no row ${unknown.join(', ')}: take one of ${rows.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
console.log(
  `${availableParallelism()} processors (${cpus()[0]?.model.trim()}), Node.js ${process.versions.node}, ${load()}`,
);
console.log(heading());
for (const row of rows) {
  if (only.length > 0 && !only.includes(row.name)) continue;
  try {
    for (const figure of await row.run({ quick, program })) console.log(printed(figure));
  } catch (error) {
    process.exitCode = 1;
    console.log(`${row.name}: ${error instanceof Error ? error.message : error}`);
  }
}
console.log(load());

/** What else this machine had to do: the bench itself keeps one to two processors busy. */
function load(): string {
  return `load of the last minutes ${loadavg()
    .map((value) => value.toFixed(1))
    .join(', ')}`;
}
