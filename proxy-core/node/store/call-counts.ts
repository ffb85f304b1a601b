/**
 * How many calls began in each quarter of an hour, by how they came out: kept apart from the records, so that a month of
 * a busy office is counted without reading its calls. Quarters, since the clocks of some countries are half an hour or
 * three quarters off.
 */
import type { Outcome } from '../../server/calls/outcome.ts';
import type { Database, Statement } from './sqlite.ts';

export const QUARTER_MS = 900_000;
/** Longer than records usually stay; nobody can be known by a count. */
const KEPT_MS = 400 * 86_400_000;

/** Those that began in `step` ms from `at` on, ms since 1970. Outcomes without a call are absent. */
export interface CallCount {
  readonly at: number;
  readonly calls: Readonly<Partial<Record<Outcome, number>>>;
}

export class CallCounts {
  readonly #add: Statement;
  readonly #between: Statement;
  readonly #forget: Statement;
  readonly #now: () => number;
  /** What is to be written, by quarter and outcome. */
  readonly #fresh = new Map<string, [began: number, outcome: Outcome, calls: number]>();

  constructor(db: Database, now: () => number) {
    this.#now = now;
    this.#add = db.prepare(
      `INSERT INTO call_counts (began, outcome, calls) VALUES (?, ?, ?)
       ON CONFLICT (began, outcome) DO UPDATE SET calls = calls + excluded.calls`,
    );
    this.#between = db.prepare(
      `SELECT (began - CAST(? AS INTEGER)) / CAST(? AS INTEGER) AS slot, outcome, sum(calls) AS calls FROM call_counts
       WHERE began >= ? AND began < ? GROUP BY slot, outcome ORDER BY slot`,
    );
    this.#forget = db.prepare('DELETE FROM call_counts WHERE began < ?');
  }

  add(startedAt: number, outcome: Outcome): void {
    const began = Math.floor(startedAt / QUARTER_MS) * QUARTER_MS;
    const key = `${began} ${outcome}`;
    const count = this.#fresh.get(key);
    if (count === undefined) this.#fresh.set(key, [began, outcome, 1]);
    else count[2]++;
  }

  /** Within the transaction that writes the records. */
  write(): void {
    for (const count of this.#fresh.values()) this.#add.run(...count);
    if (this.#fresh.size > 0) this.#forget.run(this.#now() - KEPT_MS);
    this.drop();
  }

  /** What was added is to be added again, or nothing worth: the records were not written. */
  drop(): void {
    this.#fresh.clear();
  }

  /** In steps from `from` on; those without a call are left out. All are multiples of a quarter of an hour. */
  between(from: number, to: number, step: number): CallCount[] {
    const counts = new Map<number, Partial<Record<Outcome, number>>>();
    const rows = this.#between.all(from, step, from, to) as unknown as {
      slot: number;
      outcome: Outcome;
      calls: number;
    }[];
    for (const { slot, outcome, calls } of rows) {
      const at = from + slot * step;
      counts.set(at, { ...counts.get(at), [outcome]: calls });
    }
    return [...counts].map(([at, calls]) => ({ at, calls }));
  }
}
