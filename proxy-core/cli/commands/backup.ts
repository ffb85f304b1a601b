/** `tandem backup` and `tandem restore`: the office in one file, and back. */
import type { CAC } from 'cac';
import type { KindChange, Names } from '../../node/backup/compare.ts';
import { createBackup } from '../../node/backup/create.ts';
import { type Restored, restoreBackup } from '../../node/backup/restore.ts';
import { osUser } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { printable } from '../output.ts';
import { utcTime } from '../time.ts';
import { dataDirOf, declare, say } from './common.ts';

export function addBackup(cli: CAC, io: Io): void {
  declare(cli, 'backup <file>', 'Write the whole office into a file, also while it runs', (given, file) =>
    backup(given, io, file),
  ).example('  tandem backup office.tandem');

  declare(cli, 'restore <file>', 'Put a backup in the place of the office, which is kept beside it', (given, file) =>
    restore(given, io, file),
  )
    .option('--dry-run', 'Only say what would change')
    .example('  tandem restore office.tandem --dry-run');
}

async function backup(given: Given, io: Io, file = ''): Promise<void> {
  const made = createBackup(dataDirOf(given, io), file, Date.now());
  const files = made.manifest.files.length;
  const told = `${made.file}: ${files} ${files === 1 ? 'file' : 'files'}, ${made.bytes} bytes.`;
  say(
    given,
    io,
    { ...made.manifest, file: made.file, bytes: made.bytes },
    `The office is in ${told} Whoever has it can sign in as everybody.`,
  );
}

async function restore(given: Given, io: Io, file = ''): Promise<void> {
  const isDry = given.flag('dryRun');
  const dataDir = dataDirOf(given, io);
  const done = await restoreBackup({ file, dataDir, isDry, by: osUser(), now: Date.now() });
  say(given, io, done, [...report(done, isDry), ...ending(done, dataDir, isDry)].map(printable).join('\n'));
}

function report({ manifest, changes }: Restored, isDry: boolean): string[] {
  const head = `A backup of ${utcTime(manifest.createdAt)}, made by Tandem ${manifest.version}.`;
  const lines = changes.filter((one) => one.before > 0 || one.after > 0).flatMap(linesOf);
  return [head, `${isDry ? 'It would change' : 'Changed'}, of ${changes.length} kinds of things:`, ...lines];
}

function linesOf({ kind, before, after, ...change }: KindChange): string[] {
  const what = ([word, names]: readonly [string, Names]): string[] => {
    if (names.count === 0) return [];
    const more = names.count - names.names.length;
    return [`  ${word} ${names.count}: ${names.names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
  };
  const parts = (
    [
      ['new', change.added],
      ['gone', change.removed],
      ['other', change.changed],
    ] as const
  ).flatMap(what);
  return [`${kind}: ${before} → ${after}${parts.length === 0 ? ', the same' : ''}`, ...parts];
}

function ending({ kept, options }: Restored, dataDir: string, isDry: boolean): string[] {
  const words = options.map(({ option, path }) => `--${option} ${path}`).join(' ');
  return [
    ...(options.length === 0 ? [] : [`Files from elsewhere come along; serve with: ${words}`]),
    ...(isDry ? ['Nothing was changed.'] : [`The office in ${dataDir} is the one of the backup.`]),
    ...(kept === undefined ? [] : [`What was there is in ${kept}.`]),
  ];
}
