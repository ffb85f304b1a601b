/** Who may register at the exchange. */
import * as v from 'valibot';
import type { ExchangeMode } from '../../../server/settings.ts';
import { aorOf } from '../../../server/stores.ts';
import { ha1Of, type StoredUser } from '../../store/index.ts';
import { type AdminParts, method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { domainField, nameField, passwordField } from '../fields.ts';
import { foundUser, knownDomain, refuseSamePassword, refuseTaken, storedUser, who } from '../lookups.ts';
import { type ModeInfo, modeField, modeInfo } from '../modes.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';

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
  'users.add': method(
    v.strictObject({ ...who, name: v.optional(nameField, ''), password: passwordField }),
    ({ number, domain, name, password }, parts): UserInfo => {
      const { users } = parts.store;
      const home = domain ?? users.defaultDomain;
      refuseTaken(users, number, home);
      const hashes = ha1Of(number, users.realm(home), password);
      users.add([{ number, domain: home, name, createdAt: parts.now(), ...hashes }]);
      return userInfo(parts, storedUser(users, { number, domain: home }));
    },
  ),

  'users.list': method(
    v.strictObject({ ...pageFields, domain: v.optional(domainField) }),
    ({ after, limit, domain }, parts): Page<UserInfo> => {
      const { users } = parts.store;
      const found = users.page(userAfter(after), limit, knownDomain(users, domain));
      return pageOf(found, limit, (user) => userInfo(parts, user), placeOfUser);
    },
  ),

  // By an alias too: whose number is it?
  'users.show': method(
    v.strictObject(who),
    (asked, parts): UserInfo => userInfo(parts, foundUser(parts.store.users, asked)),
  ),

  'users.remove': method(v.strictObject(who), (asked, parts): UserInfo => {
    const { users, location, watchRules, messages, callHandling } = parts.store;
    const user = storedUser(users, asked);
    const before = userInfo(parts, user);
    const aor = aorOf(user.number, user.domain);
    location.flush();
    messages.flush();
    users.remove(user.number, user.domain);
    watchRules.forget(user.number, user.domain);
    for (const one of [location, messages, callHandling]) one.forget(aor);
    return before;
  }),

  'users.setPassword': method(
    v.strictObject({ ...who, password: passwordField }),
    ({ password, ...asked }, parts): UserInfo => {
      const { users } = parts.store;
      const user = storedUser(users, asked);
      const hashes = ha1Of(user.number, users.realm(user.domain), password);
      refuseSamePassword(user.devices ?? [], hashes);
      users.update({ ...user, ...hashes });
      return userInfo(parts, user);
    },
  ),

  'users.setAdmin': method(
    v.strictObject({ ...who, isAdmin: v.boolean() }),
    ({ isAdmin, ...asked }, parts): UserInfo => {
      const user = { ...storedUser(parts.store.users, asked), isAdmin };
      parts.store.users.update(user);
      return userInfo(parts, user);
    },
  ),

  'users.rename': method(v.strictObject({ ...who, name: nameField }), ({ name, ...asked }, parts): UserInfo => {
    const user = { ...storedUser(parts.store.users, asked), name };
    parts.store.users.update(user);
    return userInfo(parts, user);
  }),

  // An alias is another name of the same user.
  'users.mode': method(
    v.strictObject({ ...who, mode: v.optional(modeField) }),
    ({ mode, ...asked }, { store: { users }, facts }): ModeInfo => {
      const { number, domain } = foundUser(users, asked);
      const { modes } = users;
      if (mode !== undefined) modes.setUser(number, domain, mode === 'default' ? undefined : mode);
      return modeInfo(modes.ofUser(number, domain), modes.ofDomain(domain), facts().mode);
    },
  ),
};

/** The place of a user in listings, as `domain/number`: a domain has no slash. */
export const placeOfUser = ({ number, domain }: { number: string; domain: string }): string => `${domain}/${number}`;

export function userAfter(after: string | undefined): { domain: string; number: string } {
  if (after === undefined) return { domain: '', number: '' };
  const slash = after.indexOf('/');
  if (slash < 0) throw new AdminError('invalid', 'That is not the end of a page.');
  return { domain: after.slice(0, slash), number: after.slice(slash + 1) };
}
