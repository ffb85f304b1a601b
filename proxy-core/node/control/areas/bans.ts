/** Addresses that are kept away. */
import * as v from 'valibot';
import { phrase } from '../../../server/phrase.ts';
import type { Ban } from '../../../server/stores.ts';
import { change, list } from '../area.ts';
import { banKind } from '../audit/ban-kind.ts';
import { AdminError } from '../errors.ts';
import { addressField } from '../fields.ts';
import { type Page, pageOf, sortedBy } from '../paging.ts';

export type BanInfo = Ban;

const LONGEST_SECONDS = 10 * 365 * 86_400;

const shown = ({ address, since, until, times, reason }: Ban): BanInfo => ({ address, since, until, times, reason });

export const bansArea = {
  'bans.list': list(
    v.strictObject(sortedBy('address', 'since', 'until')),
    (query, { store: { bans, listings }, now }): Page<BanInfo> => {
      // They are written behind.
      bans.flushBehind();
      return pageOf(listings.bans.page({ ...query, filters: { holdsAt: now() } }), shown);
    },
    {
      topic: 'bans',
      keyOf: ({ address }) => address,
      one(key, { text }, { store: { bans }, now }): BanInfo | undefined {
        const ban = bans.find(key);
        const has = (one: string): boolean => one.toLowerCase().includes((text ?? '').toLowerCase());
        return ban !== undefined && ban.until > now() && (has(ban.address) || has(ban.reason)) ? ban : undefined;
      },
    },
  ),

  'bans.add': change(
    v.strictObject({
      address: addressField,
      seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LONGEST_SECONDS)),
    }),
    ({ address, seconds }, { store: { bans }, now, record }): BanInfo => {
      const since = now();
      const ban = { address, since, until: since + seconds * 1000, times: 1, reason: phrase('banned by hand') };
      record([{ kind: banKind, key: address }], () => {
        bans.put(ban);
        bans.flush();
      });
      return ban;
    },
  ),

  'bans.lift': change(
    v.strictObject({ address: addressField }),
    ({ address }, { store: { bans }, now, record }): BanInfo => {
      const ban = bans.find(address);
      if (ban === undefined || ban.until <= now()) throw new AdminError('unknown', `${address} is not banned.`);
      record([{ kind: banKind, key: address }], () => {
        bans.remove(address);
        bans.flush();
      });
      return ban;
    },
  ),
};
