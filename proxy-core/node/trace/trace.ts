/** The trace of a running exchange: the ring, what else happened, and how both are searched without holding up calls. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Endpoint, Selection, TraceEntry, TraceNote, TraceStore } from '../../server/trace/entry.ts';
import { type RingEntry, TraceRing } from './ring.ts';

export interface TraceOptions {
  readonly bytes: number;
  readonly ageMs: number;
  /** Our own address towards the remote side of a record. */
  readonly local: (entry: RingEntry) => Endpoint;
  readonly now?: () => number;
}

/** Records looked at before others have their turn. */
const AT_ONCE = 500;
const MOST_NOTES = 2_000;
const LONGEST_NOTE = 500;
/** How often the clock is compared with the calendar: it runs evenly, but not through a computer's sleep. */
const ANCHOR_EVERY = 256;
const WRONG_MS = 20;

export class Trace implements TraceStore {
  readonly ring: TraceRing;
  readonly #options: TraceOptions;
  readonly #now: () => number;
  readonly #notes: TraceNote[] = [];

  constructor(options: TraceOptions) {
    this.#options = options;
    this.#now = options.now ?? microseconds();
    this.ring = new TraceRing({ bytes: options.bytes, ageMs: options.ageMs, now: this.#now });
  }

  /** What no message shows. Values that are neither text nor number are written down as text. */
  note(text: string, details: Readonly<Record<string, unknown>> = {}): void {
    const plain: Record<string, string | number> = {};
    for (const [name, value] of Object.entries(details)) {
      if (value === undefined) continue;
      plain[name] = typeof value === 'number' ? value : describe(value).slice(0, LONGEST_NOTE);
    }
    this.#notes.push({ at: this.#now(), text: text.slice(0, LONGEST_NOTE), details: plain });
    if (this.#notes.length > 2 * MOST_NOTES) this.#notes.splice(0, MOST_NOTES);
  }

  notes(): readonly TraceNote[] {
    const from = this.#now() - this.#options.ageMs;
    return this.#notes.slice(-MOST_NOTES).filter(({ at }) => at >= from);
  }

  async *scan({ after, since = 0, until = Infinity, anyOf, host }: Selection): AsyncGenerator<readonly TraceEntry[]> {
    const needles = anyOf?.map((text) => Buffer.from(text, 'latin1'));
    const isWanted = (bytes: Buffer, from: string, at: number): boolean =>
      (host === undefined || from === host) &&
      at >= since &&
      at <= until &&
      (needles === undefined || needles.some((needle) => bytes.includes(needle)));
    const cursor = this.ring.cursor(after);
    // A connection's other end is seen in what came on it; an answer names only where a new one would go.
    const ends = new Map<string, Endpoint>();
    // No further than what is there now, however much comes meanwhile.
    for (let left = this.ring.size; left > 0; left -= AT_ONCE) {
      const batch: TraceEntry[] = [];
      for (let i = Math.min(left, AT_ONCE); i > 0; i--) {
        const found = this.ring.next(cursor, isWanted);
        if (found === undefined) break;
        if (found !== 'other') batch.push(this.#whole(found, ends));
      }
      if (batch.length > 0) yield batch;
      await breathe();
    }
  }

  #whole(found: RingEntry, ends: Map<string, Endpoint>): TraceEntry {
    const { listener: _listener, ...entry } = found;
    const { connection, direction } = found;
    if (connection !== '' && direction === 'in') ends.set(connection, found.remote);
    const remote = connection === '' ? found.remote : (ends.get(connection) ?? found.remote);
    return { ...entry, remote, local: this.#options.local(found) };
  }
}

const describe = (value: unknown): string => (value instanceof Error ? value.message : String(value));

/** ms since 1970 with microseconds, which never jump back by themselves. */
function microseconds(): () => number {
  let anchor = Date.now() - performance.now();
  let calls = 0;
  return () => {
    const now = performance.now();
    if (++calls % ANCHOR_EVERY === 0) {
      const shift = Date.now() - now - anchor;
      if (Math.abs(shift) > WRONG_MS) anchor += shift;
    }
    return anchor + now;
  };
}
