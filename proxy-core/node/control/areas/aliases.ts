/** Further numbers of users. */
import * as v from 'valibot';
import { change, list } from '../area.ts';
import { userSubject } from '../audit/user-kind.ts';
import { AdminError } from '../errors.ts';
import { domainField, numberField } from '../fields.ts';
import { ALIASES_PER_USER } from '../limits.ts';
import { ofUser, refuseTaken, storedUser, who, whoIs } from '../lookups.ts';
import { type Page, pageOf, sortedBy } from '../paging.ts';

export interface AliasInfo {
  readonly alias: string;
  readonly number: string;
  readonly domain: string;
}

const shown = ({ alias, number, domain }: AliasInfo): AliasInfo => ({ alias, number, domain });

export const aliasesArea = {
  'aliases.add': change(
    v.strictObject({ ...who, alias: numberField }),
    ({ alias, ...asked }, { store: { users }, record }): AliasInfo => {
      const { number, domain, aliases = [] } = storedUser(users, asked);
      refuseTaken(users, alias, domain);
      if (aliases.length >= ALIASES_PER_USER) {
        throw new AdminError('invalid', `A user has at most ${ALIASES_PER_USER} aliases.`);
      }
      record([userSubject({ number, domain })], () => users.aliases.add(alias, number, domain));
      return { alias, number, domain };
    },
  ),

  'aliases.list': list(
    v.strictObject({ ...sortedBy('number'), number: v.optional(numberField), domain: v.optional(domainField) }),
    (query, { store: { listings, users } }): Page<AliasInfo> =>
      pageOf(listings.aliases.page({ ...query, filters: ofUser(query, users) }), shown),
    {
      topic: 'aliases',
      keyOf: ({ alias, domain }) => `${alias}@${domain}`,
      one(key, query, { store: { listings, users } }): AliasInfo | undefined {
        const { number: alias, domain } = whoIs(key);
        const row = listings.aliases.one([domain, alias], { ...query, filters: ofUser(query, users) });
        return row === undefined ? undefined : shown(row);
      },
    },
  ),

  'aliases.remove': change(
    v.strictObject({ alias: numberField, domain: v.optional(domainField) }),
    ({ alias, domain: asked }, { store: { users }, record }): AliasInfo => {
      const domain = asked ?? users.defaultDomain;
      const number = users.find(alias, domain)?.number;
      if (number === undefined || number === alias) {
        throw new AdminError('unknown', `There is no alias ${alias}@${domain}.`);
      }
      record([userSubject({ number, domain })], () => users.aliases.remove(alias, domain));
      return { alias, number, domain };
    },
  ),
};
