/**
 * The event package by which phones of ours have everybody of their domain, by name and number, with how each is. It is
 * asked of the exchange itself (`sip:office.example`). Changes are gathered, and phones take turns: an office of thousands
 * costs no more than so many notifications a second, and the more phones watch the longer each waits for the next.
 */

import { COLLEAGUES, colleaguesText, OFFICE_EVENT } from '../../../sip/bodies/colleagues.ts';
import type { Body } from '../../../sip/message/build.ts';
import type { Clock, Timer } from '../../../sip/transaction/clock.ts';
import { type Answer, answer } from '../../answer.ts';
import { type Aor, aorOf, partsOf, type User } from '../../stores.ts';
import type { EventPackage, Watch, WatchListener } from '../event-package.ts';
import type { ListStore } from '../lists/list-event.ts';
import type { Asked } from '../notifier-ports.ts';
import { NotifyPacer } from '../notify-pacer.ts';
import type { Presence } from '../presence/presence-state.ts';
import type { UserNews } from '../user-news.ts';
import { mayWatch } from '../watch-rules.ts';
import type { WatchedUsers } from '../watched-user.ts';
import { Roster, type RosterMember, type RosterPiece } from './roster.ts';

export interface ColleagueOptions extends WatchedUsers {
  readonly lists: Pick<ListStore, 'usersOf'>;
  readonly presenceOf: (aor: Aor) => Presence;
  readonly news: UserNews;
  readonly clock: Clock;
}

/** Of one domain; whoever comes last by number in a larger one is not told of. */
const MOST = 20_000;
/** Changes within it are told together. */
const GATHER_MS = 500;
const PAUSE_MS = 1_000;
/** Notifications in all: of changes, and to those who are still being told the whole. */
const CHANGES_PER_SECOND = 250;
const PIECES_PER_SECOND = 1_000;

interface Watched {
  readonly domain: string;
  readonly roster: Roster;
  readonly listeners: Set<WatchListener>;
  told: Timer | undefined;
  toldAt: number;
}

export class ColleagueEvents implements EventPackage {
  readonly name = OFFICE_EVENT;
  readonly contentType = COLLEAGUES;
  readonly defaultExpires = 3600;
  readonly minExpires = 60;
  readonly maxExpires = 7200;
  readonly pause = PAUSE_MS;
  readonly #options: ColleagueOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #turns: Turns;

  constructor(options: ColleagueOptions) {
    this.#options = options;
    const { clock } = options;
    this.#turns = {
      changes: new NotifyPacer(clock, CHANGES_PER_SECOND),
      pieces: new NotifyPacer(clock, PIECES_PER_SECOND),
    };
    options.news.listen((aor) => this.userChanged(aor));
  }

  resourceOf({ uri, domain, user }: Asked): string | Answer {
    if (domain === undefined || user === undefined) return answer(403);
    if (uri.user !== '') return answer(404);
    return user.domain === domain || user.isAdmin === true ? domain : answer(403);
  }

  allows(user: User, resource: string): boolean {
    return user.domain === resource || user.isAdmin === true;
  }

  /** Each watches for himself: what bounds them is how many all subscriptions may be. */
  watching(): number {
    return 0;
  }

  watch(resource: string, watcher: User, listener: WatchListener): Watch {
    const watched = this.#watched.get(resource) ?? this.#begin(resource);
    watched.listeners.add(listener);
    return new ColleagueWatch({
      ...{ domain: resource, roster: watched.roster, listener, turns: this.#turns },
      mayKnow: ({ number }) => mayWatch(this.#options.rules, watcher, { number, domain: resource }),
      ended: () => {
        watched.listeners.delete(listener);
        if (watched.listeners.size > 0) return;
        watched.told?.cancel();
        this.#watched.delete(resource);
      },
    });
  }

  /** He was added, named otherwise, removed, or is otherwise. */
  userChanged(aor: Aor): void {
    if (this.#watched.size === 0) return;
    const { number, domain } = partsOf(aor);
    const watched = this.#watched.get(domain);
    if (watched !== undefined && this.#look(watched, number, false)) this.#tell(watched);
  }

  /** Who may know of whom has changed. */
  rulesChanged(): void {
    for (const watched of this.#watched.values()) {
      const numbers = new Set([...watched.roster.numbers(), ...this.#numbersOf(watched.domain)]);
      let isNews = false;
      for (const number of numbers) isNews = this.#look(watched, number, true) || isNews;
      if (isNews) this.#tell(watched);
    }
  }

  #begin(domain: string): Watched {
    const watched: Watched = { domain, roster: new Roster(), listeners: new Set(), told: undefined, toldAt: 0 };
    this.#watched.set(domain, watched);
    for (const number of this.#numbersOf(domain)) this.#look(watched, number, false);
    return watched;
  }

  #numbersOf(domain: string): readonly string[] {
    return this.#options.lists.usersOf(domain, MOST).map((aor) => partsOf(aor).number);
  }

  #look({ domain, roster }: Watched, number: string, again: boolean): boolean {
    const { users, rules, presenceOf } = this.#options;
    const user = users.find(number, domain);
    // Who was removed may be another name of somebody else by now.
    if (user === undefined || user.number !== number) return roster.put(number, undefined);
    const isForAll = rules.of(number, domain).watchers === 'everyone';
    const { lamp: state } = presenceOf(aorOf(number, domain));
    return roster.put(number, { name: user.name, state, isForAll }, again);
  }

  #tell(watched: Watched): void {
    if (watched.told !== undefined) return;
    const { clock } = this.#options;
    const tell = (): void => {
      watched.told = undefined;
      watched.toldAt = clock.now();
      for (const listener of watched.listeners) listener.changed();
    };
    const wait = watched.toldAt + GATHER_MS - clock.now();
    if (wait <= 0) tell();
    else watched.told = clock.after(wait, tell);
  }
}

interface Turns {
  readonly changes: NotifyPacer;
  readonly pieces: NotifyPacer;
}

interface ColleagueWatchParts {
  readonly domain: string;
  readonly roster: Roster;
  readonly listener: WatchListener;
  readonly mayKnow: (member: RosterMember) => boolean;
  readonly turns: Turns;
  readonly ended: () => void;
}

class ColleagueWatch implements Watch {
  readonly #parts: ColleagueWatchParts;
  /** The last change that he was told. */
  #told = 0;
  #hasMore = false;

  constructor(parts: ColleagueWatchParts) {
    this.#parts = parts;
  }

  get pause(): number {
    return this.#hasMore ? 0 : PAUSE_MS;
  }

  get pacer(): NotifyPacer {
    const { pieces, changes } = this.#parts.turns;
    return this.#hasMore ? pieces : changes;
  }

  document(full: boolean, version: number, room = Number.POSITIVE_INFINITY): Body | undefined {
    const { roster, listener } = this.#parts;
    if (full) this.#told = 0;
    let body: Body | undefined;
    while (body === undefined && (full || this.#told < roster.revision)) {
      const told = this.#told;
      const piece = roster.piece(told, room);
      this.#told = piece.upTo;
      body = this.#bodyOf(piece, told, version);
      this.#hasMore = piece.hasMore;
    }
    if (this.#hasMore) listener.changed();
    return body;
  }

  end(): void {
    this.#parts.ended();
  }

  /** Undefined where nothing of it is to be told to him. */
  #bodyOf({ isFull, hasMore, open, closed, gone }: RosterPiece, told: number, version: number): Body | undefined {
    const { domain } = this.#parts;
    const others: string[] = [];
    for (const member of closed) {
      if (this.#parts.mayKnow(member)) others.push(member.text);
      else if (isFull || member.hiddenRevision > told) others.push(member.hidden);
    }
    const users = others.length === 0 ? open : [...open, ...others];
    if (users.length === 0 && gone.length === 0 && !isFull) return undefined;
    return { type: COLLEAGUES, content: colleaguesText({ version, domain, isFull, hasMore, gone }, users) };
  }
}
