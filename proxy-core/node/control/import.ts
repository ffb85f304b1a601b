/** Turns the rows of an import into users, or says what is wrong with every line that has a fault. */
import * as v from 'valibot';
import { phrase } from '../../server/phrase.ts';
import { exchangeModes } from '../../server/settings.ts';
import type { SqliteUserStore, StoredUser } from '../store/index.ts';
import { ha1Of } from '../store/index.ts';
import { AdminError } from './errors.ts';
import { domainField, labelField, md5Field, nameField, numberField, passwordField, sha256Field } from './fields.ts';
import { ALIASES_PER_USER, DEVICES_PER_USER } from './limits.ts';

/** Fields as they stand in the file: they are checked with their line, so that every fault can be told at once. */
export const importRow = v.object({
  line: v.pipe(v.number(), v.integer()),
  number: v.string(),
  name: v.optional(v.string(), ''),
  domain: v.optional(v.string(), ''),
  password: v.optional(v.string(), ''),
  ha1Md5: v.optional(v.string(), ''),
  ha1Sha256: v.optional(v.string(), ''),
  realm: v.optional(v.string(), ''),
  isAdmin: v.optional(v.boolean()),
  mode: v.optional(v.string()),
  aliases: v.optional(v.array(v.string())),
  devices: v.optional(v.array(v.object({ label: v.string(), ha1Md5: v.string(), ha1Sha256: v.string() }))),
});
export type ImportRow = v.InferOutput<typeof importRow>;

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
  const users: StoredUser[] = [];
  /** Numbers and aliases, `number@domain`, with the first line that has them. */
  const taken = new Map<string, number>();
  for (const row of rows) {
    try {
      const user = { ...planRow(store, domains, row, only), createdAt: now };
      const { number, domain, aliases = [] } = user;
      for (const one of [number, ...aliases]) {
        const key = `${one}@${domain}`;
        const line = taken.get(key);
        const isUser = one === number;
        if (line !== undefined)
          throw new Fault(
            isUser ? `User ${key} is on line ${line} already.` : `The alias ${key} is on line ${line} already.`,
          );
        const known = store.find(one, domain);
        if (known?.number === one) throw new Fault(`User ${key} exists already.`);
        if (known !== undefined) throw new Fault(`${key} is an alias of ${known.number}.`);
        taken.set(key, row.line);
      }
      users.push(user);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(phrase(`line ${row.line}: ${error.message}`));
    }
  }
  if (faults.length > 0) throw new AdminError('invalid', sentence(faults));
  return { users, domains };
}

/** One a line, each of which the window translates by itself. */
function sentence(faults: readonly string[]): string {
  const more = faults.length - FAULTS_TOLD;
  const head =
    faults.length === 1
      ? phrase('Nothing was imported, because of 1 faulty line:')
      : phrase(`Nothing was imported, because of ${faults.length} faulty lines:`);
  return [head, ...faults.slice(0, FAULTS_TOLD), ...(more > 0 ? [phrase(`and ${more} more`)] : [])].join('\n');
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
  const rest = planRest(row);
  if (row.password !== '') {
    if (rest.devices !== undefined) throw new Fault('Devices need their user’s hashes beside them, not a password.');
    const realm = known ?? domain;
    domains.set(domain, realm);
    return { number, domain, name, ...ha1Of(number, realm, field(passwordField, row.password)), ...rest };
  }
  if (row.ha1Md5 === '' || row.ha1Sha256 === '') {
    throw new Fault('There is neither a password nor both of its hashes.');
  }
  if (row.domain === '') throw new Fault('Hashes need the domain that they were made for.');
  const realm = row.realm === '' ? domain : row.realm;
  if (realm !== (known ?? realm))
    throw new Fault(`The hashes were made for ${realm}, but passwords of ${domain} are for ${known}.`);
  domains.set(domain, realm);
  const hashes = { ha1Md5: field(md5Field, row.ha1Md5), ha1Sha256: field(sha256Field, row.ha1Sha256) };
  const passwords = new Set([hashes, ...(rest.devices ?? [])].map(({ ha1Sha256 }) => ha1Sha256));
  if (passwords.size <= (rest.devices ?? []).length) throw new Fault('Two devices have the same password.');
  return { number, domain, name, ...hashes, ...rest };
}

type Rest = Pick<StoredUser, 'isAdmin' | 'mode' | 'aliases' | 'devices'>;

/** What most users have not, absent where it is so. */
function planRest(row: ImportRow): Rest {
  const mode = exchangeModes.find((one) => one === row.mode);
  if (mode === undefined && row.mode !== undefined && row.mode !== '' && row.mode !== 'default') {
    throw new Fault(`The mode is one of ${exchangeModes.join(', ')}, default, not "${row.mode}".`);
  }
  const aliases = (row.aliases ?? []).map((alias) => field(numberField, alias));
  if (aliases.length > ALIASES_PER_USER) throw new Fault(`A user has at most ${ALIASES_PER_USER} aliases.`);
  const devices = (row.devices ?? []).map(({ label, ha1Md5, ha1Sha256 }) => ({
    ...{ ha1Md5: field(md5Field, ha1Md5), ha1Sha256: field(sha256Field, ha1Sha256), label: field(labelField, label) },
  }));
  if (devices.length > DEVICES_PER_USER) {
    throw new Fault(`A user has at most ${DEVICES_PER_USER} devices with passwords of their own.`);
  }
  const labels = devices.map(({ label }) => label);
  const twice = labels.find((label, at) => labels.indexOf(label) !== at);
  if (twice !== undefined) throw new Fault(`The device "${twice}" is there twice.`);
  return {
    ...(row.isAdmin === true && { isAdmin: true }),
    ...(mode !== undefined && { mode }),
    ...(aliases.length > 0 && { aliases }),
    ...(devices.length > 0 && { devices }),
  };
}

function field<Schema extends v.GenericSchema<string, string>>(schema: Schema, value: string): string {
  const result = v.safeParse(schema, value);
  if (!result.success) throw new Fault(result.issues[0].message);
  return result.output;
}
