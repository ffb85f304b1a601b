/** Which domains the exchange is responsible for. */
import * as v from 'valibot';
import type { ExchangeMode } from '../../../server/settings.ts';
import type { SqliteUserStore } from '../../store/index.ts';
import { change, list, method } from '../area.ts';
import { domainKind, domainSubjects } from '../audit/domain-kind.ts';
import { AdminError } from '../errors.ts';
import { domainField } from '../fields.ts';
import { knownDomain } from '../lookups.ts';
import { type ModeInfo, modeField, modeInfo } from '../modes.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';

export interface DomainInfo {
  readonly name: string;
  /** Numbers that are given without a domain belong to this one. */
  readonly isDefault: boolean;
  readonly users: number;
  /** What the passwords of its users are hashed with. */
  readonly realm: string;
  /** Its own; `default` where the exchange says. */
  readonly mode: ExchangeMode | 'default';
}

const domainInfo = (users: SqliteUserStore, name: string): DomainInfo => ({
  name,
  isDefault: name === users.defaultDomain,
  users: users.usersIn(name),
  realm: users.realm(name),
  mode: users.modes.ofDomain(name) ?? 'default',
});

const oneDomain = { name: domainField };

export const domainsArea = {
  'domains.add': change(v.strictObject(oneDomain), ({ name }, { store: { users }, record }): DomainInfo => {
    if (users.hasDomain(name)) throw new AdminError('exists', `The domain ${name} exists already.`);
    record(domainSubjects(name), () => users.addDomain(name));
    return domainInfo(users, name);
  }),

  'domains.list': list(
    v.strictObject(pageFields),
    (query, { store: { listings, users } }): Page<DomainInfo> =>
      pageOf(listings.domains.page(query), ({ name }) => domainInfo(users, name)),
    {
      topic: 'domains',
      keyOf: ({ name }) => name,
      one: (key, query, { store: { listings, users } }): DomainInfo | undefined =>
        listings.domains.one([key], query) === undefined ? undefined : domainInfo(users, key),
    },
  ),

  'domains.remove': change(v.strictObject(oneDomain), ({ name }, { store: { users }, record }): DomainInfo => {
    knownDomain(users, name);
    const before = domainInfo(users, name);
    if (before.users > 0) {
      const { users } = before;
      throw new AdminError(
        'invalid',
        users === 1
          ? `The domain ${name} has a user: remove them first.`
          : `The domain ${name} has ${users} users: remove them first.`,
      );
    }
    if (users.domains().length === 1) {
      throw new AdminError('invalid', `${name} is the only domain: add another first.`);
    }
    record(domainSubjects(name), () => users.removeDomain(name));
    return before;
  }),

  'domains.mode': method(
    v.strictObject({ ...oneDomain, mode: v.optional(modeField) }),
    ({ name, mode }, { store: { users }, facts, record }): ModeInfo => {
      knownDomain(users, name);
      if (mode !== undefined) {
        const own = mode === 'default' ? undefined : mode;
        record([{ kind: domainKind, key: name }], () => users.modes.setDomain(name, own));
      }
      return modeInfo(users.modes.ofDomain(name), undefined, facts().mode);
    },
  ),
};
