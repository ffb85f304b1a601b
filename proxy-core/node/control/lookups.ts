/** What handlers look up by what a person typed, or refuse in one sentence. */

import * as v from 'valibot';
import { aorOf, type Binding, type PasswordHashes } from '../../server/stores.ts';
import type { SqliteUserStore, StoredUser } from '../store/index.ts';
import { AdminError } from './errors.ts';
import { domainField, numberField } from './fields.ts';
import type { AdminParts } from './parts.ts';

/** A user by number; without a domain, in the default one. */
export const who = { number: numberField, domain: v.optional(domainField) };
export type Who = v.InferOutput<v.ObjectSchema<typeof who, undefined>>;

/** Of an AOR: a number may have an `@`, a domain has none. */
export function whoIs(aor: string): { readonly number: string; readonly domain: string } {
  const at = aor.lastIndexOf('@');
  return { number: aor.slice(0, at), domain: aor.slice(at + 1) };
}

/** A user by number alone. */
export function storedUser(users: SqliteUserStore, { number, domain = users.defaultDomain }: Who): StoredUser {
  const user = users.get(number, domain);
  if (user === undefined) throw new AdminError('unknown', `There is no user ${number}@${domain}.`);
  return user;
}

/** A user by number or alias. */
export function foundUser(users: SqliteUserStore, { number, domain = users.defaultDomain }: Who): StoredUser {
  return storedUser(users, { number: users.find(number, domain)?.number ?? number, domain });
}

/** What is listed of a domain that nobody has would look like an empty one. */
export function knownDomain(users: SqliteUserStore, domain: string | undefined): string | undefined {
  if (domain === undefined || users.hasDomain(domain)) return domain;
  throw new AdminError('unknown', `There is no domain ${domain}.`);
}

/** What a listing of things of users is narrowed to: one user, a domain, or nothing. Who does not exist has no empty list. */
export function ofUser(
  { number, domain }: { readonly number?: string | undefined; readonly domain?: string | undefined },
  users: SqliteUserStore,
): { readonly number?: string; readonly domain?: string } {
  if (number === undefined) return domain === undefined ? {} : { domain: knownDomain(users, domain) ?? domain };
  const user = storedUser(users, { number, domain });
  return { number: user.number, domain: user.domain };
}

/** The bindings of a user, or of what is left of one, that are alive now; by an alias too. */
export function bindingsOf({ store, now }: AdminParts, asked: Who): readonly Binding[] {
  const { users, location } = store;
  const { number, domain = users.defaultDomain } = asked;
  const user = users.find(number, domain);
  const found = location.lookup(aorOf(user?.number ?? number, domain), now());
  if (user === undefined && found.length === 0) storedUser(users, asked);
  return found;
}

/** @throws AdminError when a number is a user's or an alias already. */
export function refuseTaken(users: SqliteUserStore, number: string, domain: string): void {
  const known = users.find(number, domain);
  if (known === undefined) return;
  if (known.number === number) throw new AdminError('exists', `User ${number}@${domain} exists already.`);
  throw new AdminError('exists', `${number}@${domain} is an alias of ${known.number}.`);
}

/** Two devices with one password could not be told apart, nor one of them revoked. */
export function refuseSamePassword(others: readonly PasswordHashes[], { ha1Sha256 }: PasswordHashes): void {
  if (others.some((other) => other.ha1Sha256 === ha1Sha256)) {
    throw new AdminError('exists', 'This password is in use for the same user already: choose another one.');
  }
}
