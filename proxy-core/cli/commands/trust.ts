/** `tandem trust …`: networks against which nothing is held. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { utcTime } from '../time.ts';
import { declare, say, withAdmin } from './common.ts';

export function addTrust(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'trust list',
    description: 'List the networks against which nothing is held, besides this computer',
    method: 'trust.list',
    head: ['NETWORK', 'SINCE'],
    row: ({ network, source, addedAt }) => [network, source === 'kept' ? utcTime(addedAt) : 'command line'],
  });
  declare(cli, 'trust add <network>', 'Trust a network, such as 192.0.2.0/24, and end bans in it', (given, word) =>
    add(given, io, word),
  );
  declare(cli, 'trust remove <network>', 'Hold a network to account again', (given, word) => remove(given, io, word));
}

async function add(given: Given, io: Io, word = ''): Promise<void> {
  const now = await withAdmin(given, io, (admin) => admin.call('trust.add', { network: word }));
  const lifted = now.lifted.length === 0 ? '' : ` May come in again: ${now.lifted.join(', ')}.`;
  say(given, io, now, `${now.network} is trusted.${lifted}`);
}

async function remove(given: Given, io: Io, word = ''): Promise<void> {
  const was = await withAdmin(given, io, (admin) => admin.call('trust.remove', { network: word }));
  say(given, io, was, `${was.network} is held to account again.`);
}
