/**
 * Everybody of one domain with how he is, in the order of their last changes: whoever was told up to one of them is told
 * what follows it, in pieces as large as he can take. A piece is made once for all who are told the same.
 */
import { colleagueText } from '../../../sip/bodies/colleagues.ts';
import type { LampState } from '../presence/presence-state.ts';

export interface RosterMember {
  readonly number: string;
  /** Of the change that made him so. */
  readonly revision: number;
  /** As documents have him; for whoever may not know how he is, `hidden`. Both are empty for one who is gone. */
  readonly text: string;
  readonly hidden: string;
  /** Of the change that made him so to those too who may not know how he is. */
  readonly hiddenRevision: number;
  /** Everybody of the domain may know how he is. */
  readonly isForAll: boolean;
}

export interface RosterPiece {
  /** It begins with the first of them. */
  readonly isFull: boolean;
  /** The last change that is told in it, and whether others follow. */
  readonly upTo: number;
  readonly hasMore: boolean;
  /** Texts of those of whom all may know. */
  readonly open: readonly string[];
  /** The others, of whom it is to be asked who is told what. */
  readonly closed: readonly RosterMember[];
  readonly gone: readonly string[];
}

/** As a user is now. */
interface RosterUser {
  readonly name: string;
  readonly state: LampState;
  readonly isForAll: boolean;
}

/** So many who are gone are remembered for those who were not told of it yet. */
const MAX_GONE = 1_000;
const MAX_PIECES = 1_000;

export class Roster {
  readonly #members = new Map<string, RosterMember>();
  /** By revision; what is no longer so is passed over. */
  #log: RosterMember[] = [];
  #gone = 0;
  #revision = 0;
  /** Who was told less than this is told all. */
  #forgotten = 0;
  readonly #pieces = new Map<string, RosterPiece>();

  /** The last change. */
  get revision(): number {
    return this.#revision;
  }

  /** Of those who are there, and of those who are remembered as gone. */
  numbers(): Iterable<string> {
    return [...this.#members.keys()];
  }

  /**
   * Takes in how somebody is now; undefined for nobody. Gives whether that is anything new.
   * @param again who may know of him has changed
   */
  put(number: string, user: RosterUser | undefined, again = false): boolean {
    const before = this.#members.get(number);
    const wasThere = before !== undefined && before.text !== '';
    if (user === undefined) {
      if (!wasThere) return false;
      const revision = ++this.#revision;
      this.#add({ number, revision, text: '', hidden: '', hiddenRevision: revision, isForAll: true });
      this.#gone++;
      this.#tidy();
      return true;
    }
    const { name, state, isForAll } = user;
    const text = colleagueText({ number, name, state });
    const isSeenAnew = !wasThere || before.isForAll !== isForAll || (again && !isForAll);
    if (!isSeenAnew && before.text === text) return false;
    const revision = ++this.#revision;
    const hidden = colleagueText({ number, name, state: 'unknown' });
    const isShownAnew = isSeenAnew || before.hidden !== hidden;
    if (before !== undefined && !wasThere) this.#gone--;
    this.#add({
      ...{ number, revision, text, hidden, isForAll },
      hiddenRevision: isShownAnew ? revision : before.hiddenRevision,
    });
    this.#tidy();
    return true;
  }

  /** @param told the last change that was told, 0 for none; @param room bytes for those in it. */
  piece(told: number, room: number): RosterPiece {
    const isFull = told < this.#forgotten || told === 0;
    const from = isFull ? 0 : told;
    const key = `${from} ${room}`;
    const known = this.#pieces.get(key);
    if (known !== undefined) return known;
    if (this.#pieces.size >= MAX_PIECES) this.#pieces.clear();
    const made = this.#make(from, room, isFull);
    this.#pieces.set(key, made);
    return made;
  }

  #make(from: number, room: number, isFull: boolean): RosterPiece {
    const open: string[] = [];
    const closed: RosterMember[] = [];
    const gone: string[] = [];
    let upTo = from;
    let left = room;
    for (let at = this.#after(from); at < this.#log.length; at++) {
      const member = this.#log[at];
      if (member === undefined || this.#members.get(member.number) !== member) continue;
      if (left <= 0) return { isFull, upTo, hasMore: true, open, closed, gone };
      upTo = member.revision;
      if (member.text === '') {
        if (isFull) continue;
        gone.push(member.number);
        left -= member.number.length + 3;
        continue;
      }
      if (member.isForAll) open.push(member.text);
      else closed.push(member);
      left -= member.text.length + 1;
    }
    return { isFull, upTo: this.#revision, hasMore: false, open, closed, gone };
  }

  /** Where those begin in the log that are newer than a revision. */
  #after(revision: number): number {
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#log[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(member: RosterMember): void {
    this.#members.set(member.number, member);
    this.#log.push(member);
    this.#pieces.clear();
  }

  #tidy(): void {
    if (this.#log.length <= 2 * this.#members.size + 64 && this.#gone <= MAX_GONE) return;
    this.#log = this.#log.filter((member) => {
      if (this.#members.get(member.number) !== member) return false;
      if (member.text !== '' || this.#gone <= MAX_GONE) return true;
      this.#members.delete(member.number);
      this.#forgotten = member.revision;
      this.#gone--;
      return false;
    });
  }
}
