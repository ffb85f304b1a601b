/** Opens the exchange's store in a data directory: lock, file, schema, then everything into memory. */
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemReason } from '../system-error.ts';
import { SqliteAuditLog } from './audit.ts';
import { SqliteBanStore } from './bans.ts';
import { SqliteCallHandling } from './call-handling.ts';
import { type CallStore, openCallStore } from './call-store.ts';
import { isBusy, isCorrupt, StoreCorruptError, StoreError, StoreLockedError, sqliteCode } from './errors.ts';
import { Feed } from './feed.ts';
import { SqliteInviteStore } from './invites.ts';
import { type Listings, openListings } from './listings.ts';
import { SqliteLocationStore } from './location.ts';
import { type DirectoryLock, lockDirectory } from './lock.ts';
import { SqliteMessageStore } from './messages.ts';
import { migrate } from './migrations.ts';
import { TrustedNetworkStore } from './networks.ts';
import { Rows } from './rows.ts';
import { type Database, openSqlite } from './sqlite.ts';
import { SqlitePublicationStore, SqliteSubscriptionStore } from './subscriptions.ts';
import { SqliteUserStore } from './users.ts';
import { WalLog } from './wal-log.ts';
import { SqliteLists, SqliteWatchRules } from './watch-rules.ts';

export interface StoreOptions {
  readonly dataDir: string;
  /** Domains to be responsible for besides those stored; the first becomes the default one. */
  readonly domains?: readonly string[];
  /** How long to wait for another program that holds the data directory, in ms. */
  readonly lockWaitMs?: number;
  /** How far apart commits of the location table are, in ms. */
  readonly groupMs?: number;
  readonly now?: () => number;
  /** Told of failures that nobody waits for. */
  readonly onError?: (error: StoreError) => void;
}

export interface Store {
  readonly dataDir: string;
  readonly users: SqliteUserStore;
  readonly location: SqliteLocationStore;
  readonly bans: SqliteBanStore;
  /** Networks that are trusted. */
  readonly networks: TrustedNetworkStore;
  readonly subscriptions: SqliteSubscriptionStore;
  readonly publications: SqlitePublicationStore;
  readonly watchRules: SqliteWatchRules;
  readonly lists: SqliteLists;
  readonly messages: SqliteMessageStore;
  readonly callHandling: SqliteCallHandling;
  readonly calls: CallStore;
  /** Codes by which somebody new comes in. */
  readonly invites: SqliteInviteStore;
  /** Who changed what. */
  readonly audit: SqliteAuditLog;
  /** Any row, to be put back as it was. */
  readonly rows: Rows;
  /** What the administration lists. */
  readonly listings: Listings;
  /** Tells of changes to whoever watches. */
  readonly feed: Feed;
  /** Commits what is pending and lets go of the directory. */
  close(): void;
}

/** Where nobody else is told, as in a command, it comes on stderr. */
const warn = (error: StoreError): void => process.emitWarning(error.message, 'StoreWarning');

/**
 * A commit costs as much CPU as ten rows. A phone that registers alone does not wait; where hundreds do in a second, nobody
 * notices these few ms.
 */
const GROUP_MS = 40;

/**
 * Opens or creates `tandem.db` in the data directory. The file is never moved, emptied or deleted.
 * @throws StoreLockedError, StoreCorruptError or StoreError, each with one sentence for a person.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const dataDir = resolve(options.dataDir);
  const path = join(dataDir, 'tandem.db');
  const lock = await lockDataDir(dataDir, options.lockWaitMs ?? 2_000);
  let db: Database | undefined;
  try {
    prepareFile(path);
    db = openDatabase(path);
    await migrate(db, path);
    const users = new SqliteUserStore(db);
    users.nameDomains(options.domains ?? []);
    const shared = { now: options.now ?? Date.now, onError: options.onError ?? warn };
    const log = new WalLog(db, `${path}-wal`);
    const location = new SqliteLocationStore(db, { groupMs: options.groupMs ?? GROUP_MS, log, ...shared });
    const feed = new Feed();
    location.watch((aor) => {
      feed.changed('location', aor);
      feed.changed('users', aor);
    });
    const bans = new SqliteBanStore(db, {
      ...shared,
      changed: (address, change) => feed.changed('bans', address, change),
    });
    const subscriptions = new SqliteSubscriptionStore(db, {
      ...{ log, ...shared },
      changed: (key, change) => feed.changed('subscriptions', key, change),
    });
    const publications = new SqlitePublicationStore(db, { log, ...shared });
    const messages = new SqliteMessageStore(db, { groupMs: options.groupMs ?? 2, ...shared });
    messages.watch((recipient) => feed.changed('messages', recipient));
    const callHandling = new SqliteCallHandling(db);
    callHandling.watch((aor) => feed.changed('forwards', aor));
    const audit = new SqliteAuditLog(db, shared.now);
    const invites = new SqliteInviteStore(db, shared.now, (id, change) => feed.changed('invites', id, change));
    // With a descriptor of its own: each is told of a failing disk only once.
    const recordLog = new WalLog(db, `${path}-wal`);
    const calls = openCallStore(db, { log: recordLog, feed, ...shared });
    return {
      ...{ dataDir, users, location, bans, subscriptions, publications, messages, callHandling, calls, invites },
      ...{ watchRules: new SqliteWatchRules(db), lists: new SqliteLists(db) },
      ...{ networks: new TrustedNetworkStore(db), audit, rows: new Rows(db), listings: openListings(db), feed },
      close: closer([location, subscriptions, publications, log, messages, bans, calls, recordLog, db], lock),
    };
  } catch (error) {
    db?.close();
    lock.release();
    throw explained(error, path);
  }
}

async function lockDataDir(dataDir: string, waitMs: number): Promise<DirectoryLock> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return await lockDirectory(dataDir, waitMs);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`The data directory ${dataDir} cannot be used: ${systemReason(error)}.`, { cause: error });
  }
}

/** The hashes are as good as passwords for SIP: the file is for its owner only, and SQLite's own files follow it. */
function prepareFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  if (statSync(path).size > 0) return;
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    // SQLite would throw the log away, and with it what was committed last.
    throw new StoreCorruptError(
      `The database ${path} is empty but its log ${path}-wal is not: put the database back beside it, or move the log away to begin anew.`,
    );
  }
}

function openDatabase(path: string): Database {
  const db = openSqlite(path, 2_000);
  try {
    // FULL in WAL mode syncs the log at every commit: what was answered survives a power cut, not only a crash
    // (https://www.sqlite.org/pragma.html#pragma_synchronous). fullfsync makes macOS empty the drive's cache too.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON');
    const check = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string } | undefined;
    if (check?.quick_check !== 'ok') throw new StoreCorruptError(corrupt(path, check?.quick_check ?? 'no answer'));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function closer(parts: readonly { close(): void }[], lock: DirectoryLock): () => void {
  let closed = false;
  return () => {
    if (closed) return;
    closed = true;
    for (const part of parts) part.close();
    lock.release();
  };
}

const corrupt = (path: string, reason: string): string =>
  `The database ${path} is damaged (${reason.replaceAll(/\s+/g, ' ').replace(/^\*{3} in database main \*{3} /, '')}): restore a backup over it, or move it and its -wal file away to begin anew.`;

function explained(error: unknown, path: string): unknown {
  if (isCorrupt(error)) return new StoreCorruptError(corrupt(path, reasonOf(error)), { cause: error });
  if (isBusy(error)) {
    return new StoreLockedError(`Another program holds the database ${path}: close it first.`, { cause: error });
  }
  if (error instanceof StoreCorruptError && !error.message.includes(path)) {
    return new StoreCorruptError(corrupt(path, error.message.replace(/\.$/, '')), { cause: error });
  }
  if (error instanceof StoreError) return error;
  if (sqliteCode(error) !== 0 || (error as NodeJS.ErrnoException).code !== undefined) {
    return new StoreError(`The database ${path} cannot be opened: ${systemReason(error)}.`, { cause: error });
  }
  return error;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
