/**
 * The clock port on Node. Every call sets a dozen timers and lets hardly one of them go off: they wait in a wheel that one
 * timer of the system turns, so that to set and to cancel one is a few assignments.
 */
import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from '../sip/transaction/clock.ts';

/** How late a timer may be, in ms; never early. */
const TICK = 20;
/** 41 s in one turn: longer than a transaction lives. What waits longer is passed over and stays. */
const SLOTS = 2048;

/** A timer and its place in the ring of its slot. */
class Entry implements Timer {
  next: Entry = this;
  previous: Entry = this;
  readonly due: number;
  readonly #wheel: TimerWheel;
  #run: (() => void) | undefined;

  constructor(wheel: TimerWheel, due: number, run: (() => void) | undefined) {
    this.#wheel = wheel;
    this.due = due;
    this.#run = run;
  }

  cancel(): void {
    this.take();
  }

  /** Leaves the ring and gives what is to be called, once. */
  take(): (() => void) | undefined {
    const run = this.#run;
    if (run === undefined) return undefined;
    this.#run = undefined;
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.#wheel.left();
    return run;
  }
}

export class TimerWheel implements Clock {
  /** Each slot is a ring that begins and ends with an entry of no timer. */
  readonly #slots: Entry[];
  readonly #monotonic: () => number;
  readonly #onFault: (error: unknown) => void;
  /** Every tick up to this one was looked at. */
  #passed: number;
  #count = 0;
  #alarm: ReturnType<typeof setTimeout> | undefined;
  /** The tick at which the alarm goes off. */
  #wakesAt = Number.POSITIVE_INFINITY;
  /** Taken from their slots, not called yet. */
  #due: Entry[] = [];

  /**
   * @param onFault told of what a callback throws; the others go on. Without it the fault ends the program.
   * @param monotonic ms that nobody sets back.
   */
  constructor(onFault: (error: unknown) => void = endProgram, monotonic: () => number = () => performance.now()) {
    this.#onFault = onFault;
    this.#monotonic = monotonic;
    this.#passed = tickOf(monotonic());
    this.#slots = Array.from({ length: SLOTS }, () => new Entry(this, 0, undefined));
  }

  now(): number {
    return Date.now();
  }

  after(ms: number, run: () => void): Timer {
    // One tick more than asked, since the present one has begun already.
    const due = tickOf(this.#monotonic() + Math.max(0, ms)) + 1;
    const entry = new Entry(this, due, run);
    const head = this.#slot(due);
    entry.previous = head.previous;
    entry.next = head;
    head.previous.next = entry;
    head.previous = entry;
    this.#count++;
    if (due < this.#wakesAt) this.#wakeAt(due);
    return entry;
  }

  /** An entry left its ring. */
  left(): void {
    this.#count--;
    // Nothing to wait for: the program may end.
    if (this.#count === 0) this.#rest();
  }

  #slot(tick: number): Entry {
    const head = this.#slots[tick % SLOTS];
    if (head === undefined) throw new RangeError(`no slot for tick ${tick}`);
    return head;
  }

  #rest(): void {
    clearTimeout(this.#alarm);
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  #wakeAt(tick: number): void {
    clearTimeout(this.#alarm);
    this.#wakesAt = tick;
    this.#alarm = setTimeout(this.#turn, Math.max(0, Math.ceil(tick * TICK - this.#monotonic())));
  }

  readonly #turn = (): void => {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = tickOf(this.#monotonic());
    // After a sleep of the machine one turn has seen every slot.
    for (let tick = Math.max(this.#passed, now - SLOTS) + 1; tick <= now; tick++) this.#collect(tick, now);
    this.#passed = Math.max(this.#passed, now);
    if (this.#count > this.#due.length) this.#wakeAt(this.#nextTick());
    this.#fire();
  };

  #collect(tick: number, now: number): void {
    const head = this.#slot(tick);
    for (let entry = head.next; entry !== head; entry = entry.next) if (entry.due <= now) this.#due.push(entry);
  }

  /** One that was cancelled by another of them is not called. One that throws does not keep the others from being called. */
  #fire(): void {
    const due = this.#due;
    this.#due = [];
    for (const entry of due) {
      try {
        entry.take()?.();
      } catch (error) {
        this.#onFault(error);
      }
    }
  }

  /** The next tick with anything in its slot, be it for a later turn of the wheel. */
  #nextTick(): number {
    const last = this.#passed + SLOTS;
    for (let tick = this.#passed + 1; tick < last; tick++) {
      const head = this.#slot(tick);
      if (head.next !== head) return tick;
    }
    return last;
  }
}

function endProgram(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

const tickOf = (ms: number): number => Math.floor(ms / TICK);
