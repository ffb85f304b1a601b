/** Subscriptions and what phones publish, kept so that both go on after a restart. */
import type { PublicationRecord, PublicationStore } from '../../server/events/publish/publications.ts';
import type { SubscriptionRecord, SubscriptionStore } from '../../server/events/subscription-store.ts';
import type { Aor } from '../../server/stores.ts';
import type { Dialog } from '../../sip/dialog/dialog.ts';
import type { Hop } from '../../sip/transport/port.ts';
import type { StoreError } from './errors.ts';
import type { Change } from './feed.ts';
import type { Database } from './sqlite.ts';
import type { WalLog } from './wal-log.ts';
import { WriteBehind } from './write-behind.ts';

export interface KeptOptions {
  readonly log: Pick<WalLog, 'withoutSync'>;
  /** Told when something could not be kept; it is tried again. */
  readonly onError: (error: StoreError) => void;
  /** Told of each subscription that comes, changes or goes. */
  readonly changed?: (key: string, change: Change) => void;
}

export class SqliteSubscriptionStore implements SubscriptionStore {
  readonly #db: Database;
  readonly #behind: WriteBehind<SubscriptionRecord>;
  readonly #changed: KeptOptions['changed'];

  constructor(db: Database, { log, onError, changed }: KeptOptions) {
    this.#db = db;
    this.#changed = changed;
    const put = db.prepare('INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const remove = db.prepare('DELETE FROM subscriptions WHERE key = ?');
    this.#behind = new WriteBehind({
      ...{ db, log, onError },
      remove: (key) => void remove.run(key),
      write: (one) =>
        void put.run(
          ...[one.key, one.package, one.resource, one.subscriber, one.device, one.event],
          ...[JSON.stringify(one.dialog), one.highestSeq, hopText(one.hop), one.expiresAt],
        ),
    });
  }

  *all(): Iterable<SubscriptionRecord> {
    this.flush();
    for (const row of this.#db.prepare('SELECT * FROM subscriptions').all()) {
      const record = recordOf(row as unknown as SubscriptionRow);
      if (record !== undefined) yield record;
    }
  }

  put(record: SubscriptionRecord): void {
    this.#behind.put(record.key, record);
    this.#changed?.(record.key, 'changed');
  }

  remove(key: string): void {
    this.#behind.remove(key);
    this.#changed?.(key, 'removed');
  }

  flush(): void {
    this.#behind.flush();
  }

  close(): void {
    this.#behind.close();
  }
}

export interface SubscriptionRow {
  readonly key: string;
  readonly package: string;
  readonly resource: string;
  readonly subscriber: Aor;
  readonly device: string;
  readonly event: string;
  readonly dialog: string;
  readonly highest_seq: number;
  readonly hop: string;
  readonly expires_at: number;
}

/** A flow is gone with the exchange that it was one of. */
const hopText = (hop: Hop | undefined): string =>
  hop === undefined ? '' : JSON.stringify({ ...hop, flow: undefined });

/** Undefined where the row is damaged: its subscriber begins anew. */
export function recordOf(row: SubscriptionRow): SubscriptionRecord | undefined {
  try {
    const dialog = JSON.parse(row.dialog) as Dialog;
    const hop = row.hop === '' ? undefined : (JSON.parse(row.hop) as Hop);
    if (typeof dialog.callId !== 'string' || !Array.isArray(dialog.routes)) return undefined;
    const { key, resource, subscriber, device, event } = row;
    const times = { highestSeq: row.highest_seq, expiresAt: row.expires_at };
    return { ...{ key, package: row.package, resource, subscriber, device, event, dialog, hop }, ...times };
  } catch {
    return undefined;
  }
}

export class SqlitePublicationStore implements PublicationStore {
  readonly #db: Database;
  readonly #behind: WriteBehind<PublicationRecord>;

  constructor(db: Database, { log, onError }: KeptOptions) {
    this.#db = db;
    const put = db.prepare('INSERT OR REPLACE INTO publications VALUES (?, ?, ?, ?, ?)');
    const remove = db.prepare('DELETE FROM publications WHERE tag = ?');
    this.#behind = new WriteBehind({
      ...{ db, log, onError },
      remove: (tag) => void remove.run(tag),
      write: ({ tag, aor, package: name, expiresAt, document }) =>
        void put.run(tag, aor, name, expiresAt, Buffer.from(document, 'latin1')),
    });
  }

  *all(): Iterable<PublicationRecord> {
    this.#behind.flush();
    // In the order in which they would end, which is about that in which they came.
    for (const row of this.#db.prepare('SELECT * FROM publications ORDER BY expires_at').all()) {
      const { tag, aor, package: name, expires_at: expiresAt, document } = row as unknown as PublicationRow;
      yield { tag, aor, package: name, expiresAt, document: Buffer.from(document).toString('latin1') };
    }
  }

  put(record: PublicationRecord): void {
    this.#behind.put(record.tag, record);
  }

  remove(tag: string): void {
    this.#behind.remove(tag);
  }

  close(): void {
    this.#behind.close();
  }
}

interface PublicationRow {
  readonly tag: string;
  readonly aor: Aor;
  readonly package: string;
  readonly expires_at: number;
  readonly document: Uint8Array;
}
