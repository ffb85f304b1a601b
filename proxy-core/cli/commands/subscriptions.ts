/** `tandem subscriptions …`: which phones are told of what. */
import type { CAC } from 'cac';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addSubscriptions(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'subscriptions list',
    description: 'List who watches what',
    method: 'subscriptions.list',
    options: [
      ['--by <aor>', 'Only those of this subscriber, as number@domain'],
      ['--event <package>', 'Only those to this, such as presence, dialog or message-summary'],
    ],
    params(given) {
      const [subscriber, event] = [given.text('by'), given.text('event')];
      return { ...(subscriber !== undefined && { subscriber }), ...(event !== undefined && { event }) };
    },
    head: ['WATCHER', 'EVENT', 'WATCHES', 'EXPIRES', 'AT', 'DEVICE'],
    row: ({ subscriber, event, resource, expiresAt, target, device }) => [
      ...[subscriber, event, resource, String(Math.max(0, Math.round((expiresAt - Date.now()) / 1_000)))],
      ...[target, device],
    ],
  });
  declare(cli, 'subscriptions end <number>', 'End the subscriptions of a user', async (given, word) => {
    const found = await withAdmin(given, io, (admin) => admin.call('subscriptions.end', who(word)));
    say(given, io, found, `Ended ${found.ended} ${found.ended === 1 ? 'subscription' : 'subscriptions'}.`);
  });
}
