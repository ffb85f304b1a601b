/**
 * Notices phones that flap: that register again and again, change their address, or come and go. A phone is known by its
 * instance (RFC 5626 §4.1), else by the user and what it calls itself.
 */
import type { Aor, Binding } from './stores.ts';

export type Restlessness =
  /** It registers much more often than it has to. */
  | 'again'
  /** It comes from another address each time. */
  | 'moved'
  /** It was gone each time. */
  | 'back';

export interface RestlessPhone {
  readonly aor: Aor;
  readonly userAgent: string;
  /** Where it came from last. */
  readonly host: string;
  readonly how: Restlessness;
  /** How often, between these times in ms since 1970. */
  readonly times: number;
  readonly since: number;
  readonly last: number;
}

interface Phone {
  readonly aor: Aor;
  userAgent: string;
  contact: string;
  host: string;
  at: number;
  /** The newest last. */
  readonly seen: { readonly how: Restlessness; readonly at: number }[];
}

/** A sensible phone comes no sooner than this, in ms. */
const SOON_MS = 40_000;
/** So often, within so many ms. */
const RULES: Readonly<Record<Restlessness, readonly [times: number, within: number]>> = {
  again: [6, 5 * 60_000],
  moved: [4, 30 * 60_000],
  back: [4, 30 * 60_000],
};
/** For so long after the last time it is told, in ms. */
const TOLD_MS = 15 * 60_000;
const MOST_SEEN = 20;
/** Phones that are followed: those that registered last. */
const MOST = 20_000;

export class RestlessPhones {
  /** The one that registered longest ago first. */
  readonly #phones = new Map<string, Phone>();

  /** @param before what the user had until now, of which nothing has expired; @param after what he has from now on. */
  registered(binding: Binding, before: readonly Binding[], after: readonly Binding[], now: number): void {
    const { aor, contact, userAgent } = binding;
    const key = keyOf(binding);
    const host = hostOf(binding);
    const known = this.#phones.get(key);
    this.#phones.delete(key);
    if (known === undefined) {
      this.#phones.set(key, { aor, userAgent, contact, host, at: now, seen: [] });
      if (this.#phones.size > MOST) this.#forgetOldest();
      return;
    }
    this.#phones.set(key, known);
    const isThere = (one: Binding): boolean => keyOf(one) === key;
    // Two phones of the same make, of which none says which it is, take turns.
    const isAnother = after.some((one) => one !== binding && isThere(one) && one.contact === known.contact);
    const how = !before.some(isThere) ? 'back' : host !== known.host ? 'moved' : 'again';
    if (!isAnother && (how !== 'again' || now - known.at < SOON_MS)) {
      known.seen.push({ how, at: now });
      if (known.seen.length > MOST_SEEN) known.seen.shift();
    }
    Object.assign(known, { userAgent, contact, host, at: now });
  }

  /** Those that flap now, the one that did so last first. */
  all(now: number): readonly RestlessPhone[] {
    const found: RestlessPhone[] = [];
    for (const phone of this.#phones.values()) {
      const told = restlessness(phone.seen, now);
      if (told !== undefined) found.push({ aor: phone.aor, userAgent: phone.userAgent, host: phone.host, ...told });
    }
    return found.reverse();
  }

  #forgetOldest(): void {
    for (const oldest of this.#phones.keys()) {
      this.#phones.delete(oldest);
      return;
    }
  }
}

function restlessness(
  seen: Phone['seen'],
  now: number,
): Pick<RestlessPhone, 'how' | 'times' | 'since' | 'last'> | undefined {
  const newest = seen.at(-1);
  if (newest === undefined || now - newest.at > TOLD_MS) return undefined;
  for (const how of ['back', 'moved', 'again'] as const) {
    const [times, within] = RULES[how];
    const same = seen.filter((one) => one.how === how && one.at > newest.at - within);
    const [first, last] = [same[0], same.at(-1)];
    if (first !== undefined && last !== undefined && same.length >= times) {
      return { how, times: same.length, since: first.at, last: last.at };
    }
  }
  return undefined;
}

const keyOf = ({ aor, instance, regId, userAgent }: Binding): string =>
  instance === '' ? `${aor} ${userAgent}` : `${aor} ${instance} ${regId}`;

/** Without the port, which is another with each connection. */
const hostOf = ({ received }: Binding): string =>
  received.slice(received.indexOf(':') + 1, Math.max(0, received.lastIndexOf(':')));
