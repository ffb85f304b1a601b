/** The reg event package (RFC 3680): a user, or an administrator, watches which devices are registered. */
import { REGINFO } from '../../sip/bodies/reg-info.ts';
import type { Body } from '../../sip/message/build.ts';
import type { Clock, Timer } from '../../sip/transaction/clock.ts';
import { type Answer, answer } from '../answer.ts';
import type { Gruus } from '../gruu.ts';
import type { LivingFlows } from '../living-flows.ts';
import { type Aor, aorOf, type Binding, type LocationStore, partsOf, type User, type UserStore } from '../stores.ts';
import type { EventPackage, Watch, WatchListener } from './event-package.ts';
import type { Asked } from './notifier-ports.ts';
import { type ContactEvent, type ContactInfo, regInfoXml } from './reginfo.ts';
import type { UserNews } from './user-news.ts';

export interface RegEventOptions {
  readonly users: UserStore;
  readonly locations: Pick<LocationStore, 'lookup'>;
  readonly gruus: Gruus;
  readonly clock: Clock;
  readonly livingFlows: Pick<LivingFlows, 'isGone'>;
  readonly news: UserNews;
}

/** A contact under the number by which watchers know it. */
interface Known {
  readonly id: number;
  readonly binding: Binding;
}

/** A user whom somebody watches. */
interface Watched {
  readonly number: string;
  readonly domain: string;
  contacts: readonly Known[];
  lastId: number;
  /** For the contact that expires next: the store says nothing of that moment. */
  expiry: Timer | undefined;
  readonly watchers: Set<WatchListener>;
}

export class RegEvents implements EventPackage {
  readonly name = 'reg';
  readonly contentType = REGINFO;
  /** RFC 3680 §4.4, §4.10. */
  readonly defaultExpires = 3761;
  readonly minExpires = 60;
  readonly maxExpires = 7200;
  readonly pause = 5_000;
  readonly #options: RegEventOptions;
  readonly #watched = new Map<Aor, Watched>();

  constructor(options: RegEventOptions) {
    this.#options = options;
    options.news.listen((aor) => {
      if (this.#watched.size > 0) this.#look(aor);
    });
  }

  /** Nobody but an administrator learns whether another user exists. */
  resourceOf({ uri, domain, user }: Asked): string | Answer {
    const watched = domain === undefined ? undefined : this.#options.users.find(uri.userDecoded, domain);
    const isOwn = watched !== undefined && watched.number === user?.number && watched.domain === user.domain;
    if (!isOwn && user?.isAdmin !== true) return answer(403);
    return watched === undefined ? answer(404) : aorOf(watched.number, watched.domain);
  }

  allows(user: User, resource: string): boolean {
    return user.isAdmin === true || aorOf(user.number, user.domain) === resource;
  }

  watching(resource: string): number {
    return this.#watched.get(resource as Aor)?.watchers.size ?? 0;
  }

  watch(resource: string, _watcher: User, listener: WatchListener): Watch {
    const aor = resource as Aor;
    const watched = this.#watched.get(aor) ?? this.#begin(aor);
    watched.watchers.add(listener);
    let told: readonly Known[] = [];
    return {
      document: (isFull, version) => {
        const news = this.#news(watched, isFull ? [] : told, isFull);
        told = watched.contacts;
        return news === undefined && !isFull ? undefined : this.#body(watched, news ?? [], version, isFull);
      },
      end: () => {
        watched.watchers.delete(listener);
        if (watched.watchers.size > 0) return;
        watched.expiry?.cancel();
        this.#watched.delete(aor);
      },
    };
  }

  #begin(aor: Aor): Watched {
    const watched: Watched = {
      ...{ ...partsOf(aor), contacts: [], lastId: 0 },
      ...{ expiry: undefined, watchers: new Set() },
    };
    this.#watched.set(aor, watched);
    this.#look(aor);
    return watched;
  }

  /** Takes in what the store has now and tells those who watch. */
  #look(aor: Aor): void {
    const watched = this.#watched.get(aor);
    if (watched === undefined) return;
    const { locations, clock, users } = this.#options;
    const now = clock.now();
    const before = new Map(watched.contacts.map((known) => [identityOf(known.binding), known]));
    let earliest = Number.POSITIVE_INFINITY;
    watched.contacts = locations.lookup(aor, now).map((binding) => {
      earliest = Math.min(earliest, binding.expiresAt);
      const known = before.get(identityOf(binding));
      if (known?.binding === binding) return known;
      return { id: known?.id ?? ++watched.lastId, binding };
    });
    watched.expiry?.cancel();
    // Far away times would overflow a timer; who watches renews within hours.
    const wait = Math.min(earliest - now, 86_400_000);
    watched.expiry = earliest < Number.POSITIVE_INFINITY ? clock.after(wait, () => this.#look(aor)) : undefined;
    const isGone = users.find(watched.number, watched.domain) === undefined;
    for (const watcher of [...watched.watchers]) {
      if (isGone) watcher.gone();
      else watcher.changed();
    }
  }

  /** What differs from what was told; undefined where nothing does. */
  #news({ contacts, number, domain }: Watched, told: readonly Known[], isFull: boolean): ContactInfo[] | undefined {
    if (contacts === told) return undefined;
    const { users, gruus, clock, livingFlows } = this.#options;
    const user = users.find(number, domain);
    const before = new Map(told.map((known) => [known.id, known.binding]));
    const news: ContactInfo[] = [];
    const add = ({ id, binding }: Known, event: ContactEvent): void => {
      const hasGruu = user !== undefined && binding.instance !== '';
      news.push({ id, binding, event, publicGruu: hasGruu ? gruus.publicOf(user, binding.instance) : undefined });
    };
    for (const known of contacts) {
      const old = before.get(known.id);
      before.delete(known.id);
      if (old === undefined) add(known, 'registered');
      else if (old !== known.binding || isFull) add(known, eventOf(old, known.binding));
    }
    for (const [id, binding] of before) {
      add({ id, binding }, livingFlows.isGone(binding) ? 'deactivated' : endOf(binding, user, clock.now()));
    }
    return news.length === 0 ? undefined : news;
  }

  #body(watched: Watched, contacts: readonly ContactInfo[], version: number, isFull: boolean): Body {
    const { number, domain } = watched;
    const state = watched.contacts.length > 0 ? 'active' : contacts.length > 0 ? 'terminated' : 'init';
    const now = this.#options.clock.now();
    const content = regInfoXml({ version, isFull, aor: `sip:${number}@${domain}`, state, contacts, now });
    return { type: REGINFO, content };
  }
}

/** A flow is the same contact whatever its URI becomes (RFC 5626 §6). */
const identityOf = ({ contact, instance, regId }: Binding): string => (regId === 0 ? contact : `${instance}\n${regId}`);

const eventOf = (old: Binding, now: Binding): ContactEvent =>
  now.expiresAt < old.expiresAt ? 'shortened' : 'refreshed';

/** A device whose password was revoked, or whose user is gone, did not leave by itself. */
function endOf(binding: Binding, user: User | undefined, now: number): ContactEvent {
  if (binding.expiresAt <= now) return 'expired';
  const isRevoked = binding.device !== '' && user?.devices?.some(({ label }) => label === binding.device) !== true;
  return user === undefined || isRevoked ? 'deactivated' : 'unregistered';
}
