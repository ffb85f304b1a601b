/** Who watches what at the running exchange. */
import * as v from 'valibot';
import { aorOf } from '../../../server/stores.ts';
import { recordOf, type SubscriptionRow } from '../../store/index.ts';
import { change, list } from '../area.ts';
import { foundUser, who } from '../lookups.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';
import { running } from './presence.ts';

export interface SubscriptionInfo {
  /** Names it: Call-ID and both tags. */
  readonly key: string;
  /** As `number@domain`. */
  readonly subscriber: string;
  /** Label of the device whose password was used; empty for the user's own. */
  readonly device: string;
  readonly event: string;
  /** What is watched: a user as `number@domain`, or a list. */
  readonly resource: string;
  /** Where the subscriber is told. */
  readonly target: string;
  /** ms since 1970. */
  readonly expiresAt: number;
}

const aorField = v.pipe(v.string(), v.maxLength(320));

function subscriptionInfo(row: SubscriptionRow): SubscriptionInfo {
  const { key, subscriber, device, package: event, resource, expires_at } = row;
  // The members of a list that a phone sent are his own affair.
  const shown = resource.startsWith('uris ') ? resource.split(' ', 2).join(' ') : resource;
  const target = recordOf(row)?.dialog.remoteTarget ?? '';
  return { key, subscriber, device, event, resource: shown, target, expiresAt: expires_at };
}

export const subscriptionsArea = {
  'subscriptions.list': list(
    v.strictObject({ ...pageFields, subscriber: v.optional(aorField), event: v.optional(v.string()) }),
    (query, { store }): Page<SubscriptionInfo> => {
      // They are written behind.
      store.subscriptions.flush();
      const { subscriber, event } = query;
      return pageOf(store.listings.subscriptions.page({ ...query, filters: { subscriber, event } }), subscriptionInfo);
    },
    {
      topic: 'subscriptions',
      keyOf: ({ key }) => key,
      one(key, query, { store }): SubscriptionInfo | undefined {
        store.subscriptions.flush();
        const { subscriber, event } = query;
        const row = store.listings.subscriptions.one([key], { ...query, filters: { subscriber, event } });
        return row === undefined ? undefined : subscriptionInfo(row);
      },
    },
  ),

  /** Ends all of a user's, whom his phones may renew. */
  'subscriptions.end': change(v.strictObject(who), (asked, parts): { readonly ended: number } => {
    const { number, domain } = foundUser(parts.store.users, asked);
    const aor = aorOf(number, domain);
    const ended = running(parts).events.subscriptions.endOf(aor);
    parts.note(`subscriptions of ${aor}`);
    return { ended };
  }),
};
