/**
 * Everybody of the office, as an exchange of ours tells: their numbers and names with how each is, put together from
 * documents that come whole, in pieces, and then as changes. What was told last is shown until the whole is there again.
 */
import {
  COLLEAGUES,
  type ColleagueState,
  type Colleagues,
  OFFICE_EVENT,
  readColleagues,
  type SeenColleague,
} from '../../../../proxy-core/sip/bodies/colleagues.ts';
import type { OfficeSnapshot } from '../snapshots.ts';
import type { EventsHost } from './host.ts';
import { Subscription, type Taken } from './subscription.ts';

/** What documents may add up to. */
const MOST = 20_000;
/** In seconds: the whole is told again each time, and an exchange of ours forgets nobody when it is started anew. */
const ASK = 3_600;

const NOBODY: ReadonlyMap<string, ColleagueState> = new Map();

export class OfficeWatch {
  readonly subscription: Subscription;
  readonly #accountId: string;
  #version = -1;
  #domain = '';
  /** By number. */
  #known = new Map<string, SeenColleague>();
  /** The whole, as far as it was told; undefined where none is being told. */
  #coming: Map<string, SeenColleague> | undefined;
  #people: OfficeSnapshot['people'] = [];
  #lamps = NOBODY;
  #told: OfficeSnapshot | undefined;

  constructor(host: EventsHost, accountId: string, over: (subscription: Subscription) => void) {
    this.#accountId = accountId;
    const uri = host.aor.replace(/^(sips?:).*@/i, '$1');
    this.subscription = new Subscription({
      ...{ host, uri, event: OFFICE_EVENT, accept: COLLEAGUES, ask: ASK },
      over: () => over(this.subscription),
      take: (body, first) => this.#take(body, first),
    });
  }

  /** Undefined where nobody tells; the same one as long as nothing changes. */
  get snapshot(): OfficeSnapshot | undefined {
    const { subscription } = this;
    if (this.#domain === '' || subscription.isRefused) return undefined;
    const lamps = subscription.isKnown ? this.#lamps : NOBODY;
    if (this.#told?.people !== this.#people || this.#told.lamps !== lamps || this.#told.domain !== this.#domain) {
      this.#told = { accountId: this.#accountId, domain: this.#domain, people: this.#people, lamps };
    }
    return this.#told;
  }

  #take(body: string, first: boolean): Taken {
    if (body === '') return 'taken';
    const read = readColleagues(body);
    return read.ok ? this.#add(read.value, first) : 'unreadable';
  }

  #add(told: Colleagues, first: boolean): Taken {
    const { version, domain, isFull, hasMore } = told;
    if (!first && version <= this.#version) return 'taken';
    if (!isFull && (first || version !== this.#version + 1)) return 'gap';
    this.#version = version;
    this.#domain = domain;
    if (isFull) this.#coming = new Map();
    if (this.#coming !== undefined) change(this.#coming, told);
    // A first list is not shown half; of those who are shown, it need not be waited for.
    if (this.#coming === undefined) change(this.#known, told);
    else if (hasMore)
      change(this.#known, { ...told, users: told.users.filter(({ number }) => this.#known.has(number)) });
    else {
      this.#known = this.#coming;
      this.#coming = undefined;
    }
    this.#show();
    return 'taken';
  }

  #show(): void {
    const people = this.#people;
    const isSame =
      people.length === this.#known.size && people.every(({ number, name }) => this.#known.get(number)?.name === name);
    if (!isSame) this.#people = [...this.#known.values()].map(({ number, name }) => ({ number, name }));
    const isLit =
      this.#lamps.size === this.#known.size &&
      [...this.#known.values()].every(({ number, state }) => this.#lamps.get(number) === state);
    if (!isLit) this.#lamps = new Map([...this.#known.values()].map(({ number, state }) => [number, state]));
  }
}

function change(known: Map<string, SeenColleague>, { users, gone }: Pick<Colleagues, 'users' | 'gone'>): void {
  for (const number of gone) known.delete(number);
  for (const one of users) if (known.size < MOST || known.has(one.number)) known.set(one.number, one);
}
