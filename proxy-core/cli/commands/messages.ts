/** `tandem messages …`: what is kept for users who are away. */
import type { CAC } from 'cac';
import { everything, type MessageInfo } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { printJson, printPairs, printTable } from '../output.ts';
import { utcTime } from '../time.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addMessages(cli: CAC, io: Io): void {
  declare(cli, 'messages list [number]', 'List the messages that are kept, or those for a user', (given, word) =>
    list(given, io, word),
  );
  declare(cli, 'messages show <id>', 'Show a kept message', (given, word) => show(given, io, word)).option(
    '--body',
    'Show what it says too',
  );
  declare(cli, 'messages remove [id]', 'Throw a kept message away; its sender is not told', (given, word) =>
    remove(given, io, word),
  ).option('--user <number>', 'All that are kept for this user instead');
}

async function list(given: Given, io: Io, word: string | undefined): Promise<void> {
  const of = word === undefined ? {} : who(word);
  const found: MessageInfo[] = [];
  await withAdmin(given, io, async (admin) => {
    for await (const one of everything((after) => admin.call('messages.list', { ...of, after }))) found.push(one);
  });
  if (given.flag('json')) return printJson(io.stdout, found);
  const rows = found.map((one) => [
    String(one.id),
    one.recipient,
    one.sender,
    utcTime(one.receivedAt),
    utcTime(one.expiresAt),
    String(one.bytes),
  ]);
  printTable(io.stdout, ['ID', 'FOR', 'FROM', 'SENT', 'EXPIRES', 'BYTES'], rows);
}

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const asked = { id: idOf(word), body: given.flag('body') };
  const one = await withAdmin(given, io, (admin) => admin.call('messages.show', asked));
  if (given.flag('json')) return printJson(io.stdout, one);
  printPairs(io.stdout, [
    ['For', one.recipient],
    ['From', one.sender],
    ['Sent', utcTime(one.receivedAt)],
    ['Expires', utcTime(one.expiresAt)],
    ['Type', one.type],
    ['Bytes', String(one.bytes)],
    ...(one.body === undefined ? [] : [['Body', one.body]]),
  ]);
}

async function remove(given: Given, io: Io, word: string | undefined): Promise<void> {
  const user = given.text('user');
  if ((word === undefined) === (user === undefined)) throw new UsageError('Name one message, or a user with --user.');
  const asked = user === undefined ? { id: idOf(word) } : who(user);
  const done = await withAdmin(given, io, (admin) => admin.call('messages.remove', asked));
  say(given, io, done, `Removed ${done.removed} ${done.removed === 1 ? 'message' : 'messages'}.`);
}

function idOf(word: string | undefined): number {
  if (!/^\d{1,15}$/.test(word ?? ''))
    throw new UsageError('A message is named by its number in "tandem messages list".');
  return Number(word);
}
