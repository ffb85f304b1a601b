/**
 * Keeps guessers, scanners and floods away by their address. What a stranger is refused counts against the address that it
 * came from and is forgotten with time; much of it is answered slowly, more of it ends in a ban, and each further ban is
 * longer. What a phone does in its ordinary life counts nothing: to be asked for a password is no offence.
 *
 * A datagram's source can be forged, so that an address that has just proved a password is hard to get banned.
 */

import { phrase } from '../phrase.ts';
import type { BanStore } from '../stores.ts';
import { networkOf } from './network.ts';
import { type RefusalKind, Refusals, type RefusalsOptions } from './refusals.ts';

/** What is held against an address. */
export type Offence =
  /** A digest with another password, or for a user whom nobody knows: the two look alike. */
  | 'password'
  /** Asked for a password and never came back with one. */
  | 'unproven'
  /** Refused for what it asked: nobody of that number, another's name, a way through to abroad. */
  | 'refused'
  /** Bytes that are no SIP. */
  | 'malformed'
  /** Calls itself a scanner. */
  | 'scanner';

const POINTS: Readonly<Record<Offence, number>> = {
  password: 1,
  unproven: 0.1,
  refused: 1,
  malformed: 0.5,
  scanner: 100,
};

const WORDS: Readonly<Record<Offence, (count: number) => string>> = {
  password: (count) => phrase(`${count} wrong passwords`),
  unproven: (count) => phrase(`${count} requests without a password`),
  refused: (count) => phrase(`${count} refused requests`),
  malformed: (count) => phrase(`${count} messages that are not SIP`),
  scanner: (count) => phrase(`${count} a scanner by its own name`),
};

/** What is told of an offence where nobody knows more. */
const KINDS: Readonly<Record<Offence, RefusalKind>> = {
  password: 'password',
  unproven: 'unproven',
  refused: 'request',
  malformed: 'malformed',
  scanner: 'scanner',
};

export interface GuardSettings {
  /** Points at which an address is answered slowly, and at which it is banned. */
  readonly slowAt: number;
  readonly banAt: number;
  /** In ms: after how long one point is forgotten. */
  readonly forgetMs: number;
  /** The first ban, in ms; each further one lasts twice as long, up to `maxBanMs`. */
  readonly banMs: number;
  readonly maxBanMs: number;
  /** How many challenges an address may leave open before they count. */
  readonly openChallenges: number;
}

export const defaultGuardSettings: GuardSettings = {
  slowAt: 10,
  banAt: 20,
  forgetMs: 30_000,
  banMs: 15 * 60_000,
  maxBanMs: 24 * 3_600_000,
  openChallenges: 20,
};

export interface GuardOptions {
  readonly bans: BanStore;
  readonly now: () => number;
  /** Addresses against which nothing is ever held, such as the office's own network. */
  readonly isTrusted: (host: string) => boolean;
  /** Told of each ban. */
  readonly banned: (address: string, reason: string, until: number) => void;
  readonly settings?: Partial<GuardSettings>;
  /** Told of each refusal that comes, changes or is forgotten. */
  readonly refused?: RefusalsOptions['changed'];
}

interface Suspect {
  points: number;
  /** When `points` were last brought up to date, in ms since 1970. */
  at: number;
  openChallenges: number;
  /** How often each offence was seen since the last ban. */
  seen: Map<Offence, number> | undefined;
  /** Messages that may still pass while it is answered slowly. */
  allowance: number;
}

const MAX_SUSPECTS = 50_000;
/** Strangers cannot push these out: nobody gets here without a password. */
const MAX_PROVED = 100_000;
/** For so long an address that proved a password is taken for the phone it was, in ms: longer than a registration. */
const PROVED_MS = 2 * 3_600_000;
/** What a proven address is accused of weighs so much less. */
const PROVED_WEIGHT = 0.1;
/** While answered slowly: messages a second, and at once. */
const SLOW_RATE = 1;
const SLOW_BURST = 5;

export class Guard {
  readonly #options: GuardOptions;
  readonly settings: GuardSettings;
  /** Also of those who are trusted. */
  readonly refusals: Refusals;
  readonly #suspects = new Map<string, Suspect>();
  /** When an address last proved a password. */
  readonly #proved = new Map<string, number>();
  /** Suspects over `slowAt`. */
  readonly #slow = new Map<string, Suspect>();

  constructor(options: GuardOptions) {
    this.#options = options;
    this.settings = { ...defaultGuardSettings, ...options.settings };
    this.refusals = new Refusals({ now: options.now, ...(options.refused && { changed: options.refused }) });
  }

  /** Whether a message from there is to be looked at. Costs next to nothing while nobody is under suspicion. */
  admits(host: string): boolean {
    if (this.#options.bans.size === 0 && this.#slow.size === 0) return true;
    if (this.isBanned(host)) return false;
    const address = networkOf(host);
    const suspect = this.#slow.get(address);
    return suspect === undefined || this.#admitsSlowly(address, suspect);
  }

  /** Whether anything would be held against it. */
  isTrusted(host: string): boolean {
    return this.#options.isTrusted(host);
  }

  /** Whether nothing at all is wanted from there. */
  isBanned(host: string): boolean {
    const { bans, now } = this.#options;
    if (bans.size === 0) return false;
    const ban = bans.find(networkOf(host));
    return ban !== undefined && ban.until > now();
  }

  /** It proved a password. */
  proved(host: string): void {
    const address = networkOf(host);
    if (this.#proved.size >= MAX_PROVED && !this.#proved.has(address)) dropOldest(this.#proved);
    this.#proved.set(address, this.#options.now());
    const suspect = this.#suspects.get(address);
    if (suspect !== undefined) suspect.openChallenges = 0;
  }

  /** It was asked for a password. That is how each phone begins; only many without an answer are held against it. */
  challenged(host: string): void {
    const suspect = this.#suspect(networkOf(host));
    if (++suspect.openChallenges > this.settings.openChallenges) this.accuse(host, 'unproven');
  }

  /** @param as whom it said to be; @param kind what people are told, where more is known than the offence says. */
  accuse(host: string, offence: Offence, as = '', kind: RefusalKind = KINDS[offence]): void {
    this.refusals.add(host, kind, as);
    if (this.#options.isTrusted(host)) return;
    const address = networkOf(host);
    const suspect = this.#suspect(address);
    const now = this.#options.now();
    this.#forget(suspect, now);
    if (offence === 'password') suspect.openChallenges = 0;
    suspect.points += this.#weightOf(offence, address, now);
    suspect.seen ??= new Map();
    suspect.seen.set(offence, (suspect.seen.get(offence) ?? 0) + 1);
    if (suspect.points >= this.settings.banAt) this.#ban(address, suspect, now);
    else if (suspect.points >= this.settings.slowAt && !this.#slow.has(address)) {
      suspect.allowance = SLOW_BURST;
      this.#slow.set(address, suspect);
    }
  }

  #weightOf(offence: Offence, address: string, now: number): number {
    const provedAt = this.#proved.get(address);
    if (provedAt === undefined) return POINTS[offence];
    if (now - provedAt >= PROVED_MS) {
      this.#proved.delete(address);
      return POINTS[offence];
    }
    // One forged datagram with a scanner's name must not shut an office out.
    return Math.min(1, POINTS[offence]) * PROVED_WEIGHT;
  }

  #admitsSlowly(address: string, suspect: Suspect): boolean {
    const now = this.#options.now();
    suspect.allowance = Math.min(SLOW_BURST, suspect.allowance + ((now - suspect.at) / 1000) * SLOW_RATE);
    this.#forget(suspect, now);
    if (suspect.points < this.settings.slowAt) this.#slow.delete(address);
    else if (suspect.allowance < 1) return false;
    suspect.allowance--;
    return true;
  }

  #forget(suspect: Suspect, now: number): void {
    suspect.points = Math.max(0, suspect.points - (now - suspect.at) / this.settings.forgetMs);
    suspect.at = now;
  }

  #ban(address: string, { seen }: Suspect, now: number): void {
    const { bans, banned } = this.#options;
    const { banMs, maxBanMs } = this.settings;
    this.#suspects.delete(address);
    this.#slow.delete(address);
    const times = (bans.find(address)?.times ?? 0) + 1;
    const until = now + Math.min(maxBanMs, banMs * 2 ** (times - 1));
    const reason = [...(seen ?? [])].map(([offence, count]) => WORDS[offence](count)).join(', ');
    bans.put({ address, since: now, until, times, reason });
    banned(address, reason, until);
  }

  #suspect(address: string): Suspect {
    let suspect = this.#suspects.get(address);
    if (suspect === undefined) {
      if (this.#suspects.size >= MAX_SUSPECTS) this.#slow.delete(dropOldest(this.#suspects) ?? '');
      const at = this.#options.now();
      suspect = { points: 0, at, openChallenges: 0, seen: undefined, allowance: 0 };
      this.#suspects.set(address, suspect);
    }
    return suspect;
  }
}

function dropOldest(map: Map<string, unknown>): string | undefined {
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return oldest;
  }
  return undefined;
}
