/**
 * Everything that can be asked of an exchange from outside SIP, declared once: the command line, the control socket and
 * the desktop program are derived from this table. Parameters are checked against it; results are trusted.
 */
import * as v from 'valibot';
import { type ExchangeMode, exchangeModes } from '../../server/settings.ts';
import type { Ban, Binding, Device } from '../../server/stores.ts';
import type { NatStatus } from '../nat-status.ts';
import { addressField, domainField, labelField, nameField, numberField, passwordField } from './fields.ts';

export interface UserInfo {
  readonly number: string;
  readonly domain: string;
  readonly name: string;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Bindings that are alive now. */
  readonly devices: number;
  readonly isAdmin: boolean;
  readonly aliases: readonly string[];
  /** Labels of the devices that have a password of their own. */
  readonly devicePasswords: readonly string[];
  /** Its own; `default` where its domain or the exchange says. */
  readonly mode: ExchangeMode | 'default';
}

/** A device with a password of its own. */
export interface DeviceInfo {
  readonly label: string;
  readonly number: string;
  readonly domain: string;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Its bindings that are alive now. */
  readonly bindings: number;
}

export interface AliasInfo {
  readonly alias: string;
  readonly number: string;
  readonly domain: string;
}

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

export type LocationInfo = Binding;
export type BanInfo = Ban;

/** How requests are handled: its own word, and what that comes to. */
export interface ModeInfo {
  readonly mode: ExchangeMode | 'default';
  readonly inEffect: ExchangeMode;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Hand it in as `after` for the next page; absent on the last one. */
  readonly next?: string;
}

export interface ExchangeStatus {
  readonly version: string;
  readonly pid: number;
  /** ms since 1970; 0 when no exchange runs and the store was opened directly. */
  readonly startedAt: number;
  readonly domains: readonly string[];
  readonly listeners: readonly string[];
  readonly mode: string;
  readonly users: number;
  readonly bindings: number;
  /** Absent when no exchange runs. */
  readonly nat?: NatStatus;
}

interface Method<Schema extends v.GenericSchema, Result> {
  readonly params: Schema;
  readonly result?: Result;
}

const method = <Result>() => {
  return <const Schema extends v.GenericSchema>(params: Schema): Method<Schema, Result> => ({ params });
};

/** A user by number; without a domain, in the default one. */
const who = { number: numberField, domain: v.optional(domainField) };
/** `default`: what the next greater unit says. */
const modeField = v.picklist([...exchangeModes, 'default']);
const page = {
  after: v.optional(v.string()),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5_000)), 1_000),
};

/** Fields as they stand in the file: they are checked with their line, so that every fault can be told at once. */
const importRow = v.object({
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

export const methods = {
  'users.add': method<UserInfo>()(v.strictObject({ ...who, name: v.optional(nameField, ''), password: passwordField })),
  'users.list': method<Page<UserInfo>>()(v.strictObject({ ...page, domain: v.optional(domainField) })),
  'users.show': method<UserInfo>()(v.strictObject(who)),
  'users.remove': method<UserInfo>()(v.strictObject(who)),
  'users.setPassword': method<UserInfo>()(v.strictObject({ ...who, password: passwordField })),
  'users.rename': method<UserInfo>()(v.strictObject({ ...who, name: nameField })),
  'users.export': method<Page<UserRecord>>()(v.strictObject({ ...page, domain: v.optional(domainField) })),
  'users.import': method<{ readonly added: number }>()(
    v.strictObject({ rows: v.pipe(v.array(importRow), v.maxLength(200_000)), domain: v.optional(domainField) }),
  ),
  'users.setAdmin': method<UserInfo>()(v.strictObject({ ...who, isAdmin: v.boolean() })),
  'devices.add': method<DeviceInfo>()(v.strictObject({ ...who, label: labelField, password: passwordField })),
  'devices.list': method<readonly DeviceInfo[]>()(v.strictObject(who)),
  'devices.remove': method<DeviceInfo>()(v.strictObject({ ...who, label: labelField })),
  'aliases.add': method<AliasInfo>()(v.strictObject({ ...who, alias: numberField })),
  'aliases.list': method<readonly AliasInfo[]>()(
    v.strictObject({ number: v.optional(numberField), domain: v.optional(domainField) }),
  ),
  'aliases.remove': method<AliasInfo>()(v.strictObject({ alias: numberField, domain: v.optional(domainField) })),
  'domains.add': method<DomainInfo>()(v.strictObject({ name: domainField })),
  'domains.list': method<readonly DomainInfo[]>()(v.strictObject({})),
  'domains.remove': method<DomainInfo>()(v.strictObject({ name: domainField })),
  'users.mode': method<ModeInfo>()(v.strictObject({ ...who, mode: v.optional(modeField) })),
  'domains.mode': method<ModeInfo>()(v.strictObject({ name: domainField, mode: v.optional(modeField) })),
  'location.list': method<Page<LocationInfo>>()(v.strictObject(page)),
  'location.show': method<readonly LocationInfo[]>()(v.strictObject(who)),
  'location.remove': method<{ readonly removed: number }>()(
    v.strictObject({ ...who, contact: v.optional(v.string()) }),
  ),
  'bans.list': method<Page<BanInfo>>()(v.strictObject(page)),
  'bans.add': method<BanInfo>()(
    v.strictObject({
      address: addressField,
      seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10 * 365 * 86_400)),
    }),
  ),
  'bans.lift': method<BanInfo>()(v.strictObject({ address: addressField })),
  status: method<ExchangeStatus>()(v.strictObject({})),
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = v.InferInput<Methods[M]['params']>;
export type Checked<M extends MethodName> = v.InferOutput<Methods[M]['params']>;
export type Result<M extends MethodName> = Methods[M] extends Method<v.GenericSchema, infer R> ? R : never;

/** What answers each method, its parameters checked. */
export type Handlers = { readonly [M in MethodName]: (params: Checked<M>) => Result<M> | Promise<Result<M>> };

/** An exchange's administration, in this process or at the other end of a control socket. */
export interface ExchangeAdmin {
  /** @throws AdminError with one sentence for a person. */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
}

export type AdminErrorKind = 'invalid' | 'exists' | 'unknown' | 'storage' | 'unreachable' | 'internal';

export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly kind: AdminErrorKind;

  constructor(kind: AdminErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Everything of a paged listing, a page at a time. */
export async function* everything<Item>(
  fetch: (after: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  let after: string | undefined;
  do {
    const { items, next } = await fetch(after);
    yield* items;
    after = next;
  } while (after !== undefined);
}
