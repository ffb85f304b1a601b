/** `tandem messages …`: what is kept for users who are away. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { printJson, printPairs } from '../output.ts';
import { utcTime } from '../time.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addMessages(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'messages list [number]',
    description: 'List the messages that are kept, or those for a user',
    method: 'messages.list',
    params: (_, word) => (word === undefined ? {} : who(word)),
    head: ['ID', 'FOR', 'FROM', 'SENT', 'EXPIRES', 'BYTES'],
    row: (one) => [
      ...[String(one.id), one.recipient, one.sender, utcTime(one.receivedAt), utcTime(one.expiresAt)],
      String(one.bytes),
    ],
    items: (messages) => messages,
  });
  declare(cli, 'messages show <id>', 'Show a kept message', (given, word) => show(given, io, word)).option(
    '--body',
    'Show what it says too',
  );
  declare(cli, 'messages remove [id]', 'Throw a kept message away; its sender is not told', (given, word) =>
    remove(given, io, word),
  ).option('--user <number>', 'All that are kept for this user instead');
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
