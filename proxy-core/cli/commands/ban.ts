/** `tandem ban …`: addresses that are kept away, and how to let them in again. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { utcTime } from '../time.ts';
import { declare, say, withAdmin } from './common.ts';

const USUAL_MINUTES = 60;

export function addBan(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'ban list',
    description: 'List the addresses that are banned now',
    method: 'bans.list',
    sorts: ['address', 'since', 'until'],
    usually: { sort: 'since' },
    head: ['ADDRESS', 'UNTIL', 'TIMES', 'REASON'],
    row: ({ address, until, times, reason }) => [address, utcTime(until), String(times), reason],
  });
  declare(cli, 'ban lift <address>', 'Let an address in again', (given, word) => lift(given, io, word));
  declare(cli, 'ban add <address>', 'Keep an address away', (given, word) => add(given, io, word)).option(
    '--minutes <count>',
    `For how long (without it ${USUAL_MINUTES})`,
  );
}

async function lift(given: Given, io: Io, word = ''): Promise<void> {
  const ban = await withAdmin(given, io, (admin) => admin.call('bans.lift', { address: word }));
  say(given, io, ban, `${ban.address} may come in again.`);
}

async function add(given: Given, io: Io, word = ''): Promise<void> {
  const minutes = Number(given.text('minutes') ?? USUAL_MINUTES);
  if (!Number.isInteger(minutes) || minutes < 1) throw new UsageError('--minutes is a whole number from 1 up.');
  const ban = await withAdmin(given, io, (admin) => admin.call('bans.add', { address: word, seconds: minutes * 60 }));
  say(given, io, ban, `${ban.address} is banned until ${utcTime(ban.until)}.`);
}
