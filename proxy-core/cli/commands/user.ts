/** `tandem user …`: who may register at the exchange. */
import { open } from 'node:fs/promises';
import type { CAC } from 'cac';
import {
  type ExchangeAdmin,
  everything,
  readUsers,
  type UserInfo,
  type UserRecord,
  writeUsers,
} from '../../node/control/index.ts';
import { csvLine } from '../../node/csv-line.ts';
import { systemReason } from '../../node/system-error.ts';
import type { Given } from '../arguments.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { printJson, printPairs } from '../output.ts';
import { declare, inDomain, nameOf, passwordOf, say, who, withAdmin, withPassword } from './common.ts';
import { choices, modeNamed } from './mode.ts';

const LARGEST_FILE = 24 * 1024 * 1024;

export function addUser(cli: CAC, io: Io): void {
  withPassword(
    declare(cli, 'user add <number>', 'Add a user, as NUMBER or NUMBER@DOMAIN', (given, word) => add(given, io, word)),
  ).option('--name <name>', 'Name that is shown to others');

  addListing(cli, io, {
    command: 'user list',
    description: 'List the users',
    method: 'users.list',
    sorts: ['number', 'name', 'created'],
    options: [
      ['--domain <name>', 'Only those of this domain'],
      ['--mode <mode>', `Only those with this mode: ${choices.join(', ')}`],
      ['--admins', 'Only administrators'],
      ['--registered', 'Only those with a device that is registered now'],
      ['--unregistered', 'Only those without one'],
    ],
    params: filtersOf,
    head: ['NUMBER', 'DOMAIN', 'NAME', 'DEVICES', 'MODE'],
    row: (user) => [user.number, user.domain, user.name, String(user.devices), modeOf(user)],
  });

  declare(cli, 'user show <number>', 'Show a user', (given, word) => show(given, io, word));

  declare(cli, 'user remove <number>', 'Remove a user and sign the user’s devices out', (given, word) =>
    withAdmin(given, io, async (admin) => {
      const user = await admin.call('users.remove', who(word));
      say(given, io, user, `Removed ${nameOf(user)}.`);
    }),
  );

  withPassword(declare(cli, 'user passwd <number>', 'Set a user’s password', (given, word) => passwd(given, io, word)));

  declare(
    cli,
    'user admin <number> <yes-or-no>',
    'Say whether a user may watch what belongs to others',
    (given, ...w) => setAdmin(given, io, ...w),
  );

  declare(cli, 'user rename <number> <name>', 'Set the name that is shown to others', (given, word, name = '') =>
    withAdmin(given, io, async (admin) => {
      const user = await admin.call('users.rename', { ...who(word), name });
      say(given, io, user, `Renamed ${nameOf(user)} to "${user.name}".`);
    }),
  );

  declare(cli, 'user export', 'Print the users with all that is theirs, passwords as hashes, as CSV', (given) =>
    exportAll(given, io),
  ).option('--domain <name>', 'Only those of this domain');

  declare(cli, 'user import <file>', 'Add the users of a CSV file, all or none', (given, file) =>
    importAll(given, io, file),
  )
    .option('--domain <name>', 'Put the users into this domain')
    .example('The first line names the columns: number,password,name,domain (the last two may be absent).')
    .example('An export has more, and goes back in; admin, mode and aliases may stand in any file.');
}

async function add(given: Given, io: Io, word: string | undefined): Promise<void> {
  const name = given.text('name') ?? '';
  const password = await passwordOf(given, io);
  const adding = (admin: ExchangeAdmin) => admin.call('users.add', { ...who(word), name, password });
  const user = await withAdmin(given, io, adding, { mayBegin: true });
  say(given, io, user, `Added ${nameOf(user)}.`);
}

async function passwd(given: Given, io: Io, word: string | undefined): Promise<void> {
  const password = await passwordOf(given, io);
  await withAdmin(given, io, async (admin) => {
    const user = await admin.call('users.setPassword', { ...who(word), password });
    say(given, io, user, `Set the password of ${nameOf(user)}.`);
  });
}

async function setAdmin(given: Given, io: Io, word?: string, answer?: string): Promise<void> {
  if (answer !== 'yes' && answer !== 'no') throw new UsageError('Say yes or no: tandem user admin NUMBER yes.');
  await withAdmin(given, io, async (admin) => {
    const user = await admin.call('users.setAdmin', { ...who(word), isAdmin: answer === 'yes' });
    say(given, io, user, `${nameOf(user)} is ${user.isAdmin ? 'now' : 'not'} an administrator.`);
  });
}

function filtersOf(given: Given): object {
  const [registered, unregistered] = [given.flag('registered'), given.flag('unregistered')];
  if (registered && unregistered) throw new UsageError('Give either --registered or --unregistered.');
  const mode = given.text('mode');
  return {
    ...inDomain(given),
    ...(mode !== undefined && { mode: modeNamed(mode) }),
    ...(given.flag('admins') && { isAdmin: true }),
    ...((registered || unregistered) && { registered }),
  };
}

/** Nothing where the domain or the exchange says. */
const modeOf = ({ mode }: UserInfo): string => (mode === 'default' ? '' : mode);

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const user = await withAdmin(given, io, (admin) => admin.call('users.show', who(word)));
  if (given.flag('json')) printJson(io.stdout, user);
  else {
    printPairs(io.stdout, [
      ['Number', user.number],
      ['Domain', user.domain],
      ['Name', user.name],
      ['Devices', String(user.devices)],
      ['Added', new Date(user.createdAt).toISOString()],
      ...(user.aliases.length > 0 ? [['Aliases', user.aliases.join(', ')]] : []),
      ...(user.devicePasswords.length > 0 ? [['Passwords', `own, ${user.devicePasswords.join(', ')}`]] : []),
      ...(user.isAdmin ? [['Rights', 'administrator']] : []),
      ...(modeOf(user) === '' ? [] : [['Mode', modeOf(user)]]),
    ]);
  }
}

async function exportAll(given: Given, io: Io): Promise<void> {
  const only = inDomain(given);
  const found: UserRecord[] = [];
  await withAdmin(given, io, async (admin) => {
    for await (const user of everything((after) => admin.call('users.export', { ...only, after }))) found.push(user);
  });
  if (given.flag('json')) return printJson(io.stdout, found);
  for (const fields of writeUsers(found)) io.stdout.write(csvLine(fields));
}

async function importAll(given: Given, io: Io, file = ''): Promise<void> {
  const rows = readUsers(await readText(file));
  const domain = inDomain(given);
  const add = (admin: ExchangeAdmin) => admin.call('users.import', { ...domain, rows });
  const { added } = await withAdmin(given, io, add, { mayBegin: true });
  say(given, io, { added }, `Imported ${added} ${added === 1 ? 'user' : 'users'}.`);
}

async function readText(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > LARGEST_FILE) {
        throw new CommandError(`${file} has more than ${LARGEST_FILE / 1024 / 1024} MiB: split it into smaller files.`);
      }
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof TypeError) throw new CommandError(`${file} is not in UTF-8.`, { cause: error });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new CommandError(`${file} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
}
