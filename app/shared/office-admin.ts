/**
 * What the window may ask of the exchange's administration: the methods of `proxy-core/node/control`, by their own names
 * and types. Only those that are named here are kept from it.
 */
import type { UserInfo } from '../../proxy-core/node/control/areas/users.ts';
import type { MethodName, Params, Result, Watched, WatchName } from '../../proxy-core/node/control/methods.ts';

/** As much of a user as names and calls need. */
export type OfficeUser = Pick<UserInfo, 'number' | 'domain' | 'name' | 'devices'>;

export type { Difference } from '../../proxy-core/node/control/audit/difference.ts';
export type {
  AuditInfo,
  CallInfo,
  HandlingInfo,
  RecordInfo,
  SettingInfo,
  UserInfo,
  WatchEvent,
} from '../../proxy-core/node/control/index.ts';
export type { Result, Watched, WatchName };

/**
 * A page that has turned hostile shall not carry passwords' hashes away, nor have the exchange send what it knows to an
 * address of the page's choice. `tandem` does these.
 */
export const WITHHELD = ['users.export', 'records.webhook'] as const satisfies readonly MethodName[];

export type OfficeMethod = Exclude<MethodName, (typeof WITHHELD)[number]>;
export type OfficeParams<M extends OfficeMethod> = Params<M>;

/** As it crosses between processes; what it says is read by the exchange's own schemas. */
export interface OfficeQuestion {
  readonly method: string;
  readonly params: unknown;
}

/** Which records are exported; as `records.list` takes it. */
export type RecordFilter = Omit<Params<'records.list'>, 'after' | 'limit'>;
