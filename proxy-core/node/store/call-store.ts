/** All that is kept of calls, held together. */
import type { CallRecord } from '../../server/calls/record.ts';
import { SqliteCallRecords } from './call-records.ts';
import type { StoreError } from './errors.ts';
import type { Feed } from './feed.ts';
import { RecordQueries } from './record-query.ts';
import { RecordSettings } from './record-settings.ts';
import type { Database } from './sqlite.ts';
import type { WalLog } from './wal-log.ts';
import { WebhookQueue } from './webhook-queue.ts';

export interface CallStoreOptions {
  readonly now: () => number;
  readonly log: Pick<WalLog, 'withoutSync' | 'sync'>;
  readonly onError: (error: StoreError) => void;
  readonly feed: Feed;
}

export interface CallStore {
  readonly records: SqliteCallRecords;
  readonly queries: RecordQueries;
  readonly settings: RecordSettings;
  readonly webhooks: WebhookQueue;
  /** Has `listener` told when more waits to be told by webhook. There is one listener. */
  onQueued(listener: (id: number) => void): void;
  /** Writes what is gathered. */
  close(): void;
}

export function openCallStore(db: Database, options: CallStoreOptions): CallStore {
  const settings = new RecordSettings(db);
  const webhooks = new WebhookQueue(db, options);
  let queued: (id: number) => void = () => undefined;
  const records = new SqliteCallRecords(db, {
    ...options,
    limits: () => settings.limits,
    written: (record) => {
      if (settings.webhook.url !== undefined) webhooks.put(record.id, webhookBody(record));
    },
    flushed: (written) => {
      const isTold = settings.webhook.url !== undefined;
      const isWatched = options.feed.isWatched('records');
      if (!isTold && !isWatched) return;
      for (const { id, isInterrupted } of written) {
        if (isWatched) options.feed.changed('records', String(id), isInterrupted ? 'changed' : 'added');
        if (!isTold) continue;
        webhooks.added(id);
        queued(id);
      }
    },
  });
  return {
    ...{ records, queries: new RecordQueries(db), settings, webhooks },
    close: () => {
      records.close();
      webhooks.close();
    },
    onQueued: (listener) => {
      queued = listener;
    },
  };
}

/** docs/records.md tells of it. */
const webhookBody = (call: CallRecord): string => JSON.stringify({ event: 'call.ended', call });
