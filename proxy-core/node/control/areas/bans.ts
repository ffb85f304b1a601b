/** Addresses that are kept away. */
import * as v from 'valibot';
import type { Ban } from '../../../server/stores.ts';
import { method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { addressField } from '../fields.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';

export type BanInfo = Ban;

const LONGEST_SECONDS = 10 * 365 * 86_400;

export const bansArea = {
  'bans.list': method(
    v.strictObject(pageFields),
    ({ after, limit }, { store: { bans } }): Page<BanInfo> =>
      pageOf(
        bans.page(after, limit),
        limit,
        (ban) => ban,
        ({ address }) => address,
      ),
  ),

  'bans.add': method(
    v.strictObject({
      address: addressField,
      seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LONGEST_SECONDS)),
    }),
    ({ address, seconds }, { store: { bans }, now }): BanInfo => {
      const since = now();
      const ban = { address, since, until: since + seconds * 1000, times: 1, reason: 'banned by hand' };
      bans.put(ban);
      bans.flush();
      return ban;
    },
  ),

  'bans.lift': method(v.strictObject({ address: addressField }), ({ address }, { store: { bans }, now }): BanInfo => {
    const ban = bans.find(address);
    if (ban === undefined || ban.until <= now()) throw new AdminError('unknown', `${address} is not banned.`);
    bans.remove(address);
    bans.flush();
    return ban;
  }),
};
