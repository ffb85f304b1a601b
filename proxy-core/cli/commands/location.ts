/** `tandem location …`: which devices are registered, and where. */
import type { CAC } from 'cac';
import type { LocationInfo, RestlessInfo } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import { CommandError, type Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { printJson, printTable } from '../output.ts';
import { utcTime } from '../time.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addLocation(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'location list',
    description: 'List the registered devices',
    method: 'location.list',
    options: [['--device <label>', 'Only those with the password of this device']],
    params(given) {
      const device = given.text('device');
      return device === undefined ? {} : { device };
    },
    head: HEAD,
    row: rowOf,
    json: jsonOf,
    items: (devices) => devices,
  });

  declare(cli, 'location show <number>', 'Show the devices of a user', (given, word) => show(given, io, word));

  declare(
    cli,
    'location restless',
    'List phones that register again and again, change their address, or come and go',
    (given) => restless(given, io),
  );

  declare(cli, 'location remove <number>', 'Sign the devices of a user out', (given, word) =>
    remove(given, io, word),
  ).option('--contact <uri>', 'Only the device with this contact');
}

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const found = await withAdmin(given, io, (admin) => admin.call('location.show', who(word)));
  if (found.length === 0 && !given.flag('json')) throw new CommandError(`No device is registered for ${word ?? ''}.`);
  print(given, io, found);
}

const HOW = { again: 'registers again', moved: 'changes its address', back: 'comes and goes' } as const;

async function restless(given: Given, io: Io): Promise<void> {
  const found = await withAdmin(given, io, (admin) => admin.call('location.restless', {}));
  if (given.flag('json')) printJson(io.stdout, found);
  else printTable(io.stdout, ['USER', 'PHONE', 'FROM', 'WHAT', 'TIMES', 'SINCE', 'LAST'], found.map(restlessRow));
}

const restlessRow = ({ number, domain, userAgent, host, how, times, since, last }: RestlessInfo): string[] => [
  ...[`${number}@${domain}`, userAgent, host, HOW[how], String(times), utcTime(since), utcTime(last)],
];

async function remove(given: Given, io: Io, word: string | undefined): Promise<void> {
  const contact = given.text('contact');
  const only = contact === undefined ? {} : { contact };
  const { removed } = await withAdmin(given, io, (admin) => admin.call('location.remove', { ...who(word), ...only }));
  say(given, io, { removed }, `Removed ${removed} ${removed === 1 ? 'device' : 'devices'}.`);
}

function print(given: Given, io: Io, found: readonly LocationInfo[]): void {
  if (given.flag('json')) printJson(io.stdout, found.map(jsonOf));
  else printTable(io.stdout, HEAD, found.map(rowOf));
}

const HEAD = ['USER', 'CONTACT', 'Q', 'EXPIRES', 'FROM', 'DEVICE'];

const secondsLeft = ({ expiresAt }: LocationInfo): number => Math.max(0, Math.round((expiresAt - Date.now()) / 1_000));

const jsonOf = ({ q, ...one }: LocationInfo) => ({ ...one, q: q / 1_000, expires: secondsLeft({ ...one, q }) });

const rowOf = (one: LocationInfo): string[] => [
  one.aor,
  one.contact,
  (one.q / 1_000).toString(),
  String(secondsLeft(one)),
  one.received,
  one.device === '' || one.userAgent === '' ? one.device || one.userAgent : `${one.device} (${one.userAgent})`,
];
