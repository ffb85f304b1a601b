/** Further numbers of users. */
import * as v from 'valibot';
import { method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { domainField, numberField } from '../fields.ts';
import { ALIASES_PER_USER } from '../limits.ts';
import { knownDomain, refuseTaken, storedUser, who } from '../lookups.ts';

export interface AliasInfo {
  readonly alias: string;
  readonly number: string;
  readonly domain: string;
}

export const aliasesArea = {
  'aliases.add': method(
    v.strictObject({ ...who, alias: numberField }),
    ({ alias, ...asked }, { store: { users } }): AliasInfo => {
      const { number, domain, aliases = [] } = storedUser(users, asked);
      refuseTaken(users, alias, domain);
      if (aliases.length >= ALIASES_PER_USER) {
        throw new AdminError('invalid', `A user has at most ${ALIASES_PER_USER} aliases.`);
      }
      users.aliases.add(alias, number, domain);
      return { alias, number, domain };
    },
  ),

  'aliases.list': method(
    v.strictObject({ number: v.optional(numberField), domain: v.optional(domainField) }),
    ({ number, domain }, { store: { users } }): readonly AliasInfo[] => {
      const within =
        number === undefined && domain === undefined
          ? users.domains()
          : [knownDomain(users, domain) ?? users.defaultDomain];
      if (number !== undefined) storedUser(users, { number, domain });
      return within.flatMap((name) => users.aliases.of(name, number).map((one) => ({ ...one, domain: name })));
    },
  ),

  'aliases.remove': method(
    v.strictObject({ alias: numberField, domain: v.optional(domainField) }),
    ({ alias, domain: asked }, { store: { users } }): AliasInfo => {
      const domain = asked ?? users.defaultDomain;
      const number = users.find(alias, domain)?.number;
      if (number === undefined || number === alias) {
        throw new AdminError('unknown', `There is no alias ${alias}@${domain}.`);
      }
      users.aliases.remove(alias, domain);
      return { alias, number, domain };
    },
  ),
};
