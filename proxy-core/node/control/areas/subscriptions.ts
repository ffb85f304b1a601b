/** Who watches what at the running exchange. */
import * as v from 'valibot';
import { aorOf } from '../../../server/stores.ts';
import { change, method } from '../area.ts';
import { foundUser, who } from '../lookups.ts';
import { type Page, pageFields } from '../paging.ts';
import { running } from './presence.ts';

export interface SubscriptionInfo {
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

export const subscriptionsArea = {
  'subscriptions.list': method(v.strictObject(pageFields), ({ after, limit }, parts): Page<SubscriptionInfo> => {
    const from = Number(after ?? 0);
    const items: SubscriptionInfo[] = [];
    let at = 0;
    for (const one of running(parts).events.subscriptions.all()) {
      if (items.length === limit) return { items, next: String(from + limit) };
      if (at++ < from) continue;
      const { subscriber, device, package: event, resource, expiresAt } = one;
      // The members of a list that a phone sent are his own affair.
      const shown = resource.startsWith('uris ') ? resource.split(' ', 2).join(' ') : resource;
      items.push({ subscriber, device, event, resource: shown, target: one.dialog.remoteTarget, expiresAt });
    }
    return { items };
  }),

  /** Ends all of a user's, whom his phones may renew. */
  'subscriptions.end': change(v.strictObject(who), (asked, parts): { readonly ended: number } => {
    const { number, domain } = foundUser(parts.store.users, asked);
    const aor = aorOf(number, domain);
    const ended = running(parts).events.subscriptions.endOf(aor);
    parts.note(`subscriptions of ${aor}`);
    return { ended };
  }),
};
