/** Who may register at the exchange. */
import * as v from 'valibot';
import type { ExchangeMode } from '../../../server/settings.ts';
import { aorOf } from '../../../server/stores.ts';
import { ha1Of, type StoredUser } from '../../store/index.ts';
import { change, list, method } from '../area.ts';
import { domainSubjects } from '../audit/domain-kind.ts';
import { userSubject } from '../audit/user-kind.ts';
import { domainField, nameField, passwordField } from '../fields.ts';
import { foundUser, knownDomain, refuseSamePassword, refuseTaken, storedUser, who, whoIs } from '../lookups.ts';
import { type ModeInfo, modeField, modeInfo } from '../modes.ts';
import { type Page, pageOf, sortedBy } from '../paging.ts';
import type { AdminParts } from '../parts.ts';

export interface UserInfo {
  readonly number: string;
  readonly domain: string;
  readonly name: string;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Bindings that are alive now. */
  readonly devices: number;
  readonly isAdmin: boolean;
  readonly aliases: readonly string[];
  /** Labels of the devices that have a password of their own. */
  readonly devicePasswords: readonly string[];
  /** Its own; `default` where its domain or the exchange says. */
  readonly mode: ExchangeMode | 'default';
}

const userInfo = ({ store: { users, location }, now }: AdminParts, user: StoredUser): UserInfo => ({
  number: user.number,
  domain: user.domain,
  name: user.name,
  createdAt: user.createdAt,
  devices: location.lookup(aorOf(user.number, user.domain), now()).length,
  isAdmin: user.isAdmin === true,
  aliases: user.aliases ?? [],
  devicePasswords: (user.devices ?? []).map(({ label }) => label),
  mode: users.modes.ofUser(user.number, user.domain) ?? 'default',
});

export const usersArea = {
  'users.add': change(
    v.strictObject({ ...who, name: v.optional(nameField, ''), password: passwordField }),
    ({ number, domain, name, password }, parts): UserInfo => {
      const { users } = parts.store;
      const home = domain ?? users.defaultDomain;
      refuseTaken(users, number, home);
      const hashes = ha1Of(number, users.realm(home), password);
      const user = { number, domain: home, name, createdAt: parts.now(), ...hashes };
      const more = users.hasDomain(home) ? [] : domainSubjects(home);
      parts.record([...more, userSubject(user)], () => users.add([user]));
      return userInfo(parts, storedUser(users, { number, domain: home }));
    },
  ),

  'users.list': list(
    v.strictObject({
      ...sortedBy('number', 'name', 'created'),
      domain: v.optional(domainField),
      isAdmin: v.optional(v.boolean()),
      mode: v.optional(modeField),
      /** Whether any device is registered now. */
      registered: v.optional(v.boolean()),
    }),
    (query, parts): Page<UserInfo> => {
      const { listings, users } = parts.store;
      const page = listings.users.page({ ...query, filters: userFilters(query, parts) });
      return pageOf(page, (row) => userInfo(parts, storedUser(users, row)));
    },
    {
      topic: 'users',
      keyOf: ({ number, domain }) => aorOf(number, domain),
      one(key, query, parts): UserInfo | undefined {
        const { number, domain } = whoIs(key);
        const row = parts.store.listings.users.one([domain, number], { ...query, filters: userFilters(query, parts) });
        return row === undefined ? undefined : userInfo(parts, storedUser(parts.store.users, row));
      },
    },
  ),

  // By an alias too: whose number is it?
  'users.show': method(
    v.strictObject(who),
    (asked, parts): UserInfo => userInfo(parts, foundUser(parts.store.users, asked)),
  ),

  'users.remove': change(v.strictObject(who), (asked, parts): UserInfo => {
    const { users, location, watchRules, messages, callHandling } = parts.store;
    const user = storedUser(users, asked);
    const before = userInfo(parts, user);
    const aor = aorOf(user.number, user.domain);
    parts.record([userSubject(user)], () => users.remove(user.number, user.domain));
    watchRules.forget(user.number, user.domain);
    for (const one of [location, messages, callHandling]) one.forget(aor);
    return before;
  }),

  'users.setPassword': change(
    v.strictObject({ ...who, password: passwordField }),
    ({ password, ...asked }, parts): UserInfo => {
      const { users } = parts.store;
      const user = storedUser(users, asked);
      const hashes = ha1Of(user.number, users.realm(user.domain), password);
      refuseSamePassword(user.devices ?? [], hashes);
      parts.record([userSubject(user)], () => users.update({ ...user, ...hashes }));
      return userInfo(parts, user);
    },
  ),

  'users.setAdmin': change(
    v.strictObject({ ...who, isAdmin: v.boolean() }),
    ({ isAdmin, ...asked }, parts): UserInfo => {
      const user = { ...storedUser(parts.store.users, asked), isAdmin };
      parts.record([userSubject(user)], () => parts.store.users.update(user));
      return userInfo(parts, user);
    },
  ),

  'users.rename': change(v.strictObject({ ...who, name: nameField }), ({ name, ...asked }, parts): UserInfo => {
    const user = { ...storedUser(parts.store.users, asked), name };
    parts.record([userSubject(user)], () => parts.store.users.update(user));
    return userInfo(parts, user);
  }),

  // An alias is another name of the same user.
  'users.mode': method(
    v.strictObject({ ...who, mode: v.optional(modeField) }),
    ({ mode, ...asked }, { store: { users }, facts, record }): ModeInfo => {
      const { number, domain } = foundUser(users, asked);
      const { modes } = users;
      if (mode !== undefined) {
        const own = mode === 'default' ? undefined : mode;
        record([userSubject({ number, domain })], () => modes.setUser(number, domain, own));
      }
      return modeInfo(modes.ofUser(number, domain), modes.ofDomain(domain), facts().mode);
    },
  ),
};

interface UserFilters {
  readonly domain?: string | undefined;
  readonly isAdmin?: boolean | undefined;
  readonly mode?: string | undefined;
  readonly registered?: boolean | undefined;
}

const userFilters = ({ domain, isAdmin, mode, registered }: UserFilters, { store, now }: AdminParts) => ({
  domain: knownDomain(store.users, domain),
  isAdmin: isAdmin === undefined ? undefined : Number(isAdmin),
  mode,
  registered: registered === undefined ? undefined : [Number(registered), now()],
});
