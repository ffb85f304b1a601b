/**
 * Messages for users who are away, on SQLite: how many there are is answered from memory, what they say is read when it is
 * delivered. Those that come together are made durable by one transaction.
 */
import type { KeptMessage, MessageStore, NewMessage } from '../../server/messages/message-store.ts';
import { type Aor, aorOf, partsOf } from '../../server/stores.ts';
import { isStorageFault, StoreClosedError, type StoreError, writeError } from './errors.ts';
import { MessageCounts } from './message-counts.ts';
import { type Database, type Statement, transaction } from './sqlite.ts';

export interface MessageStoreOptions {
  /** How long messages are gathered before they are committed together, in ms. */
  readonly groupMs: number;
  /** Told when delivered messages could not be forgotten; they are delivered again after a restart. */
  readonly onError: (error: StoreError) => void;
}

/** What a listing shows: everything but the message itself. */
export interface MessageSummary extends Omit<KeptMessage, 'wire'> {
  /** Of the whole message. */
  readonly bytes: number;
}

export interface MessageQuery {
  readonly after?: number | undefined;
  readonly limit: number;
  readonly of?: { readonly number: string; readonly domain: string } | undefined;
  readonly text?: string | undefined;
  readonly descending?: boolean | undefined;
}

interface Pending {
  readonly message: NewMessage;
  readonly resolve: (kept: KeptMessage) => void;
  readonly reject: (error: StoreError) => void;
}

const SUMMARY = 'id, domain, number, sender, received_at, expires_at, length(wire) AS bytes';

export class SqliteMessageStore implements MessageStore {
  readonly #db: Database;
  readonly #options: MessageStoreOptions;
  readonly #counts = new MessageCounts();
  readonly #insert: Statement;
  readonly #delete: Statement;
  readonly #next: Statement;
  readonly #expired: Statement;
  #keeping: Pending[] = [];
  #removed = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  readonly #listeners: ((recipient: Aor) => void)[] = [];

  constructor(db: Database, options: MessageStoreOptions) {
    this.#db = db;
    this.#options = options;
    this.#insert = db.prepare(
      'INSERT INTO messages (domain, number, sender, received_at, expires_at, wire) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#delete = db.prepare('DELETE FROM messages WHERE id = ?');
    this.#next = db.prepare('SELECT * FROM messages WHERE domain = ? AND number = ? ORDER BY id');
    this.#expired = db.prepare('SELECT * FROM messages WHERE expires_at <= ? ORDER BY expires_at LIMIT ?');
    const sql = 'SELECT domain, number, sender, count(*) AS n FROM messages GROUP BY domain, number, sender';
    for (const row of db.prepare(sql).iterate()) {
      const { domain, number, sender, n } = row as { domain: string; number: string; sender: Aor; n: number };
      this.#counts.add(aorOf(number, domain), sender, n);
    }
  }

  get size(): number {
    return this.#counts.size;
  }

  count(recipient: Aor): number {
    return this.#counts.of(recipient);
  }

  countFrom(sender: Aor, recipient?: Aor): number {
    return this.#counts.from(sender, recipient);
  }

  recipients(): Iterable<Aor> {
    return this.#counts.recipients();
  }

  watch(listener: (recipient: Aor) => void): void {
    this.#listeners.push(listener);
  }

  keep(message: NewMessage): Promise<KeptMessage> {
    if (this.#isClosed) return Promise.reject(new StoreClosedError('The exchange is shutting down.'));
    this.#counts.add(message.recipient, message.sender, 1);
    return new Promise((resolve, reject) => {
      this.#keeping.push({ message, resolve, reject });
      this.#gather();
    });
  }

  next(recipient: Aor): KeptMessage | undefined {
    if (this.count(recipient) === 0) return undefined;
    this.flush();
    const { number, domain } = partsOf(recipient);
    // Those that a full disk would not let us forget are not delivered once more.
    for (const row of this.#next.iterate(domain, number)) {
      const message = row as unknown as MessageRow;
      if (!this.#removed.has(message.id)) return fromRow(message);
    }
    return undefined;
  }

  remove({ id, recipient, sender }: KeptMessage): void {
    if (this.#removed.has(id) || !this.#exists(id)) return;
    this.#removed.add(id);
    this.#counts.add(recipient, sender, -1);
    this.#gather();
    this.#tell(recipient);
  }

  expired(now: number, limit: number): KeptMessage[] {
    this.flush();
    const rows = this.#expired.all(now, limit) as unknown as MessageRow[];
    return rows.filter(({ id }) => !this.#removed.has(id)).map(fromRow);
  }

  /** One message, whole. */
  get(id: number): KeptMessage | undefined {
    this.flush();
    const row = this.#db.prepare('SELECT * FROM messages WHERE id = ?').get(id);
    return row === undefined ? undefined : fromRow(row as unknown as MessageRow);
  }

  /** At most `limit` after the message `after`, oldest first; of one recipient, or with a text in an address. */
  page({ after, limit, of, text, descending = false }: MessageQuery): MessageSummary[] {
    this.flush();
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    if (after !== undefined) {
      conditions.push(descending ? 'id < ?' : 'id > ?');
      values.push(after);
    }
    if (of !== undefined) {
      conditions.push('domain = ? AND number = ?');
      values.push(of.domain, of.number);
    }
    if (text !== undefined) {
      conditions.push("instr(lower(number || '@' || domain || ' ' || sender), lower(?)) > 0");
      values.push(text);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT ${SUMMARY} FROM messages ${where} ORDER BY id ${descending ? 'DESC' : 'ASC'} LIMIT ?`;
    const rows = this.#db.prepare(sql).all(...values, limit);
    return rows.map((row) => {
      const { wire: _, ...kept } = fromRow({ ...(row as unknown as MessageRow), wire: NOTHING });
      return { ...kept, bytes: (row as { bytes: number }).bytes };
    });
  }

  /** The user's row is gone, and those of the messages with it. */
  forget(recipient: Aor): void {
    this.#counts.drop(recipient);
    this.#tell(recipient);
  }

  /** Commits at once what is gathered; every promise given out so far is settled soon after. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const keeping = this.#keeping;
    const removed = this.#removed;
    if (keeping.length === 0 && removed.size === 0) return;
    this.#keeping = [];
    this.#removed = new Set();
    try {
      this.#commit(keeping, removed);
    } catch (error) {
      this.#failed(keeping, removed, error);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => this.flush(), this.#options.groupMs);
  }

  #exists(id: number): boolean {
    return this.#db.prepare('SELECT 1 FROM messages WHERE id = ?').get(id) !== undefined;
  }

  #commit(keeping: readonly Pending[], removed: ReadonlySet<number>): void {
    const ids: number[] = [];
    transaction(this.#db, () => {
      for (const id of removed) this.#delete.run(id);
      for (const { message } of keeping) ids.push(this.#write(message));
    });
    keeping.forEach(({ message, resolve }, at) => {
      resolve({ ...message, id: ids[at] ?? 0 });
      this.#tell(message.recipient);
    });
  }

  /** One that cannot be kept, for a user who was removed just now, must not take the others of its group with it. */
  #failed(keeping: readonly Pending[], removed: ReadonlySet<number>, cause: unknown): void {
    const isAlone = keeping.length + removed.size <= 1;
    if (isAlone || isStorageFault(cause)) {
      const error = writeError(cause);
      if (removed.size > 0) this.#options.onError(error);
      // They are forgotten with the next change.
      for (const id of removed) this.#removed.add(id);
      for (const { message, reject } of keeping) {
        this.#counts.add(message.recipient, message.sender, -1);
        reject(error);
      }
      return;
    }
    const alone = [...[...removed].map((id) => ({ id })), ...keeping.map((one) => ({ one }))];
    for (const part of alone) {
      const [kept, gone] = 'id' in part ? [[], new Set([part.id])] : [[part.one], new Set<number>()];
      try {
        this.#commit(kept, gone);
      } catch (error) {
        this.#failed(kept, gone, error);
      }
    }
  }

  #write({ recipient, sender, receivedAt, expiresAt, wire }: NewMessage): number {
    const { number, domain } = partsOf(recipient);
    const bytes = Buffer.from(wire, 'latin1');
    return Number(this.#insert.run(domain, number, sender, receivedAt, expiresAt, bytes).lastInsertRowid);
  }

  #tell(recipient: Aor): void {
    for (const listener of this.#listeners) listener(recipient);
  }
}

const NOTHING = new Uint8Array(0);

interface MessageRow {
  readonly id: number;
  readonly domain: string;
  readonly number: string;
  readonly sender: string;
  readonly received_at: number;
  readonly expires_at: number;
  readonly wire: Uint8Array;
}

const fromRow = (row: MessageRow): KeptMessage => ({
  id: row.id,
  recipient: aorOf(row.number, row.domain),
  sender: row.sender as Aor,
  receivedAt: row.received_at,
  expiresAt: row.expires_at,
  wire: Buffer.from(row.wire).toString('latin1'),
});
