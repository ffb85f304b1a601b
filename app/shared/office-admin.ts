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

/** A page that has turned hostile shall not carry passwords' hashes away: main writes them to where the person says. */
export const WITHHELD = ['users.export'] as const satisfies readonly MethodName[];

/**
 * Nor shall it have the exchange send what it knows to an address of its choice: it may ask who is told of calls, and what
 * it wants them to be goes through main, which asks the person (`setWebhook`).
 */
export const READ_ONLY = ['records.webhook'] as const satisfies readonly MethodName[];

export type OfficeMethod = Exclude<MethodName, (typeof WITHHELD)[number]>;
export type OfficeParams<M extends OfficeMethod> = M extends (typeof READ_ONLY)[number]
  ? Readonly<Record<string, never>>
  : Params<M>;

/** As it crosses between processes; what it says is read by the exchange's own schemas. */
export interface OfficeQuestion {
  readonly method: string;
  readonly params: unknown;
}

/** Who is to be told of each call that ends: an empty URL ends it, an empty secret ends the signing, what is absent stays. */
export interface WebhookChange {
  readonly url?: string;
  readonly secret?: string;
}

/** Which records are exported; as `records.list` takes it. */
export type RecordFilter = Omit<Params<'records.list'>, 'after' | 'limit'>;
