/** Which devices are registered, and where. */
import * as v from 'valibot';
import { aorOf, type Binding } from '../../../server/stores.ts';
import { method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { bindingsOf, who } from '../lookups.ts';
import { type Page, pageFields } from '../paging.ts';

export type LocationInfo = Binding;

export const locationArea = {
  'location.list': method(
    v.strictObject(pageFields),
    ({ after = '', limit }, { store: { location }, now }): Page<LocationInfo> => {
      const aors = location.aorsAfter(after, limit);
      const items = aors.flatMap((aor) => [...location.lookup(aor, now())]);
      const last = aors.length === limit ? aors.at(-1) : undefined;
      return last === undefined ? { items } : { items, next: last };
    },
  ),

  'location.show': method(v.strictObject(who), (asked, parts): readonly LocationInfo[] => bindingsOf(parts, asked)),

  'location.remove': method(
    v.strictObject({ ...who, contact: v.optional(v.string()) }),
    async ({ contact, ...asked }, parts): Promise<{ readonly removed: number }> => {
      const { users, location } = parts.store;
      const live = bindingsOf(parts, asked);
      const aor = live[0]?.aor ?? aorOf(asked.number, asked.domain ?? users.defaultDomain);
      const kept = contact === undefined ? [] : live.filter((binding) => binding.contact !== contact);
      if (kept.length === live.length) {
        const what = contact === undefined ? 'device' : `device ${contact}`;
        throw new AdminError('unknown', `No ${what} is registered for ${aor}.`);
      }
      await location.replace(aor, kept);
      return { removed: live.length - kept.length };
    },
  ),
};
