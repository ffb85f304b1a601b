/** `tandem alias …`: further numbers of a user. */
import type { CAC } from 'cac';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { declare, inDomain, nameOf, say, who, withAdmin } from './common.ts';

export function addAlias(cli: CAC, io: Io): void {
  declare(
    cli,
    'alias add <number> <alias>',
    'Have calls to ALIAS ring at a user’s devices too',
    (given, word, alias = '') =>
      withAdmin(given, io, async (admin) => {
        const added = await admin.call('aliases.add', { ...who(word), alias });
        say(given, io, added, `${added.alias} is now an alias of ${nameOf(added)}.`);
      }),
  ).example('  tandem alias add 1001 +4930901820');

  addListing(cli, io, {
    command: 'alias list [number]',
    description: 'List the aliases, all or those of a user',
    method: 'aliases.list',
    sorts: ['number'],
    options: [['--domain <name>', 'Only those of this domain']],
    params: (given, word) => (word === undefined ? inDomain(given) : { ...inDomain(given), ...who(word) }),
    head: ['ALIAS', 'NUMBER', 'DOMAIN'],
    row: ({ alias, number, domain }) => [alias, number, domain],
  });

  declare(cli, 'alias remove <alias>', 'Remove an alias, as ALIAS or ALIAS@DOMAIN', (given, word) => {
    const { number: alias, ...domain } = who(word);
    return withAdmin(given, io, async (admin) => {
      const removed = await admin.call('aliases.remove', { alias, ...domain });
      say(given, io, removed, `${removed.alias} is no longer an alias of ${nameOf(removed)}.`);
    });
  });
}
