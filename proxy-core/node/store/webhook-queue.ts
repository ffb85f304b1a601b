/** What waits to be told by webhook, so that a restart on either side loses nothing. */
import { type StoreError, writeError } from './errors.ts';
import { changeRows, type Database, type Statement, transaction } from './sqlite.ts';
import type { WalLog } from './wal-log.ts';

/** Beyond this the oldest are given up. */
const MOST = 10_000;
/** How long what was told is gathered before its rows go together, in ms. */
const GATHER_MS = 250;

export interface WebhookQueueOptions {
  readonly log: Pick<WalLog, 'withoutSync'>;
  readonly onError: (error: StoreError) => void;
}

export class WebhookQueue {
  readonly #put: Statement;
  readonly #body: Statement;
  readonly #remove: Statement;
  readonly #db: Database;
  /** In the order in which they came. */
  readonly #waiting = new Set<number>();
  readonly #options: WebhookQueueOptions;
  #gone: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #givenUp = 0;

  constructor(db: Database, options: WebhookQueueOptions) {
    this.#db = db;
    this.#options = options;
    this.#put = db.prepare(
      'INSERT INTO webhook_queue (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    );
    this.#body = db.prepare('SELECT body FROM webhook_queue WHERE id = ?');
    this.#remove = db.prepare('DELETE FROM webhook_queue WHERE id = ?');
    for (const row of db.prepare('SELECT id FROM webhook_queue ORDER BY id').all())
      this.#waiting.add((row as { id: number }).id);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** How many were never told, since the exchange started. */
  get givenUp(): number {
    return this.#givenUp;
  }

  waiting(): readonly number[] {
    return [...this.#waiting];
  }

  /** Within the caller's transaction; `added` when that is done. */
  put(id: number, body: string): void {
    this.#put.run(id, body);
  }

  /** The oldest gives way where too many wait. */
  added(id: number): void {
    this.#waiting.add(id);
    const [oldest] = this.#waiting;
    if (oldest !== undefined && this.#waiting.size > MOST) this.giveUp(oldest);
  }

  /** Undefined where it waits no more. */
  bodyOf(id: number): string | undefined {
    if (!this.#waiting.has(id)) return undefined;
    return (this.#body.get(id) as { body: string } | undefined)?.body;
  }

  /** Told. After a crash somebody may be told twice. */
  remove(id: number): void {
    if (!this.#waiting.delete(id)) return;
    this.#gone.push(id);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
    this.#timer.unref();
  }

  giveUp(id: number): void {
    this.#givenUp++;
    this.remove(id);
  }

  /** Nobody is to be told any more. */
  clear(): void {
    changeRows(this.#db, () => this.#db.prepare('DELETE FROM webhook_queue').run());
    this.#waiting.clear();
    this.#gone = [];
  }

  close(): void {
    this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gone = this.#gone;
    this.#gone = [];
    if (gone.length === 0) return;
    try {
      this.#options.log.withoutSync(() =>
        transaction(this.#db, () => {
          for (const id of gone) this.#remove.run(id);
        }),
      );
    } catch (error) {
      // They are told once more after the next start.
      this.#options.onError(writeError(error));
    }
  }
}
