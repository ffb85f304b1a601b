/**
 * The contracts between the main process and the services that it runs. Each service answers these calls on the
 * line to its parent; the phone service is moreover handed the port to the window (see `phone-port.ts`).
 */
import type { Account, Outcome } from './bridge.ts';
import type { FoundOffice } from './join-link.ts';
import type { OfficeQuestion, WatchEvent, WebhookChange } from './office-admin.ts';
import type { MadeBackup, ReadBackup } from './office-backup.ts';
import { call } from './schema.ts';

/** The passwords of TURN servers by account. */
export type RelayPasswords = Readonly<Record<string, string>>;

export interface JoinedOffice {
  readonly account: Omit<Account, 'id'>;
  readonly password: string;
}

export const phoneServiceSchema = {
  service: {
    /**
     * The accounts that the window may name from now on; connections of accounts that are gone are closed. `loopback`
     * keeps every socket on 127.0.0.1; `sipPort` is where the first account listens. Neither changes while the service
     * lives.
     */
    configure: call<
      { accounts: readonly Account[]; relayPasswords: RelayPasswords; loopback: boolean; sipPort?: number },
      void
    >(),
    /** Takes a code to an office; gives the account that comes of it, without its id. */
    join: call<{ server: string; code: string; device: string; loopback: boolean }, Outcome<JoinedOffice>>(),
    /** The offices that answered on this network until now; asks for others. */
    offices: call<{ loopback: boolean }, readonly FoundOffice[]>(),
    /** Closes all sockets; the answer means that the process may be ended. */
    close: call<void, void>(),
  },
} as const;

export type PhoneServiceSchema = typeof phoneServiceSchema;

/** The message, outside any schema, with which main hands the window's port to the phone service. */
export const PORT_MESSAGE = 'tandem:port';

export interface OfficeRunning {
  readonly domain: string;
  readonly listeners: readonly string[];
  readonly server: string;
}

/** A process for one backup; whoever started it ends it. */
export const backupServiceSchema = {
  backup: {
    /** Writes the office in `dataDir` into `file`, also while it runs. */
    create: call<{ dataDir: string; file: string }, Outcome<MadeBackup>>(),
    /** Reads a backup and compares; unless `isDry` it takes the place of the office in `dataDir`, which must not run. */
    restore: call<{ dataDir: string; file: string; isDry: boolean }, Outcome<ReadBackup>>(),
  },
} as const;

export type BackupServiceSchema = typeof backupServiceSchema;

export const exchangeServiceSchema = {
  office: {
    /** `listen` are addresses such as `udp://0.0.0.0:5060`; without it, UDP and TCP on 5060 or the next free port. */
    start: call<{ dataDir: string; loopback: boolean; listen?: readonly string[] }, Outcome<OfficeRunning>>(),
    /** Drains and closes the exchange; the answer means that everything is on disk. */
    stop: call<void, void>(),
    /** As the page asks (`bridgeSchema.office`). */
    ask: call<OfficeQuestion, Outcome<unknown>>(),
    watch: call<OfficeQuestion, Outcome<number>>(),
    next: call<{ watch: number }, Outcome<readonly WatchEvent<unknown>[]>>(),
    unwatch: call<{ watch: number }, Outcome>(),
    /** Adds the users of a CSV file, all or none; gives how many. */
    importUsers: call<{ csv: string }, Outcome<number>>(),
    /** All users, with the hashes of their passwords: not for the page. */
    exportUsers: call<void, Outcome<{ csv: string; count: number }>>(),
    /** Says who is told of each call; the person has agreed. */
    setWebhook: call<WebhookChange, Outcome>(),
    /** The page is another one: its watches end. */
    forgetPage: call<void, void>(),
  },
} as const;

export type ExchangeServiceSchema = typeof exchangeServiceSchema;
