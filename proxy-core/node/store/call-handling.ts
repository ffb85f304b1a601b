/** Do-not-disturb and forwards of users, answered from memory and kept in SQLite; nothing is held of who has set nothing. */
import {
  type CallHandling,
  type CallHandlingStore,
  type ForwardCase,
  noHandling,
} from '../../server/divert/call-handling.ts';
import { type Aor, aorOf, type User } from '../../server/stores.ts';
import { writeError } from './errors.ts';
import type { Database } from './sqlite.ts';

type Who = Pick<User, 'number' | 'domain'>;

export class SqliteCallHandling implements CallHandlingStore {
  readonly #db: Database;
  readonly #held = new Map<Aor, CallHandling>();
  readonly #listeners: ((user: Aor) => void)[] = [];

  constructor(db: Database) {
    this.#db = db;
    for (const row of db.prepare('SELECT * FROM call_handling').iterate()) {
      const { number, domain, ...rest } = row as unknown as HandlingRow;
      this.#held.set(aorOf(number, domain), fromRow(rest));
    }
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  find({ number, domain }: Who): CallHandling | undefined {
    return this.#held.size === 0 ? undefined : this.#held.get(aorOf(number, domain));
  }

  set({ number, domain }: Who, handling: CallHandling): void {
    const isNothing = isPlain(handling);
    try {
      if (isNothing) this.#db.prepare('DELETE FROM call_handling WHERE domain = ? AND number = ?').run(domain, number);
      else this.#write(number, domain, handling);
    } catch (error) {
      throw writeError(error);
    }
    const user = aorOf(number, domain);
    if (isNothing) this.#held.delete(user);
    else this.#held.set(user, handling);
    this.#tell(user);
  }

  watch(listener: (user: Aor) => void): void {
    this.#listeners.push(listener);
  }

  /** The user's row is gone, and this one with it. */
  forget(user: Aor): void {
    if (this.#held.delete(user)) this.#tell(user);
  }

  /** Has memory follow the row of a user, whoever wrote it. */
  refresh({ number, domain }: Who): void {
    const user = aorOf(number, domain);
    const row = this.#db.prepare('SELECT * FROM call_handling WHERE domain = ? AND number = ?').get(domain, number);
    const wasHeld = this.#held.delete(user);
    if (row !== undefined) this.#held.set(user, fromRow(row as unknown as HandlingRow));
    if (wasHeld || row !== undefined) this.#tell(user);
  }

  #write(number: string, domain: string, { forwards, ...rest }: CallHandling): void {
    const to = (when: ForwardCase): string | null => forwards[when] ?? null;
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO call_handling (domain, number, do_not_disturb, always, busy, no_answer, unreachable,
           no_answer_seconds, may_forward_outside) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[domain, number, Number(rest.doNotDisturb)],
        ...[to('always'), to('busy'), to('no-answer'), to('unreachable')],
        ...[rest.noAnswerSeconds, Number(rest.mayForwardOutside)],
      );
  }

  #tell(user: Aor): void {
    for (const listener of this.#listeners) listener(user);
  }
}

const isPlain = (handling: CallHandling): boolean =>
  !handling.doNotDisturb &&
  !handling.mayForwardOutside &&
  handling.noAnswerSeconds === noHandling.noAnswerSeconds &&
  Object.keys(handling.forwards).length === 0;

interface HandlingRow {
  readonly domain: string;
  readonly number: string;
  readonly do_not_disturb: number;
  readonly always: string | null;
  readonly busy: string | null;
  readonly no_answer: string | null;
  readonly unreachable: string | null;
  readonly no_answer_seconds: number;
  readonly may_forward_outside: number;
}

function fromRow(row: Omit<HandlingRow, 'domain' | 'number'>): CallHandling {
  const { always, busy, no_answer, unreachable } = row;
  return {
    doNotDisturb: row.do_not_disturb !== 0,
    forwards: {
      ...(always !== null && { always }),
      ...(busy !== null && { busy }),
      ...(no_answer !== null && { 'no-answer': no_answer }),
      ...(unreachable !== null && { unreachable }),
    },
    noAnswerSeconds: row.no_answer_seconds,
    mayForwardOutside: row.may_forward_outside !== 0,
  };
}
