/** What phones publish of their users (RFC 3903 §6): soft state by entity-tag, bounded for each user and in all. */
import type { Clock, Timer } from '../../../sip/transaction/clock.ts';
import type { RandomHex } from '../../../sip/transport/port.ts';
import type { Aor } from '../../stores.ts';
import type { Unpack } from '../content.ts';

/** An event package for which phones may publish. */
export interface PublishedKind<T> {
  readonly name: string;
  readonly contentType: string;
  /** Whether an administrator publishes for others, as a voicemail elsewhere does. */
  readonly forOthers: boolean;
  read(bytes: string): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };
}

export interface PublicationRecord {
  readonly tag: string;
  readonly aor: Aor;
  /** Name of the event package. */
  readonly package: string;
  /** ms since 1970. */
  readonly expiresAt: number;
  /** As it was published, a binary string. */
  readonly document: string;
}

export interface PublicationStore {
  all(): Iterable<PublicationRecord>;
  /** Holds a new or changed one; made durable soon after. */
  put(record: PublicationRecord): void;
  remove(tag: string): void;
}

interface Held extends PublicationRecord {
  readonly value: unknown;
  readonly expiry: Timer;
}

export interface PublicationsOptions {
  readonly kinds: readonly PublishedKind<unknown>[];
  readonly unpack: Unpack;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly settings: { readonly publicationsPerUser: number; readonly maxPublications: number };
  /** Something that was published of this user is new, changed or gone. */
  readonly changed: (aor: Aor) => void;
  /** Without it publications end with the exchange. */
  readonly store?: PublicationStore | undefined;
}

export class Publications {
  readonly kinds: ReadonlyMap<string, PublishedKind<unknown>>;
  readonly #options: PublicationsOptions;
  readonly #held = new Map<string, Held>();
  /** The latest last. */
  readonly #byUser = new Map<Aor, Set<Held>>();

  constructor(options: PublicationsOptions) {
    this.#options = options;
    this.kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
  }

  get unpack(): Unpack {
    return this.#options.unpack;
  }

  get size(): number {
    return this.#held.size;
  }

  /** What is published of a user, the latest first. */
  of<T>(kind: PublishedKind<T>, aor: Aor): T[] {
    const own = this.#byUser.get(aor);
    if (own === undefined) return [];
    const values: T[] = [];
    for (const held of own) if (held.package === kind.name) values.unshift(held.value as T);
    return values;
  }

  /** Whether there is room for another one of this user. */
  roomFor(aor: Aor): 'yes' | 'user' | 'none' {
    const { publicationsPerUser, maxPublications } = this.#options.settings;
    if (this.#held.size >= maxPublications) return 'none';
    return (this.#byUser.get(aor)?.size ?? 0) >= publicationsPerUser ? 'user' : 'yes';
  }

  find(tag: string, aor: Aor, packageName: string): PublicationRecord | undefined {
    const held = this.#held.get(tag);
    return held?.aor === aor && held.package === packageName ? held : undefined;
  }

  /** Takes a document that was read; `replaces` is the tag of the one that it changes. Gives its new tag. */
  put(replaces: string | undefined, record: Omit<PublicationRecord, 'tag'>, value: unknown): string {
    if (replaces !== undefined) this.#take(replaces);
    const tag = this.#options.random(8);
    this.#hold({ ...record, tag }, value);
    this.#options.changed(record.aor);
    return tag;
  }

  /** The same for longer, under a new tag. */
  refresh(tag: string, expiresAt: number): string {
    const held = this.#take(tag);
    const next = this.#options.random(8);
    if (held !== undefined) this.#hold({ ...recordOf(held), tag: next, expiresAt }, held.value);
    return next;
  }

  remove(tag: string): void {
    const held = this.#take(tag);
    if (held !== undefined) this.#options.changed(held.aor);
  }

  /** Takes up what was published when the exchange was last open. */
  restore(): void {
    const { store, clock } = this.#options;
    for (const record of store?.all() ?? []) {
      const read = record.expiresAt > clock.now() ? this.kinds.get(record.package)?.read(record.document) : undefined;
      if (read?.ok !== true) store?.remove(record.tag);
      else if (this.roomFor(record.aor) === 'yes') this.#hold(record, read.value);
    }
  }

  /** Stops, and goes on when the exchange is open again. */
  close(): void {
    for (const { expiry } of this.#held.values()) expiry.cancel();
    this.#held.clear();
    this.#byUser.clear();
  }

  #hold(record: PublicationRecord, value: unknown): void {
    const { clock, store } = this.#options;
    const expiry = clock.after(record.expiresAt - clock.now(), () => this.remove(record.tag));
    const held = { ...record, value, expiry };
    this.#held.set(record.tag, held);
    const own = this.#byUser.get(record.aor);
    if (own === undefined) this.#byUser.set(record.aor, new Set([held]));
    else own.add(held);
    store?.put(record);
  }

  #take(tag: string): Held | undefined {
    const held = this.#held.get(tag);
    if (held === undefined) return undefined;
    held.expiry.cancel();
    this.#held.delete(tag);
    const own = this.#byUser.get(held.aor);
    own?.delete(held);
    if (own?.size === 0) this.#byUser.delete(held.aor);
    this.#options.store?.remove(tag);
    return held;
  }
}

const recordOf = ({ tag, aor, package: name, expiresAt, document }: Held): PublicationRecord => ({
  ...{ tag, aor, package: name, expiresAt, document },
});
