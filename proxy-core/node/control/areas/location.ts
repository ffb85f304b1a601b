/** Which devices are registered, and where. */
import * as v from 'valibot';
import type { RestlessPhone } from '../../../server/restless-phones.ts';
import { type Aor, aorOf, type Binding, partsOf } from '../../../server/stores.ts';
import { change, list, method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { labelField } from '../fields.ts';
import { bindingsOf, who } from '../lookups.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';

export type LocationInfo = Binding;

export interface RestlessInfo extends Omit<RestlessPhone, 'aor'> {
  readonly number: string;
  readonly domain: string;
  /** The user's; may be empty. */
  readonly name: string;
}

const MOST_RESTLESS = 100;

export const locationArea = {
  'location.list': list(
    v.strictObject({ ...pageFields, device: v.optional(labelField) }),
    ({ device, ...query }, { store: { listings, location }, now }): Page<LocationInfo> => {
      location.flush();
      const page = listings.bindings.page({ ...query, filters: { device, aliveAt: now() } });
      const { items, ...rest } = pageOf(page, ({ aor, contact, call_id, reg_id }) =>
        location
          .lookup(aor, now())
          .find((one) => one.contact === contact && one.callId === call_id && one.regId === reg_id),
      );
      return { items: items.filter((one) => one !== undefined), ...rest };
    },
    {
      topic: 'location',
      keyOf: ({ aor }) => aor,
      // All devices of a user at once, where one of them is listed.
      one(key, query, { store: { location }, now }): readonly LocationInfo[] | undefined {
        const listed = location.lookup(key as Aor, now()).filter((binding) => isListed(binding, query));
        return listed.length === 0 ? undefined : listed;
      },
    },
  ),

  'location.show': method(v.strictObject(who), (asked, parts): readonly LocationInfo[] => bindingsOf(parts, asked)),

  /** Phones that flap, the one that did so last first. */
  'location.restless': method(v.strictObject({}), (_, { exchange, store: { users }, now }): readonly RestlessInfo[] =>
    (exchange?.restless?.all(now()) ?? []).slice(0, MOST_RESTLESS).map(({ aor, ...phone }) => {
      const { number, domain } = partsOf(aor);
      return { number, domain, name: users.find(number, domain)?.name ?? '', ...phone };
    }),
  ),

  'location.remove': change(
    v.strictObject({ ...who, contact: v.optional(v.string()) }),
    async ({ contact, ...asked }, parts): Promise<{ readonly removed: number }> => {
      const { users, location } = parts.store;
      const live = bindingsOf(parts, asked);
      const aor = live[0]?.aor ?? aorOf(asked.number, asked.domain ?? users.defaultDomain);
      const kept = contact === undefined ? [] : live.filter((binding) => binding.contact !== contact);
      if (kept.length === live.length) {
        throw new AdminError(
          'unknown',
          contact === undefined
            ? `No device is registered for ${aor}.`
            : `No device ${contact} is registered for ${aor}.`,
        );
      }
      await location.replace(aor, kept);
      // Bindings live elsewhere than rows do: the phone comes back by itself, and nothing can be put back.
      parts.note(`${contact ?? 'all devices'} of ${aor}`);
      return { removed: live.length - kept.length };
    },
  ),
};

function isListed(
  binding: Binding,
  query: { readonly text?: string | undefined; readonly device?: string | undefined },
) {
  if (query.device !== undefined && query.device !== binding.device) return false;
  const text = (query.text ?? '').toLowerCase();
  const { aor, contact, received, userAgent, device } = binding;
  return [aor, contact, received, userAgent, device].some((one) => one.toLowerCase().includes(text));
}
