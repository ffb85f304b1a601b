/** `tandem domain …`: which domains the exchange is responsible for. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { declare, say, withAdmin } from './common.ts';

export function addDomain(cli: CAC, io: Io): void {
  declare(cli, 'domain add <name>', 'Make the exchange responsible for one more domain', (given, name = '') =>
    withAdmin(given, io, async (admin) => {
      const domain = await admin.call('domains.add', { name });
      say(given, io, domain, `Added the domain ${domain.name}.`);
    }),
  );

  declare(cli, 'domain list', 'List the domains, the default one first', (given) => list(given, io));

  declare(cli, 'domain remove <name>', 'Remove a domain that has no users', (given, name = '') =>
    withAdmin(given, io, async (admin) => {
      const domain = await admin.call('domains.remove', { name });
      say(given, io, domain, `Removed the domain ${domain.name}.`);
    }),
  );
}

async function list(given: Given, io: Io): Promise<void> {
  const domains = await withAdmin(given, io, (admin) => admin.call('domains.list', {}));
  if (given.flag('json')) printJson(io.stdout, domains);
  else {
    const rows = domains.map(({ name, users, isDefault, mode }) => [
      name,
      String(users),
      isDefault ? 'yes' : '',
      mode === 'default' ? '' : mode,
    ]);
    printTable(io.stdout, ['DOMAIN', 'USERS', 'DEFAULT', 'MODE'], rows);
  }
}
