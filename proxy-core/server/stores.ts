/**
 * What the exchange needs remembered, as interfaces. `node/` implements them on SQLite; tests implement them in memory.
 * Everything that the path of a request reads is answered from memory, at once; what must survive is written behind
 * a promise that settles only when the change is durable.
 */
import type { ExchangeMode } from './settings.ts';

/** HA1 of one password in lower-case hex (RFC 7616 §3.4.2), for both algorithms that phones use. */
export interface PasswordHashes {
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

/** A device with a password of its own, beside the user's: it is revoked without touching the others. */
export interface Device extends PasswordHashes {
  /** Unique for its user. */
  readonly label: string;
}

/** A user as the authenticator sees it. No password is kept, only hashes. */
export interface User extends PasswordHashes {
  readonly number: string;
  readonly domain: string;
  readonly name: string;
  /** May watch what belongs to other users, such as their registrations. */
  readonly isAdmin?: boolean;
  /** Absent where the user's own password is the only one. */
  readonly devices?: readonly Device[];
  /** Further numbers of the user in the same domain; absent when there are none. */
  readonly aliases?: readonly string[];
}

/** The registrar's address of record as a key: `number@domain`, domain in lower case, no port. */
export type Aor = string & { readonly __brand: 'Aor' };

export function aorOf(number: string, domain: string): Aor {
  return `${number}@${domain.toLowerCase()}` as Aor;
}

/** The number and the domain of an address of record. */
export function partsOf(aor: Aor): { readonly number: string; readonly domain: string } {
  const at = aor.lastIndexOf('@');
  return { number: aor.slice(0, at), domain: aor.slice(at + 1) };
}

/** One registered contact (RFC 3261 §10.3). Times are in ms since 1970. */
export interface Binding {
  readonly aor: Aor;
  /** The Contact's URI as the phone wrote it. */
  readonly contact: string;
  /** q in thousandths, 0 to 1000 (RFC 3261 §20.10). */
  readonly q: number;
  readonly expiresAt: number;
  readonly callId: string;
  readonly cseq: number;
  /** `+sip.instance`, without the angle brackets; empty when the phone gave none (RFC 5626 §4.1). */
  readonly instance: string;
  /** `reg-id`; 0 when none. */
  readonly regId: number;
  /** Path values in the order in which requests visit them (RFC 3327); empty when none. */
  readonly path: readonly string[];
  readonly userAgent: string;
  /** Where the REGISTER came from, such as `udp:192.0.2.7:5062`, and on which of our listeners it came. */
  readonly received: string;
  readonly listener: string;
  /** Label of the device whose password it registered with; empty for the user's own. */
  readonly device: string;
}

export interface UserStore {
  /** Whether any user or domain has a mode of its own. */
  readonly hasModes: boolean;
  /** How requests for this user are handled: the user's own mode, else the domain's; undefined where neither says. */
  modeOf(number: string, domain: string): ExchangeMode | undefined;
  /** The user with this number or alias. */
  find(number: string, domain: string): User | undefined;
  /** The most passwords that any one user has: a check that fails takes as long for all (never less than 1). */
  readonly mostPasswords: number;
  /** Whether the exchange is responsible for this domain (lower case, no port). */
  hasDomain(domain: string): boolean;
  /** All domains, the office's default one first: what is addressed to the exchange's own addresses belongs to that one. */
  domains(): readonly string[];
  /**
   * The realm that the hashes of this domain's users were made with, for the challenge. It is the domain's name unless
   * the domain was named after its first users were added. An unknown domain is its own realm.
   */
  realm(domain: string): string;
}

/** An address that is kept away. Times are in ms since 1970. */
export interface Ban {
  /** As `networkOf` gives it: an IPv4 address, or the /64 of an IPv6 address. */
  readonly address: string;
  readonly since: number;
  readonly until: number;
  /** Which one it is for this address. */
  readonly times: number;
  /** For a person. */
  readonly reason: string;
}

export interface BanStore {
  /** How many are kept, those that have ended a short while ago included. */
  readonly size: number;
  find(address: string): Ban | undefined;
  /** Holds at once and is made durable soon after; a store that cannot keep it says so itself. */
  put(ban: Ban): void;
}

/** All contacts of one AOR after a change, or the reason why nothing changed. */
export interface LocationStore {
  /** Bindings that are not expired at `now`, highest q first, then most recent first. Costs what this AOR has, not what exists. */
  lookup(aor: Aor, now: number): readonly Binding[];
  /**
   * Replaces what an AOR has by `bindings` (an empty list removes all). `lookup` sees the change at once; the promise
   * settles when it is durable and rejects when the store could not keep it, in which case memory is put back.
   */
  replace(aor: Aor, bindings: readonly Binding[]): Promise<void>;
  /** Has `listener` told of each AOR whose bindings changed, once the change is durable. */
  watch(listener: (aor: Aor) => void): void;
}
