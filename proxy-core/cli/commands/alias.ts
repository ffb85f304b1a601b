/** `tandem alias …`: further numbers of a user. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { printJson, printTable } from '../output.ts';
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

  declare(cli, 'alias list [number]', 'List the aliases, all or those of a user', (given, word) =>
    list(given, io, word),
  ).option('--domain <name>', 'Only those of this domain');

  declare(cli, 'alias remove <alias>', 'Remove an alias, as ALIAS or ALIAS@DOMAIN', (given, word) => {
    const { number: alias, ...domain } = who(word);
    return withAdmin(given, io, async (admin) => {
      const removed = await admin.call('aliases.remove', { alias, ...domain });
      say(given, io, removed, `${removed.alias} is no longer an alias of ${nameOf(removed)}.`);
    });
  });
}

async function list(given: Given, io: Io, word: string | undefined): Promise<void> {
  const asked = word === undefined ? inDomain(given) : { ...inDomain(given), ...who(word) };
  const aliases = await withAdmin(given, io, (admin) => admin.call('aliases.list', asked));
  if (given.flag('json')) printJson(io.stdout, aliases);
  else {
    const rows = aliases.map(({ alias, number, domain }) => [alias, number, domain]);
    printTable(io.stdout, ['ALIAS', 'NUMBER', 'DOMAIN'], rows);
  }
}
