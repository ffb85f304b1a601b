/** `tandem domain …`: which domains the exchange is responsible for. */
import type { CAC } from 'cac';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { declare, say, withAdmin } from './common.ts';

export function addDomain(cli: CAC, io: Io): void {
  declare(cli, 'domain add <name>', 'Make the exchange responsible for one more domain', (given, name = '') =>
    withAdmin(given, io, async (admin) => {
      const domain = await admin.call('domains.add', { name });
      say(given, io, domain, `Added the domain ${domain.name}.`);
    }),
  );

  addListing(cli, io, {
    command: 'domain list',
    description: 'List the domains',
    method: 'domains.list',
    head: ['DOMAIN', 'USERS', 'DEFAULT', 'MODE'],
    row: ({ name, users, isDefault, mode }) => [
      name,
      String(users),
      isDefault ? 'yes' : '',
      mode === 'default' ? '' : mode,
    ],
  });

  declare(cli, 'domain remove <name>', 'Remove a domain that has no users', (given, name = '') =>
    withAdmin(given, io, async (admin) => {
      const domain = await admin.call('domains.remove', { name });
      say(given, io, domain, `Removed the domain ${domain.name}.`);
    }),
  );
}
