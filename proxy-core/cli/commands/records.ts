/** `tandem records …`: calls that have ended. */
import type { CAC } from 'cac';
import type { Params, RecordInfo } from '../../node/control/index.ts';
import { outcomes } from '../../server/calls/outcome.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { printJson, printPairs, printTable, writeOut } from '../output.ts';
import { clock, partyOf, timeOf } from './call-words.ts';
import { declare, say, who, withAdmin } from './common.ts';

type Wanted = Params<'records.list'>;

const FILTERS: readonly (readonly [option: string, explanation: string])[] = [
  ['--user <number>', 'Only those of one user (NUMBER or NUMBER@DOMAIN)'],
  ['--number <number>', 'Only those from or to a number, ours or not'],
  ['--from <time>', 'Only those that began then or later (2026-01-31 or 2026-01-31T09:30:00Z)'],
  ['--to <time>', 'Only those that began before'],
  ['--outcome <outcome>', `Only those that came out so: ${outcomes.join(', ')}`],
];

export function addRecords(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'records list',
    description: 'List calls that have ended, the latest first',
    method: 'records.list',
    usually: { descending: true },
    options: FILTERS,
    params: wantedBy,
    head: ['ID', 'BEGAN', 'FROM', 'TO', 'OUTCOME', 'TALKED', 'STATUS', 'CAUSE'],
    row: rowOf,
  });
  declare(cli, 'records show <id>', 'Show all that is on record of a call', (given, word) => show(given, io, word));
  const exporting = declare(cli, 'records export', 'Print calls that have ended as CSV, the oldest first', (given) =>
    exportAll(given, io),
  );
  for (const [option, explanation] of FILTERS) exporting.option(option, explanation);
  exporting.option('--find <text>', 'Only those with this text in a name, number, device or Call-ID');
  declare(cli, 'records counts', 'Show how many calls there were, and how they came out', (given) => counts(given, io))
    .option('--by <step>', 'hour or day, of UTC (default: day)')
    .option('--from <time>', 'From then on (default: the last 24 hours or 30 days)')
    .option('--to <time>', 'Before then (default: now)');
  declare(cli, 'records keep', 'Show or set how long records are kept', (given) => keep(given, io))
    .option('--days <count>', 'Records older than this go (0: never)')
    .option('--count <count>', 'The oldest beyond this many go');
  declare(cli, 'records webhook [url]', 'Show or set whom the exchange tells of each call that ends', (given, url) =>
    webhook(given, io, url),
  )
    .option('--secret <secret>', 'What deliveries are signed with, 16 characters or more (empty: not signed)')
    .option('--off', 'Tell nobody any more');
}

function wantedBy(given: Given): Wanted {
  const user = given.text('user');
  const outcome = given.text('outcome');
  const known = outcomes.find((one) => one === outcome);
  if (outcome !== undefined && known === undefined) throw new UsageError(`--outcome is one of ${outcomes.join(', ')}.`);
  const { number, domain } = who(user);
  return {
    ...(user !== undefined && { user: number }),
    ...(domain !== undefined && { domain }),
    ...{ number: given.text('number'), from: timeIn(given, 'from'), to: timeIn(given, 'to') },
    outcome: known,
  };
}

function timeIn(given: Given, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`--${name} is a time such as 2026-01-31 or 2026-01-31T09:30:00Z.`);
  return time;
}

function countIn(given: Given, name: string, least: number): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < least) throw new UsageError(`--${name} is a whole number from ${least} up.`);
  return count;
}

const rowOf = (call: RecordInfo): string[] => [
  ...[String(call.id), timeOf(call.startedAt), partyOf(call.caller), partyOf(call.callee)],
  ...[outcomeOf(call), call.answeredAt === 0 ? '' : clock(call.seconds), String(call.status), String(call.cause ?? '')],
];

/** With what is not sure about it. */
const outcomeOf = ({ outcome, lost }: RecordInfo): string => (lost === undefined ? outcome : `${outcome} (${lost})`);

async function show(given: Given, io: Io, word = ''): Promise<void> {
  if (!/^\d{1,16}$/.test(word)) throw new UsageError('A call is named by its ID, as "tandem records list" gives it.');
  const call = await withAdmin(given, io, (admin) => admin.call('records.show', { id: Number(word) }));
  if (given.flag('json')) return printJson(io.stdout, call);
  printPairs(io.stdout, pairsOf(call));
}

function pairsOf(call: RecordInfo): string[][] {
  const { devices, answeredBy, quality } = call;
  return [
    ['ID', String(call.id)],
    ['Call-ID', call.callId],
    [
      'From',
      `${partyOf(call.caller)}, ${call.callerDevice === '' ? '' : `${call.callerDevice}, `}${call.callerAddress}`,
    ],
    ['To', partyOf(call.callee)],
    ['Began', timeOf(call.startedAt)],
    ...(call.answeredAt === 0 ? [] : [['Answered', timeOf(call.answeredAt)]]),
    ['Ended', call.endedAt === 0 ? 'not known' : `${timeOf(call.endedAt)}, by the ${call.endedBy}`],
    ['Outcome', `${outcomeOf(call)}, status ${call.status}${call.cause === undefined ? '' : `, cause ${call.cause}`}`],
    ...(call.reason === '' ? [] : [['Reason', call.reason]]),
    ...(call.answeredAt === 0 ? [] : [['Talked', clock(call.seconds)]]),
    ...devices.map((device, at) => ['Device', deviceWords(device, at === answeredBy)]),
    ...quality.map(({ reporter, local }) => [
      'Sound',
      `${reporter}: ${Object.entries(local)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    ]),
  ];
}

function deviceWords(
  { contact, label, userAgent, ringingAt, status, isElsewhere }: RecordInfo['devices'][number],
  answered: boolean,
): string {
  const names = [contact, label, userAgent].filter((text) => text !== '').join(', ');
  const rang = ringingAt > 0 ? 'rang, ' : '';
  if (answered) return `${names}: ${rang}answered`;
  return `${names}: ${rang}${isElsewhere === true ? 'answered elsewhere' : `status ${status}`}`;
}

async function exportAll(given: Given, io: Io): Promise<void> {
  const wanted = { ...wantedBy(given), text: given.text('find') };
  await withAdmin(given, io, async (admin) => {
    let after: string | undefined;
    do {
      const page = await admin.call('records.export', { ...wanted, after, limit: 1_000 });
      if (page.csv !== '') await writeOut(io.stdout, page.csv);
      after = page.next;
    } while (after !== undefined);
  });
}

const HOUR_MS = 3_600_000;
const STEPS = { hour: [HOUR_MS, 24], day: [24 * HOUR_MS, 30] } as const;

async function counts(given: Given, io: Io): Promise<void> {
  const by = given.text('by') ?? 'day';
  if (by !== 'hour' && by !== 'day') throw new UsageError('--by is hour or day.');
  const [step, usual] = STEPS[by];
  const to = Math.ceil((timeIn(given, 'to') ?? Date.now()) / step) * step;
  const from = Math.floor((timeIn(given, 'from') ?? to - usual * step) / step) * step;
  const { items } = await withAdmin(given, io, (admin) => admin.call('records.counts', { from, to, step }));
  if (given.flag('json')) return printJson(io.stdout, items);
  const rows = items.map(({ at, calls }) => [timeOf(at), ...outcomes.map((outcome) => String(calls[outcome] ?? 0))]);
  printTable(io.stdout, ['BEGAN', ...outcomes.map((outcome) => outcome.toUpperCase())], rows);
}

async function keep(given: Given, io: Io): Promise<void> {
  const asked = { days: countIn(given, 'days', 0), count: countIn(given, 'count', 0) };
  const kept = await withAdmin(given, io, (admin) => admin.call('records.keep', asked));
  const age = kept.days === 0 ? 'of any age' : `of the last ${kept.days} days`;
  say(given, io, kept, `Up to ${kept.count} calls ${age} are kept; there are ${kept.records}.`);
}

async function webhook(given: Given, io: Io, word: string | undefined): Promise<void> {
  const off = given.flag('off');
  if (off && word !== undefined) throw new UsageError('Give either a URL or --off.');
  const asked = { url: off ? '' : word, secret: given.text('secret') };
  const now = await withAdmin(given, io, (admin) => admin.call('records.webhook', asked));
  const { url, hasSecret, waiting, givenUp } = now;
  if (url === undefined) return say(given, io, now, 'Nobody is told of calls.');
  const signed = hasSecret ? 'signed' : 'not signed';
  say(given, io, now, `${url} is told of each call that ends, ${signed}; ${waiting} wait, ${givenUp} were given up.`);
}
