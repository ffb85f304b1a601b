/** `tandem watchlist …`: lists of users that a phone watches with one subscription. */
import type { CAC } from 'cac';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { declare, inDomain, say, who, withAdmin } from './common.ts';

/** A list is named as a user is. */
function named(word: string | undefined): { name: string; domain?: string } {
  const { number, ...domain } = who(word);
  return { name: number, ...domain };
}

export function addWatchlist(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'watchlist list',
    description: 'List the lists of users that phones may watch',
    method: 'lists.list',
    options: [['--domain <name>', 'Only those of this domain']],
    params: inDomain,
    head: ['LIST', 'MEMBERS'],
    row: ({ name, domain, members }) => [`${name}@${domain}`, members.join(' ')],
  });
  declare(
    cli,
    'watchlist set <name> <numbers>',
    'Make or change a list: the users with these numbers, commas between',
    async (given, word, numbers = '') => {
      const asked = { ...named(word), members: numbers.split(',') };
      const found = await withAdmin(given, io, (admin) => admin.call('lists.set', asked));
      const count = found.members.length;
      say(given, io, found, `${found.name}@${found.domain} has ${count} ${count === 1 ? 'member' : 'members'}.`);
    },
  ).example('  tandem watchlist set sales 1001,1002,1003');
  declare(cli, 'watchlist remove <name>', 'Remove a list', async (given, word) => {
    const found = await withAdmin(given, io, (admin) => admin.call('lists.remove', named(word)));
    say(given, io, found, `Removed the list ${found.name}@${found.domain}.`);
  });
}
