/**
 * Call records in SQLite. They are gathered for a quarter of a second and written together, so that many calls at once
 * do not wait for the disk: so much of what has ended may be missing after a crash. What is answered and still runs is
 * kept too, and stands as interrupted when the exchange did not live to see its end.
 */

import type { Call } from '../../server/calls/call.ts';
import type { QualityReport } from '../../server/calls/quality.ts';
import { type CallRecord, interruptedRecordOf, savedOf } from '../../server/calls/record.ts';
import type { RecordStore } from '../../server/calls/record-keeper.ts';
import type { SavedCall } from '../../server/calls/saved-call.ts';
import type { Aor } from '../../server/stores.ts';
import { CallCounts } from './call-counts.ts';
import { isStorageFault, type StoreError, writeError } from './errors.ts';
import { hasPart, partiesIn, type RecordRow, recordIn, textOf, wordsIn } from './record-rows.ts';
import { changeRows, type Database, type Statement, transaction } from './sqlite.ts';
import type { WalLog } from './wal-log.ts';

/** How long records are gathered, in ms. */
const GATHER_MS = 250;
/** Records that wait while the disk takes none, and reports whose call has not ended; the oldest give way. */
const MOST_WAITING = 50_000;
const MOST_EARLY = 2_000;
const REPORTS_PER_CALL = 4;
/** Reports come within seconds of the end; of calls beyond the last so many they find nothing. */
const MOST_RECENT = 5_000;
/** Old records that go at once, so that nothing waits long; the next ones go with the next writing. */
const PRUNE_AT_ONCE = 200;
const PRUNE_MS = 60_000;

export interface RecordLimits {
  /** Records older than this go; 0 for never. */
  readonly days: number;
  readonly count: number;
}

export interface CallRecordsOptions {
  readonly now: () => number;
  readonly log: Pick<WalLog, 'withoutSync' | 'sync'>;
  /** Told once when records can not be written; they are tried again. */
  readonly onError: (error: StoreError) => void;
  readonly limits: () => RecordLimits;
  /** Called within the transaction that writes a record. */
  readonly written: (record: CallRecord) => void;
  /** They are written. */
  readonly flushed: (records: Iterable<CallRecord>) => void;
}

interface Report {
  readonly callId: string;
  readonly aor: Aor;
  readonly report: QualityReport;
}

export class SqliteCallRecords implements RecordStore {
  readonly #db: Database;
  readonly #options: CallRecordsOptions;
  readonly #statements: Statements;
  /** Of the calls that were put on record. */
  readonly counts: CallCounts;
  readonly #answered = new Map<number, Call>();
  readonly #ended = new Map<number, CallRecord>();
  #reports: Report[] = [];
  /** By Call-ID, the calls that ended last, and those before them: two halves, since a Map is slow to lose its first. */
  #recent = new Map<string, number>();
  #older: ReadonlyMap<string, number> = new Map();
  /** By Call-ID, of calls that run. */
  readonly #early = new Map<string, Report[]>();
  readonly #pruner: ReturnType<typeof setInterval>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count: number;
  #isFailing = false;
  #hasMoreToPrune = false;

  constructor(db: Database, options: CallRecordsOptions) {
    this.#db = db;
    this.#options = options;
    this.#statements = prepare(db);
    this.counts = new CallCounts(db, options.now);
    this.#count = (db.prepare('SELECT count(*) AS n FROM call_records').get() as { n: number }).n;
    this.#noteInterrupted();
    this.#pruner = setInterval(() => this.#later(), PRUNE_MS);
    this.#pruner.unref();
  }

  /** How many are kept. */
  get size(): number {
    return this.#count;
  }

  answered(call: Call): void {
    this.#answered.set(call.id, call);
    this.#later();
  }

  ended(record: CallRecord): void {
    const early = this.#early.get(record.callId) ?? [];
    if (early.length > 0) this.#early.delete(record.callId);
    this.#ended.set(record.id, early.reduce(withReport, record));
    this.#recent.set(record.callId, record.id);
    if (this.#recent.size > MOST_RECENT) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    if (this.#ended.size > MOST_WAITING)
      for (const oldest of this.#ended.keys()) return void this.#ended.delete(oldest);
    this.#later();
  }

  addQuality(callId: string, aor: Aor, report: QualityReport): void {
    if (this.#reports.length < MOST_EARLY) this.#reports.push({ callId, aor, report });
    this.#later();
  }

  /** Calls that were answered and have not ended, as far as is known. */
  open(): SavedCall[] {
    const calls: SavedCall[] = [];
    for (const row of this.#db.prepare('SELECT id, call FROM open_calls ORDER BY id').all()) {
      const call = savedIn(row as unknown as OpenRow);
      if (call !== undefined) calls.push(call);
    }
    return calls;
  }

  /** Nobody follows this call any more: its record stays as it is. */
  forgetOpen(id: number): void {
    this.#statements.close.run(id);
  }

  /** Writes what is gathered. @throws StoreWriteError; what could not be written is tried again. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const count = this.#count;
    let failure: unknown;
    try {
      this.#options.log.withoutSync(() => transaction(this.#db, () => this.#write()));
    } catch (error) {
      this.#count = count;
      this.counts.drop();
      // What is wrong with one of them would stay wrong, and keep all others.
      if (isStorageFault(error)) throw writeError(error);
      failure = error;
    }
    if (failure === undefined && this.#ended.size > 0) this.#options.flushed(this.#ended.values());
    this.#answered.clear();
    this.#ended.clear();
    this.#reports = [];
    if (failure !== undefined) throw writeError(failure);
    if (this.#hasMoreToPrune) this.#later();
  }

  close(): void {
    clearInterval(this.#pruner);
    this.#flushBehind();
    clearTimeout(this.#timer);
    // The store is closed behind us.
    this.#timer = undefined;
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      if (!this.#flushBehind()) return;
      // SQLite has handed it to the system, which a crash of ours does not take along; a power cut would.
      this.#options.log.sync().catch((cause: unknown) => this.#options.onError(writeError(cause)));
    }, GATHER_MS);
    this.#timer.unref();
  }

  /** Whether it could be written. */
  #flushBehind(): boolean {
    try {
      this.flush();
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) this.#options.onError(error as StoreError);
      this.#isFailing = true;
      this.#later();
      return false;
    }
  }

  #write(): void {
    const { open, close, has } = this.#statements;
    for (const record of this.#ended.values()) {
      const { id } = record;
      const isKnown = record.isInterrupted && has.get(id) !== undefined;
      this.#put(record);
      if (!isKnown) {
        this.#count++;
        this.counts.add(record.startedAt, record.outcome);
      }
      // One that came and went in between was never open.
      if (record.answeredAt > 0 && !this.#answered.has(id)) close.run(id);
      this.#options.written(record);
    }
    for (const call of this.#answered.values()) {
      if (!this.#ended.has(call.id)) open.run(call.id, JSON.stringify(savedOf(call)));
    }
    this.counts.write();
    for (const report of this.#reports) this.#attach(report);
    this.#prune();
  }

  #put(record: CallRecord): void {
    const { put, join } = this.#statements;
    put.run(record.id, record.outcome, wordsIn(record), textOf(record));
    for (const party of partiesIn(record)) join.run(party, record.id);
  }

  #attach(report: Report): void {
    const { callId, aor } = report;
    const id = this.#recent.get(callId) ?? this.#older.get(callId);
    const row = id === undefined ? undefined : this.#statements.find.get(id);
    if (row === undefined) {
      this.#keepEarly(report);
      return;
    }
    const record = recordIn(row as unknown as RecordRow);
    if (hasPart(aor, record)) this.#statements.change.run(textOf(withReport(record, report)), record.id);
  }

  #keepEarly(report: Report): void {
    const known = this.#early.get(report.callId);
    if (known === undefined) this.#early.set(report.callId, [report]);
    else if (known.length < REPORTS_PER_CALL) known.push(report);
    if (this.#early.size > MOST_EARLY) dropFirst(this.#early);
  }

  /** Those that are too old or too many go, the oldest first. */
  #prune(): void {
    const { days, count } = this.#options.limits();
    const { first, oldest, part, remove } = this.#statements;
    const before = days === 0 ? 0 : (this.#options.now() - days * 86_400_000) * 1000;
    const tooMany = Math.max(0, this.#count - count);
    const { id } = first.get() as { id: number | null };
    const isAged = id !== null && id < before;
    this.#hasMoreToPrune = false;
    if (tooMany === 0 && !isAged) return;
    const most = isAged ? PRUNE_AT_ONCE : Math.min(tooMany, PRUNE_AT_ONCE);
    let gone = 0;
    for (const row of oldest.all(most) as unknown as RecordRow[]) {
      if (gone >= tooMany && row.id >= before) break;
      for (const party of partiesIn(recordIn(row))) part.run(party, row.id);
      remove.run(row.id);
      gone++;
    }
    this.#count -= gone;
    this.#hasMoreToPrune = gone === PRUNE_AT_ONCE;
  }

  /** What was open when the exchange ended is on record as such, until its end comes after all. */
  #noteInterrupted(): void {
    const missing = this.open().filter(({ id }) => this.#statements.has.get(id) === undefined);
    if (missing.length === 0) return;
    changeRows(this.#db, () => {
      for (const call of missing) {
        const record = interruptedRecordOf(call);
        this.#put(record);
        this.counts.add(record.startedAt, record.outcome);
      }
      this.counts.write();
    });
    this.#count += missing.length;
  }
}

function withReport(record: CallRecord, { aor, report }: Report): CallRecord {
  if (!hasPart(aor, record)) return record;
  const others = record.quality.filter(({ reporter, kind }) => reporter !== report.reporter || kind !== report.kind);
  return { ...record, quality: [...others, report].slice(-REPORTS_PER_CALL) };
}

function dropFirst<K>(map: Map<K, unknown>): void {
  const first = map.keys().next();
  if (first.done !== true) map.delete(first.value);
}

interface OpenRow {
  readonly id: number;
  readonly call: string;
}

/** Undefined where the row is damaged: it is not worth more than the others. */
function savedIn({ call }: OpenRow): SavedCall | undefined {
  try {
    return JSON.parse(call);
  } catch {
    return undefined;
  }
}

type Statements = Readonly<Record<keyof typeof SQL, Statement>>;

const SQL = {
  has: 'SELECT 1 FROM call_records WHERE id = ?',
  find: 'SELECT id, record FROM call_records WHERE id = ?',
  put: `INSERT INTO call_records (id, outcome, words, record) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, words = excluded.words, record = excluded.record`,
  join: 'INSERT INTO call_parties (party, id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  change: 'UPDATE call_records SET record = ? WHERE id = ?',
  first: 'SELECT min(id) AS id FROM call_records',
  oldest: 'SELECT id, record FROM call_records ORDER BY id LIMIT ?',
  part: 'DELETE FROM call_parties WHERE party = ? AND id = ?',
  remove: 'DELETE FROM call_records WHERE id = ?',
  open: 'INSERT INTO open_calls (id, call) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET call = excluded.call',
  close: 'DELETE FROM open_calls WHERE id = ?',
} as const;

const prepare = (db: Database): Statements =>
  Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as Statements;
