/** Who was refused lately, as far as it is remembered: from where, as whom, why, when and how often. */
import { phrase } from '../phrase.ts';
import { networkOf } from './network.ts';

const WHY = {
  password: phrase('The password was wrong.'),
  stranger: phrase('Nobody here has that number.'),
  unproven: phrase('It was asked for a password again and again and gave none.'),
  relay: phrase('It wanted to call through this exchange to somewhere else, and is nobody of this office.'),
  name: phrase('It proved to be one user and wanted to be another.'),
  missing: phrase('It asked for a number that nobody has here.'),
  request: phrase('It asked for something that is not understood here, or not allowed.'),
  malformed: phrase('What it sent is not SIP.'),
  scanner: phrase('It calls itself a tool that looks for exchanges to break into.'),
  code: phrase('Its code for joining the office does not hold.'),
  phones: phrase('The user has as many phones as one may have.'),
};

export type RefusalKind = keyof typeof WHY;

export interface Refusal {
  /** Of this one among all. */
  readonly key: string;
  /** What a ban would be held against. */
  readonly address: string;
  /** Whom it said to be, such as `1002@office.example`; empty where it said nothing, or many names one after another. */
  readonly as: string;
  /** In a sentence. */
  readonly why: string;
  /** ms since 1970. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface RefusalsOptions {
  readonly now: () => number;
  /** Told of each that comes, changes or is forgotten. */
  readonly changed?: (key: string, change: 'added' | 'changed' | 'removed') => void;
}

const MOST = 2_000;
/** More names of one address are counted together: who tries them all shall not push out what others did. */
const MOST_OF_ADDRESS = 8;
const LONGEST_NAME = 100;
/** For so long they are told of, in ms. */
const KEPT_MS = 24 * 3_600_000;

export class Refusals {
  readonly #options: RefusalsOptions;
  /** The one that was refused longest ago first. */
  readonly #all = new Map<string, Refusal>();
  readonly #ofAddress = new Map<string, number>();

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  /** @param as whom it said to be, as it came. */
  add(host: string, kind: RefusalKind, as = ''): void {
    const now = this.#options.now();
    const address = networkOf(host);
    const name = as.replace(/\p{Cc}/gu, ' ').slice(0, LONGEST_NAME);
    const isOneOfMany = (this.#ofAddress.get(address) ?? 0) >= MOST_OF_ADDRESS;
    const own = `${address} ${kind} ${name}`;
    const key = isOneOfMany && !this.#all.has(own) ? `${address} ${kind} ` : own;
    const before = this.#all.get(key);
    if (before !== undefined) this.#all.delete(key);
    else this.#ofAddress.set(address, (this.#ofAddress.get(address) ?? 0) + 1);
    const { first = now, count = 0 } = before ?? {};
    this.#all.set(key, {
      ...{ key, address, as: key === own ? name : '', why: WHY[kind] },
      ...{ first, last: now, count: count + 1 },
    });
    this.#options.changed?.(key, before === undefined ? 'added' : 'changed');
    if (this.#all.size > MOST) this.#forgetOldest();
  }

  find(key: string): Refusal | undefined {
    const found = this.#all.get(key);
    return found !== undefined && found.last > this.#options.now() - KEPT_MS ? found : undefined;
  }

  /** The one that was refused longest ago first. */
  all(): readonly Refusal[] {
    const before = this.#options.now() - KEPT_MS;
    for (const { last } of this.#all.values()) {
      if (last > before) break;
      this.#forgetOldest();
    }
    return [...this.#all.values()];
  }

  #forgetOldest(): void {
    for (const { key, address } of this.#all.values()) {
      this.#all.delete(key);
      const left = (this.#ofAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#ofAddress.delete(address);
      else this.#ofAddress.set(address, left);
      this.#options.changed?.(key, 'removed');
      return;
    }
  }
}
