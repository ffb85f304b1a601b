/** Turns the rows of an import into users, or says what is wrong with every line that has a fault. */
import * as v from 'valibot';
import type { SqliteUserStore, StoredUser } from '../store/index.ts';
import { ha1Of } from '../store/index.ts';
import { domainField, md5Field, nameField, numberField, passwordField, sha256Field } from './fields.ts';
import { AdminError, type ImportRow } from './methods.ts';

const FAULTS_TOLD = 20;

export interface ImportPlan {
  readonly users: readonly StoredUser[];
  /** Domains that are new, each with the realm of its users. */
  readonly domains: ReadonlyMap<string, string>;
}

class Fault extends Error {}

/**
 * Checks rows against each other and against what is stored; changes nothing.
 * @param only when given, every row must be of this domain, and rows without a domain are put there.
 * @throws AdminError that lists the faulty lines.
 */
export function planImport(store: SqliteUserStore, rows: readonly ImportRow[], now: number, only?: string): ImportPlan {
  const faults: string[] = [];
  const domains = new Map<string, string>();
  const users = new Map<string, { line: number; user: StoredUser }>();
  for (const row of rows) {
    try {
      const user = { ...planRow(store, domains, row, only), createdAt: now };
      const key = `${user.number}@${user.domain}`;
      const same = users.get(key);
      if (same !== undefined) throw new Fault(`User ${key} is on line ${same.line} already.`);
      const known = store.find(user.number, user.domain);
      if (known?.number === user.number) throw new Fault(`User ${key} exists already.`);
      if (known !== undefined) throw new Fault(`${key} is an alias of ${known.number}.`);
      users.set(key, { line: row.line, user });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(`line ${row.line}: ${error.message}`);
    }
  }
  if (faults.length > 0) throw new AdminError('invalid', sentence(faults));
  return { users: [...users.values()].map(({ user }) => user), domains };
}

function sentence(faults: readonly string[]): string {
  const more = faults.length - FAULTS_TOLD;
  const told = faults.slice(0, FAULTS_TOLD).join('\n');
  return `Nothing was imported, because of ${faults.length} faulty ${faults.length === 1 ? 'line' : 'lines'}:\n${told}${more > 0 ? `\nand ${more} more` : ''}`;
}

function planRow(
  store: SqliteUserStore,
  domains: Map<string, string>,
  row: ImportRow,
  only: string | undefined,
): Omit<StoredUser, 'createdAt'> {
  const number = field(numberField, row.number);
  const name = field(nameField, row.name);
  const domain = row.domain === '' ? (only ?? store.defaultDomain) : field(domainField, row.domain);
  if (only !== undefined && domain !== only) throw new Fault(`The domain is ${domain}, not ${only}.`);
  const known = store.hasDomain(domain) ? store.realm(domain) : domains.get(domain);
  if (row.password !== '') {
    const realm = known ?? domain;
    domains.set(domain, realm);
    return { number, domain, name, ...ha1Of(number, realm, field(passwordField, row.password)) };
  }
  if (row.ha1Md5 === '' || row.ha1Sha256 === '') {
    throw new Fault('There is neither a password nor both of its hashes.');
  }
  if (row.domain === '') throw new Fault('Hashes need the domain that they were made for.');
  const realm = row.realm === '' ? domain : row.realm;
  if (realm !== (known ?? realm))
    throw new Fault(`The hashes were made for ${realm}, but passwords of ${domain} are for ${known}.`);
  domains.set(domain, realm);
  return { number, domain, name, ha1Md5: field(md5Field, row.ha1Md5), ha1Sha256: field(sha256Field, row.ha1Sha256) };
}

function field<Schema extends v.GenericSchema<string, string>>(schema: Schema, value: string): string {
  const result = v.safeParse(schema, value);
  if (!result.success) throw new Fault(result.issues[0].message);
  return result.output;
}
