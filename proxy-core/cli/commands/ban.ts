/** `tandem ban …`: addresses that are kept away, and how to let them in again. */
import type { CAC } from 'cac';
import { type BanInfo, everything } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { utcTime } from '../time.ts';
import { declare, say, withAdmin } from './common.ts';

const USUAL_MINUTES = 60;

export function addBan(cli: CAC, io: Io): void {
  declare(cli, 'ban list', 'List the addresses that are banned now', (given) => list(given, io));
  declare(cli, 'ban lift <address>', 'Let an address in again', (given, word) => lift(given, io, word));
  declare(cli, 'ban add <address>', 'Keep an address away', (given, word) => add(given, io, word)).option(
    '--minutes <count>',
    `For how long (without it ${USUAL_MINUTES})`,
  );
}

async function list(given: Given, io: Io): Promise<void> {
  const found: BanInfo[] = [];
  await withAdmin(given, io, async (admin) => {
    for await (const one of everything((after) => admin.call('bans.list', { after }))) found.push(one);
  });
  if (given.flag('json')) return printJson(io.stdout, found);
  const rows = found.map(({ address, until, times, reason }) => [address, utcTime(until), String(times), reason]);
  printTable(io.stdout, ['ADDRESS', 'UNTIL', 'TIMES', 'REASON'], rows);
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
