/** What the office's lamps show, who may watch whom, and lists of users to watch together. */
import * as v from 'valibot';
import { ALL_USERS, MAX_MEMBERS } from '../../../server/events/lists/list-event.ts';
import type { LampState } from '../../../server/events/presence/presence-state.ts';
import { type WatchRule, watcherRules } from '../../../server/events/watch-rules.ts';
import type { ExchangeParts } from '../../../server/parts.ts';
import { type Aor, aorOf } from '../../../server/stores.ts';
import type { StoredUser } from '../../store/index.ts';
import { change, list, method } from '../area.ts';
import { domainRule, listKind } from '../audit/rule-kind.ts';
import { userSubject } from '../audit/user-kind.ts';
import { AdminError } from '../errors.ts';
import { domainField, numberField } from '../fields.ts';
import { foundUser, knownDomain, storedUser, who, whoIs } from '../lookups.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';
import type { AdminParts } from '../parts.ts';

export interface LampInfo {
  readonly number: string;
  readonly domain: string;
  readonly name: string;
  readonly state: LampState;
  readonly activities: readonly string[];
  readonly note: string;
}

/** A rule that was set; without a number, of a whole domain. */
export interface WatchRuleInfo extends WatchRule {
  readonly domain: string;
  readonly number?: string;
}

export interface ListInfo {
  readonly name: string;
  readonly domain: string;
  /** As `number@domain`. */
  readonly members: readonly string[];
}

/** What only a running exchange knows. */
export function running({ exchange }: AdminParts): ExchangeParts {
  if (exchange === undefined) throw new AdminError('unreachable', 'No exchange runs on this data directory.');
  return exchange;
}

function lampOf(parts: AdminParts, { number, domain, name }: Pick<StoredUser, 'number' | 'domain' | 'name'>): LampInfo {
  const { lamp, activities, note } = running(parts).events.presenceOf(aorOf(number, domain));
  return { number, domain, name, state: lamp, activities, note };
}

/** A user as `number@domain`, or all users of a domain as `@domain`; a bare number is one of `home`. */
const watcherField = v.pipe(
  v.string('A watcher must be text.'),
  v.regex(/^[^@\s]*(@[^@\s]+)?$/, 'A watcher is a number, number@domain, or @domain for all users of a domain.'),
  v.minLength(1, 'A watcher must not be empty.'),
);

function withDomain(text: string, home: string): string {
  const at = text.lastIndexOf('@');
  return at < 0 ? `${text}@${home}` : text.slice(0, at) + text.slice(at).toLowerCase();
}

const ruleInfo = (domain: string, number: string | undefined, rule: WatchRule): WatchRuleInfo => ({
  ...{ domain, ...rule },
  ...(number !== undefined && { number }),
});

const ruleFields = { number: v.optional(numberField), domain: v.optional(domainField) };

/** Whose rule it is; without a number and a domain, the default domain's. */
function ownerOf(
  { store: { users } }: AdminParts,
  asked: { number?: string | undefined; domain?: string | undefined },
) {
  const domain = knownDomain(users, asked.domain) ?? users.defaultDomain;
  if (asked.number === undefined) return { number: undefined, domain };
  return { number: foundUser(users, { number: asked.number, domain }).number, domain };
}

const listName = v.pipe(
  numberField,
  v.check((name) => name !== ALL_USERS, `The list ${ALL_USERS} is there by itself.`),
);

const listInfo = ({ name, domain }: { name: string; domain: string }, { lists }: AdminParts['store']): ListInfo => ({
  ...{ name, domain, members: lists.membersOf(name, domain) ?? [] },
});

export const presenceArea = {
  'presence.list': list(
    v.strictObject({ ...pageFields, domain: v.optional(domainField) }),
    ({ domain, ...query }, parts): Page<LampInfo> => {
      const { users, listings } = parts.store;
      running(parts);
      const page = listings.users.page({ ...query, filters: { domain: knownDomain(users, domain) } });
      return pageOf(page, (user) => lampOf(parts, user));
    },
    {
      topic: 'presence',
      keyOf: ({ number, domain }) => aorOf(number, domain),
      one(key, { domain: asked, ...query }, parts): LampInfo | undefined {
        const { number, domain } = whoIs(key);
        const filters = { domain: asked };
        const row = parts.store.listings.users.one([domain, number], { ...query, filters });
        return row === undefined ? undefined : lampOf(parts, row);
      },
    },
  ),

  'presence.show': method(
    v.strictObject(who),
    (asked, parts): LampInfo => lampOf(parts, foundUser(parts.store.users, asked)),
  ),

  'presence.rules': list(
    v.strictObject(pageFields),
    (query, { store }): Page<WatchRuleInfo> =>
      pageOf(store.listings.rules.page(query), ({ domain, number }) =>
        ruleInfo(domain, number ?? undefined, store.watchRules.of(number ?? '', domain)),
      ),
    {
      topic: 'rules',
      keyOf: ({ number = '', domain }) => `${number}@${domain}`,
      one(key, query, { store }): WatchRuleInfo | undefined {
        const { number, domain } = whoIs(key);
        if (store.listings.rules.one([domain, number], query) === undefined) return undefined;
        return ruleInfo(domain, number === '' ? undefined : number, store.watchRules.of(number, domain));
      },
    },
  ),

  /** The rule in effect. */
  'presence.rule': method(v.strictObject(ruleFields), (asked, parts): WatchRuleInfo => {
    const { number, domain } = ownerOf(parts, asked);
    return ruleInfo(domain, number, parts.store.watchRules.of(number ?? '', domain));
  }),

  'presence.setRule': change(
    v.strictObject({
      ...ruleFields,
      watchers: v.picklist([...watcherRules, 'default']),
      listed: v.optional(v.pipe(v.array(watcherField), v.maxLength(1_000)), []),
      details: v.optional(v.boolean()),
    }),
    ({ watchers, listed, details, ...asked }, parts): WatchRuleInfo => {
      const { watchRules } = parts.store;
      const { number, domain } = ownerOf(parts, asked);
      const before = watchRules.of(number ?? '', domain);
      if (watchers !== 'listed' && listed.length > 0) {
        throw new AdminError('invalid', 'Only a rule for listed watchers lists any.');
      }
      const rule: WatchRule | undefined =
        watchers === 'default'
          ? undefined
          : {
              watchers,
              listed: listed.map((text) => withDomain(text, domain)),
              details: details ?? before.details,
            };
      const subject = number === undefined ? domainRule(domain) : userSubject({ number, domain });
      parts.record([subject], () => watchRules.set(number, domain, rule));
      parts.exchange?.events.subscriptions.rulesChanged();
      return ruleInfo(domain, number, watchRules.of(number ?? '', domain));
    },
  ),

  'lists.list': list(
    v.strictObject({ ...pageFields, domain: v.optional(domainField) }),
    (query, { store }): Page<ListInfo> =>
      pageOf(store.listings.lists.page({ ...query, filters: { domain: query.domain } }), (row) => listInfo(row, store)),
    {
      topic: 'lists',
      keyOf: ({ name, domain }) => aorOf(name, domain),
      one(key, query, { store }): ListInfo | undefined {
        const { number: name, domain } = whoIs(key);
        const row = store.listings.lists.one([domain, name], { ...query, filters: { domain: query.domain } });
        return row === undefined ? undefined : listInfo(row, store);
      },
    },
  ),

  'lists.set': change(
    v.strictObject({
      name: listName,
      domain: v.optional(domainField),
      members: v.pipe(
        v.array(numberField),
        v.minLength(1, 'A list has members.'),
        v.maxLength(MAX_MEMBERS, `A list has at most ${MAX_MEMBERS} members.`),
      ),
    }),
    ({ name, members, ...asked }, parts): ListInfo => {
      const { users, lists } = parts.store;
      const domain = knownDomain(users, asked.domain) ?? users.defaultDomain;
      if (users.find(name, domain) !== undefined) {
        throw new AdminError('exists', `${name}@${domain} is a user: nobody could reach the list.`);
      }
      const aors = members.map((number) => aorOf(storedUser(users, { number, domain }).number, domain));
      const subject = { kind: listKind, key: aorOf(name, domain) };
      parts.record([subject], () => lists.set(name, domain, [...new Set<Aor>(aors)]));
      parts.exchange?.events.subscriptions.rulesChanged();
      return { name, domain, members: lists.membersOf(name, domain) ?? [] };
    },
  ),

  'lists.remove': change(
    v.strictObject({ name: listName, domain: v.optional(domainField) }),
    ({ name, domain: asked }, parts): ListInfo => {
      const { users, lists } = parts.store;
      const domain = knownDomain(users, asked) ?? users.defaultDomain;
      const members = lists.membersOf(name, domain);
      if (members === undefined) throw new AdminError('unknown', `There is no list ${name}@${domain}.`);
      const subject = { kind: listKind, key: aorOf(name, domain) };
      parts.record([subject], () => lists.set(name, domain, undefined));
      parts.exchange?.events.subscriptions.rulesChanged();
      return { name, domain, members };
    },
  ),
};
