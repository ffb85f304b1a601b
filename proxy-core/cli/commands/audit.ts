/** `tandem audit …`: who changed what, and how to take it back. */
import type { CAC } from 'cac';
import type { AuditInfo, Difference } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { printable, printJson, printPairs } from '../output.ts';
import { utcTime } from '../time.ts';
import { declare, say, withAdmin } from './common.ts';

export function addAudit(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'audit list',
    description: 'List who changed what, the latest first',
    method: 'audit.list',
    usually: { descending: true },
    options: [
      ['--by <who>', 'Only what this one did'],
      ['--since <time>', 'Only what was done from then on, such as 2030-01-31 or 2030-01-31T12:00Z'],
    ],
    params(given) {
      const by = given.text('by');
      const since = given.text('since');
      return { ...(by !== undefined && { by }), ...(since !== undefined && { since: timeNamed(since) }) };
    },
    head: ['ID', 'WHEN', 'WHO', 'WHAT', 'CHANGE'],
    row: (entry) => [String(entry.id), utcTime(entry.at), entry.by, entry.action, summaryOf(entry)],
  });

  declare(cli, 'audit show <id>', 'Show all that one entry changed', (given, word) => show(given, io, word));

  declare(cli, 'audit undo <id>', 'Take back what one entry changed, where it still fits', (given, word) =>
    withAdmin(given, io, async (admin) => {
      const entry = await admin.call('audit.undo', { id: idNamed(word) });
      say(given, io, entry, `Taken back, as entry ${entry.id}: ${printable(summaryOf(entry))}.`);
    }),
  );
}

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const entry = await withAdmin(given, io, (admin) => admin.call('audit.show', { id: idNamed(word) }));
  if (given.flag('json')) return printJson(io.stdout, entry);
  printPairs(io.stdout, [
    ['Entry', String(entry.id)],
    ['When', utcTime(entry.at)],
    ['Who', entry.by],
    ['What', entry.action],
    ...entry.changes.map((change) => ['', lineOf(change)]),
    ...(entry.more > 0 ? [['', `and ${entry.more} more`]] : []),
    ...(entry.undoes === undefined ? [] : [['Takes back', String(entry.undoes)]]),
    ...(entry.undoneBy === undefined ? [] : [['Taken back', `by ${entry.undoneBy}`]]),
  ]);
}

function idNamed(word = ''): number {
  if (!/^[1-9]\d{0,14}$/.test(word))
    throw new UsageError('Name the entry by its number; "tandem audit list" shows it.');
  return Number(word);
}

function timeNamed(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new UsageError(`--since is a time such as 2030-01-31 or 2030-01-31T12:00Z, not "${text}".`);
  return time;
}

function summaryOf({ changes, subject, more, undoes, undoneBy }: AuditInfo): string {
  const [first] = changes;
  const told = first === undefined ? subject : lineOf(first);
  const others = changes.length - 1 + more;
  const marks = [
    ...(others > 0 ? [`and ${others} more`] : []),
    ...(undoes === undefined ? [] : [`(takes back ${undoes})`]),
    ...(undoneBy === undefined ? [] : [`(taken back by ${undoneBy})`]),
  ];
  return [told, ...marks].join(' ');
}

/** Such as `user 1001@example.org: name "Ana" → "Anna", password changed`. */
function lineOf({ kind, key, change, fields }: Difference): string {
  const told = fields
    .filter((one) => change === 'changed' || (one.before ?? one.after ?? '') !== '')
    .map(({ field, before, after }) => {
      if (before === undefined && after === undefined) return `${field} changed`;
      return change === 'changed' ? `${field} "${before ?? ''}" → "${after ?? ''}"` : `${field} "${after ?? before}"`;
    });
  if (change === 'changed') return `${kind} ${key}: ${told.join(', ')}`;
  return `${kind} ${key} ${change}${told.length === 0 ? '' : ` (${told.join(', ')})`}`;
}
