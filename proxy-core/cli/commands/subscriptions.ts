/** `tandem subscriptions …`: which phones are told of what. */
import type { CAC } from 'cac';
import { everything, type SubscriptionInfo } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addSubscriptions(cli: CAC, io: Io): void {
  declare(cli, 'subscriptions list', 'List who watches what', (given) => list(given, io));
  declare(cli, 'subscriptions end <number>', 'End the subscriptions of a user', async (given, word) => {
    const found = await withAdmin(given, io, (admin) => admin.call('subscriptions.end', who(word)));
    say(given, io, found, `Ended ${found.ended} ${found.ended === 1 ? 'subscription' : 'subscriptions'}.`);
  });
}

async function list(given: Given, io: Io): Promise<void> {
  const found: SubscriptionInfo[] = [];
  await withAdmin(given, io, async (admin) => {
    for await (const one of everything((after) => admin.call('subscriptions.list', { after }))) found.push(one);
  });
  if (given.flag('json')) return printJson(io.stdout, found);
  const now = Date.now();
  const rows = found.map(({ subscriber, event, resource, expiresAt, target, device }) => [
    ...[subscriber, event, resource, String(Math.max(0, Math.round((expiresAt - now) / 1_000))), target, device],
  ]);
  printTable(io.stdout, ['WATCHER', 'EVENT', 'WATCHES', 'EXPIRES', 'AT', 'DEVICE'], rows);
}
