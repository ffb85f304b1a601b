/** `tandem location …`: which devices are registered, and where. */
import type { CAC } from 'cac';
import { everything, type LocationInfo } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import { CommandError, type Io } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addLocation(cli: CAC, io: Io): void {
  declare(cli, 'location list', 'List the registered devices', (given) => list(given, io));

  declare(cli, 'location show <number>', 'Show the devices of a user', (given, word) => show(given, io, word));

  declare(cli, 'location remove <number>', 'Sign the devices of a user out', (given, word) =>
    remove(given, io, word),
  ).option('--contact <uri>', 'Only the device with this contact');
}

async function list(given: Given, io: Io): Promise<void> {
  const found: LocationInfo[] = [];
  await withAdmin(given, io, async (admin) => {
    for await (const one of everything((after) => admin.call('location.list', { after }))) found.push(one);
  });
  print(given, io, found);
}

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const found = await withAdmin(given, io, (admin) => admin.call('location.show', who(word)));
  if (found.length === 0 && !given.flag('json')) throw new CommandError(`No device is registered for ${word ?? ''}.`);
  print(given, io, found);
}

async function remove(given: Given, io: Io, word: string | undefined): Promise<void> {
  const contact = given.text('contact');
  const only = contact === undefined ? {} : { contact };
  const { removed } = await withAdmin(given, io, (admin) => admin.call('location.remove', { ...who(word), ...only }));
  say(given, io, { removed }, `Removed ${removed} ${removed === 1 ? 'device' : 'devices'}.`);
}

function print(given: Given, io: Io, found: readonly LocationInfo[]): void {
  const now = Date.now();
  const secondsLeft = (one: LocationInfo): number => Math.max(0, Math.round((one.expiresAt - now) / 1_000));
  if (given.flag('json')) {
    const items = found.map(({ q, ...one }) => ({ ...one, q: q / 1_000, expires: secondsLeft(one as LocationInfo) }));
    printJson(io.stdout, items);
    return;
  }
  const rows = found.map((one) => [
    one.aor,
    one.contact,
    (one.q / 1_000).toString(),
    String(secondsLeft(one)),
    one.received,
    one.device === '' || one.userAgent === '' ? one.device || one.userAgent : `${one.device} (${one.userAgent})`,
  ]);
  printTable(io.stdout, ['USER', 'CONTACT', 'Q', 'EXPIRES', 'FROM', 'DEVICE'], rows);
}
