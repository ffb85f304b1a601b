/** Rows that change often and may be lost with the last moment before a crash: gathered, and written together. */
import { type StoreError, writeError } from './errors.ts';
import { type Database, transaction } from './sqlite.ts';
import type { WalLog } from './wal-log.ts';

const WRITE_MS = 250;
/** Rows in one transaction; what is beyond waits for the next, so that nothing else waits long. */
const AT_ONCE = 2_000;

export interface WriteBehindOptions<Row> {
  readonly db: Database;
  readonly log: Pick<WalLog, 'withoutSync'>;
  readonly write: (row: Row) => void;
  readonly remove: (key: string) => void;
  /** Told when rows could not be written; they are tried again. */
  readonly onError: (error: StoreError) => void;
}

export class WriteBehind<Row> {
  readonly #options: WriteBehindOptions<Row>;
  /** Undefined for those to be removed. */
  #changed = new Map<string, Row | undefined>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WriteBehindOptions<Row>) {
    this.#options = options;
  }

  /** What `row` says when it is written is what is kept. */
  put(key: string, row: Row): void {
    this.#change(key, row);
  }

  remove(key: string): void {
    this.#change(key, undefined);
  }

  /** Writes everything. */
  flush(): void {
    while (this.#changed.size > 0) if (!this.#write()) return;
  }

  close(): void {
    this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #change(key: string, row: Row | undefined): void {
    this.#changed.set(key, row);
    this.#later();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
      if (this.#changed.size > 0) this.#later();
    }, WRITE_MS).unref();
  }

  /** Gives whether it could. */
  #write(): boolean {
    const { db, log, write, remove, onError } = this.#options;
    const done: string[] = [];
    try {
      // Nobody was promised that it is on the disk.
      log.withoutSync(() =>
        transaction(db, () => {
          for (const [key, row] of this.#changed) {
            if (done.length === AT_ONCE) break;
            if (row === undefined) remove(key);
            else write(row);
            done.push(key);
          }
        }),
      );
    } catch (error) {
      onError(writeError(error));
      return false;
    }
    for (const key of done) this.#changed.delete(key);
    return true;
  }
}
