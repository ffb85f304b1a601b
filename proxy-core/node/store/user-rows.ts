/** Users, their devices and aliases as they stand in SQLite, and as they are held in memory. */
import type { ExchangeMode } from '../../server/settings.ts';
import type { Device, User } from '../../server/stores.ts';
import { foldedText, orderedText } from './plain-text.ts';

export interface StoredUser extends User {
  /** ms since 1970. */
  readonly createdAt: number;
  /** Absent where the domain or the exchange says. */
  readonly mode?: ExchangeMode;
}

export interface StoredDevice extends Device {
  /** ms since 1970. */
  readonly createdAt: number;
}

export interface UserRow {
  readonly domain: string;
  readonly number: string;
  readonly name: string;
  readonly ha1_md5: string;
  readonly ha1_sha256: string;
  readonly created_at: number;
  readonly is_admin: number;
  readonly mode: ExchangeMode | null;
}

/** Columns that follow from the name and the number: what a user is found by, and where he stands in a list. */
export const PLAIN_COLUMNS: readonly string[] = ['plain_name', 'name_order', 'number_order'];

/** What stands in them. */
export const plainOf = ({ name, number }: Pick<User, 'name' | 'number'>): readonly [string, string, string] => [
  foldedText(name),
  orderedText(name),
  orderedText(number),
];

export interface DeviceRow {
  readonly domain: string;
  readonly number: string;
  readonly label: string;
  readonly ha1_md5: string;
  readonly ha1_sha256: string;
  readonly created_at: number;
}

/** Only what the path of a request reads; what most users have not is absent, and costs nothing. */
export const inMemory = ({ number, domain, name, ha1Md5, ha1Sha256, isAdmin, devices, aliases }: User): User => ({
  number,
  domain,
  name,
  ha1Md5,
  ha1Sha256,
  ...(isAdmin === true && { isAdmin }),
  ...(devices !== undefined && devices.length > 0 && { devices }),
  ...(aliases !== undefined && aliases.length > 0 && { aliases }),
});

export const userOf = (row: UserRow): StoredUser => ({
  number: row.number,
  domain: row.domain,
  name: row.name,
  ha1Md5: row.ha1_md5,
  ha1Sha256: row.ha1_sha256,
  createdAt: row.created_at,
  ...(row.is_admin !== 0 && { isAdmin: true }),
  ...(row.mode !== null && { mode: row.mode }),
});

export const deviceOf = ({ label, ha1_md5, ha1_sha256, created_at }: DeviceRow): StoredDevice => ({
  label,
  ha1Md5: ha1_md5,
  ha1Sha256: ha1_sha256,
  createdAt: created_at,
});
