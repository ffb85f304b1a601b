/** `tandem refusal list`: who was refused within a day, since the exchange was started. */
import type { CAC } from 'cac';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { utcTime } from '../time.ts';

export function addRefusal(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'refusal list',
    description: 'List who was refused within a day, and why',
    method: 'refusals.list',
    usually: { descending: true },
    head: ['ADDRESS', 'AS', 'TIMES', 'LAST', 'WHY'],
    row: ({ address, as, count, last, why, isBanned }) => [
      isBanned ? `${address} (banned)` : address,
      as,
      String(count),
      utcTime(last),
      why,
    ],
  });
}
