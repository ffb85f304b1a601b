/** The tables that the administration lists, with the orders and filters that their indexes serve. */
import type { Aor, Ban } from '../../server/stores.ts';
import type { Alias } from './aliases.ts';
import type { InviteRow } from './invites.ts';
import { Listing } from './listing.ts';
import { foldedText } from './plain-text.ts';
import type { Database } from './sqlite.ts';
import type { SubscriptionRow } from './subscriptions.ts';
import type { DeviceRow, UserRow } from './user-rows.ts';

export interface DomainRow {
  readonly name: string;
}

/** Whose rule it is; the rule itself is in memory. */
export interface RuleRow {
  readonly domain: string;
  /** Null for a whole domain's. */
  readonly number: string | null;
}

/** Which of the bindings in memory a row stands for. */
export interface BindingKey {
  readonly aor: Aor;
  readonly contact: string;
  readonly call_id: string;
  readonly reg_id: number;
}

export type Listings = ReturnType<typeof openListings>;

const like = (...columns: string[]): string => columns.map((one) => `${one} LIKE ? ESCAPE '\\'`).join(' OR ');

export const openListings = (db: Database) => ({
  users: new Listing<UserRow>(db, {
    table: 'users',
    key: ['domain', 'number'],
    order: ['domain', 'number_order', 'number'],
    sorts: { number: 'number_order', name: 'name_order', created: 'created_at' },
    filters: {
      domain: 'domain = ?',
      isAdmin: 'is_admin = ?',
      mode: "coalesce(mode, 'default') = ?",
      // Whether any binding is alive at the time given second.
      registered:
        "? = EXISTS (SELECT 1 FROM bindings WHERE aor = users.number || '@' || users.domain AND expires_at > ?)",
    },
    // Numbers and aliases are ASCII, of which LIKE takes capitals and small letters for the same.
    asSearched: foldedText,
    search: `${like('number', 'plain_name')} OR (domain, number) IN (SELECT domain, number FROM aliases WHERE ${like('alias')})`,
  }),
  devices: new Listing<DeviceRow>(db, {
    table: 'devices',
    key: ['domain', 'number', 'label'],
    sorts: { label: 'label COLLATE NOCASE', created: 'created_at' },
    filters: { domain: 'domain = ?', number: 'number = ?' },
    search: like('label', 'number'),
  }),
  aliases: new Listing<Alias & { readonly domain: string }>(db, {
    table: 'aliases',
    key: ['domain', 'alias'],
    sorts: { number: 'number' },
    filters: { domain: 'domain = ?', number: 'number = ?' },
    search: like('alias', 'number'),
  }),
  domains: new Listing<DomainRow>(db, { table: 'domains', key: ['name'], search: like('name') }),
  bindings: new Listing<BindingKey>(db, {
    table: 'bindings',
    key: ['aor', 'rank'],
    filters: { device: 'device = ?', aliveAt: 'expires_at > ?' },
    search: like('aor', 'contact', 'received', 'user_agent', 'device'),
  }),
  forwards: new Listing<{ readonly domain: string; readonly number: string }>(db, {
    table: 'call_handling',
    columns: 'domain, number',
    key: ['domain', 'number'],
    filters: { doNotDisturb: 'do_not_disturb = ?' },
    search: like("number || '@' || domain", 'always', 'busy', 'no_answer', 'unreachable'),
  }),
  subscriptions: new Listing<SubscriptionRow>(db, {
    table: 'subscriptions',
    key: ['key'],
    filters: { subscriber: 'subscriber = ?', event: 'package = ?' },
    search: like('subscriber', 'resource', 'package', 'device'),
  }),
  rules: new Listing<RuleRow>(db, {
    table: 'watch_rules',
    key: ['domain', "ifnull(number, '')"],
    search: like("ifnull(number, '')", 'domain', 'watchers', 'listed'),
  }),
  lists: new Listing<{ readonly domain: string; readonly name: string }>(db, {
    table: 'user_lists',
    key: ['domain', 'name'],
    filters: { domain: 'domain = ?' },
    search: like('name', 'members'),
  }),
  invites: new Listing<InviteRow>(db, {
    table: 'invites',
    key: ['id'],
    sorts: { number: 'number', expires: 'expires_at' },
    filters: { domain: 'domain = ?', number: 'number = ?', holdsAt: 'expires_at > ?' },
    search: like('id', 'number'),
  }),
  bans: new Listing<Ban>(db, {
    table: 'bans',
    key: ['address'],
    sorts: { address: 'address', since: 'since', until: 'until' },
    filters: { holdsAt: 'until > ?' },
    search: like('address', 'reason'),
  }),
});
