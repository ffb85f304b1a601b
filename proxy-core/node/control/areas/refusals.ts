/** Who was refused lately, as far as the running exchange remembers. */
import * as v from 'valibot';
import type { Refusal } from '../../../server/guard/refusals.ts';
import { type AdminParts, list } from '../area.ts';
import { type Page, pageAfter, pageFields } from '../paging.ts';

export interface RefusalInfo extends Refusal {
  /** Nothing from there is looked at now. */
  readonly isBanned: boolean;
  /** Nothing is held against it. */
  readonly isTrusted: boolean;
}

interface Asked {
  readonly text?: string | undefined;
  readonly since?: number | undefined;
}

export const refusalsArea = {
  /** In the order in which each was refused last. */
  'refusals.list': list(
    v.strictObject({
      ...pageFields,
      /** ms since 1970: only those that were refused after that. */
      since: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
    (query, parts): Page<RefusalInfo> => {
      const { after, limit, descending = false } = query;
      const all = (parts.exchange?.guard.refusals.all() ?? []).filter((one) => isListed(one, query));
      const inOrder = all.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
      if (descending) inOrder.reverse();
      const isBeyond = (one: Refusal): boolean =>
        after === undefined || (descending ? placeOf(one) < after : placeOf(one) > after);
      return pageAfter(inOrder.filter(isBeyond).slice(0, limit), limit, (one) => infoOf(one, parts), placeOf);
    },
    {
      topic: 'refusals',
      keyOf: ({ key }) => key,
      one(key, query, parts): RefusalInfo | undefined {
        const found = parts.exchange?.guard.refusals.find(key);
        return found !== undefined && isListed(found, query) ? infoOf(found, parts) : undefined;
      },
    },
  ),
};

/** Sorts as text; times have as many digits until the year 2286. */
const placeOf = ({ last, key }: Refusal): string => `${last} ${key}`;

function isListed({ address, as, why, last }: Refusal, { text = '', since = 0 }: Asked): boolean {
  return last >= since && [address, as, why].join(' ').toLowerCase().includes(text.toLowerCase());
}

function infoOf(refusal: Refusal, { exchange }: AdminParts): RefusalInfo {
  const host = refusal.address.replace(/\/64$/, '');
  return {
    ...refusal,
    isBanned: exchange?.guard.isBanned(host) === true,
    isTrusted: exchange?.guard.isTrusted(host) === true,
  };
}
