/** Users with all that is theirs, for moving them from one exchange to another. */
import * as v from 'valibot';
import type { ExchangeMode } from '../../../server/settings.ts';
import type { Device } from '../../../server/stores.ts';
import { change, method } from '../area.ts';
import { domainSubjects } from '../audit/domain-kind.ts';
import { userSubject } from '../audit/user-kind.ts';
import { domainField } from '../fields.ts';
import { importRow, planImport } from '../import.ts';
import { knownDomain, storedUser } from '../lookups.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';

/** A user with what is needed to move elsewhere: hashes are good for `realm` only. What most users have not is absent. */
export interface UserRecord {
  readonly number: string;
  readonly domain: string;
  readonly name: string;
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
  readonly realm: string;
  readonly isAdmin?: true;
  readonly mode?: ExchangeMode;
  readonly aliases?: string[];
  readonly devices?: Device[];
}

export const userRecordsArea = {
  'users.export': method(
    v.strictObject({ ...pageFields, domain: v.optional(domainField) }),
    ({ domain, ...query }, { store: { listings, users } }): Page<UserRecord> => {
      const page = listings.users.page({ ...query, filters: { domain: knownDomain(users, domain) } });
      return pageOf(page, (row) => {
        const user = storedUser(users, row);
        return {
          number: user.number,
          domain: user.domain,
          name: user.name,
          ha1Md5: user.ha1Md5,
          ha1Sha256: user.ha1Sha256,
          realm: users.realm(user.domain),
          ...(user.isAdmin === true && { isAdmin: true as const }),
          ...(user.mode !== undefined && { mode: user.mode }),
          ...(user.aliases !== undefined && { aliases: [...user.aliases].sort() }),
          ...(user.devices !== undefined && { devices: [...user.devices] }),
        };
      });
    },
  ),

  'users.import': change(
    v.strictObject({ rows: v.pipe(v.array(importRow), v.maxLength(200_000)), domain: v.optional(domainField) }),
    ({ rows, domain }, { store: { users }, now, record }): { readonly added: number } => {
      const plan = planImport(users, rows, now(), domain);
      const missing = [...plan.domains.keys()].filter((name) => !users.hasDomain(name));
      const subjects = [...new Map(missing.flatMap(domainSubjects).map((one) => [one.key, one])).values()];
      record([...subjects, ...plan.users.map(userSubject)], () => users.add(plan.users, plan.domains));
      return { added: plan.users.length };
    },
  ),
};
