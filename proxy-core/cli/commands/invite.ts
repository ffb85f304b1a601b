/** `tandem invite …`: codes for one use, by which a new phone gets its number and a password of its own. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { declare, inDomain, nameOf, say, who, wholeNumber, withAdmin } from './common.ts';

const MOST_HOURS = 168;

export function addInvite(cli: CAC, io: Io): void {
  declare(cli, 'invite add <number>', 'Make a code with which somebody joins as this user', (given, word) =>
    add(given, io, word),
  )
    .option('--hours <hours>', 'For how long it is good, 1 to 168 (default: 24)')
    .example('  tandem invite add 1001 --hours 4');

  addListing(cli, io, {
    command: 'invite list [number]',
    description: 'List the codes that are open, all or those of a user; only their beginnings are known',
    method: 'invites.list',
    sorts: ['number', 'expires'],
    options: [['--domain <name>', 'Only those of this domain']],
    params: (given, word) => (word === undefined ? inDomain(given) : { ...inDomain(given), ...who(word) }),
    head: ['CODE', 'USER', 'UNTIL', 'ATTEMPTS LEFT'],
    row: (one) => [`${one.id}-…`, nameOf(one), new Date(one.expiresAt).toISOString(), String(one.attemptsLeft)],
  });

  declare(cli, 'invite remove <code>', 'Take a code back, by its first three characters', (given, id = '') =>
    withAdmin(given, io, async (admin) => {
      const invite = await admin.call('invites.remove', { id });
      say(given, io, invite, `The code ${invite.id}-… of ${nameOf(invite)} is good for nothing now.`);
    }),
  );
}

async function add(given: Given, io: Io, word: string | undefined): Promise<void> {
  const hours = wholeNumber('hours', given.text('hours'), 1, MOST_HOURS);
  const invite = await withAdmin(given, io, (admin) =>
    admin.call('invites.add', { ...who(word), ...(hours !== undefined && { hours }) }),
  );
  const until = new Date(invite.expiresAt).toISOString();
  say(given, io, invite, `${invite.code} lets one phone join as ${nameOf(invite)} until ${until}.`);
}
