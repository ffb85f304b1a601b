/**
 * The digest answers of one account (RFC 3261 §22, RFC 7616): keeps what was asked last, so that the next request carries
 * its answer at once, and tells a stale nonce from a refused password.
 */
import { answerChallenge } from '../../../proxy-core/sip/auth/answer.ts';
import { type Challenge, parseChallenges } from '../../../proxy-core/sip/auth/challenge.ts';
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';

export interface CredentialsOptions {
  readonly username: string;
  readonly hashes: HashPort;
  readonly random: RandomHex;
  /** The password; null where it is not known on this computer. */
  readonly secret: () => Promise<string | null>;
}

/** What an answer is for. */
export interface Asked {
  readonly method: string;
  readonly uri: string;
  readonly body: string | undefined;
}

interface Kept {
  readonly challenge: Challenge;
  readonly header: typeof H.Authorization | typeof H.ProxyAuthorization;
  /** REGISTER and the rest are asked by different servers. */
  readonly scope: 'register' | 'other';
  uses: number;
}

export type Authorized =
  | { readonly ok: true; readonly headers: readonly HeaderLine[] }
  | { readonly ok: false; readonly why: 'wrong-password' | 'no-password' | 'unanswerable' };

/** More realms than this on the way of one request are not a network but a trap for hashes. */
const MAX_REALMS = 8;

export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #kept = new Map<string, Kept>();
  #password: string | undefined;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** Another password may be there: ask for it again, and trust no earlier answer. */
  reset(): void {
    this.#password = undefined;
    this.#kept.clear();
  }

  /**
   * Answers to what was asked before. A peer's own 401 is not among them: what it asked is nobody else's concern.
   */
  ahead(asked: Asked): HeaderLine[] {
    const password = this.#password;
    if (password === undefined) return [];
    const scope = scopeOf(asked.method);
    const headers: HeaderLine[] = [];
    for (const kept of this.#kept.values()) {
      if (kept.scope !== scope || (scope === 'other' && kept.header === H.Authorization)) continue;
      const value = this.#value(kept, asked, password);
      if (value !== undefined) headers.push([kept.header, value]);
    }
    return headers;
  }

  /** Answers the challenges of a 401 or 407. `answered` holds what was answered in this exchange and grows. */
  async answer(response: SipResponse, asked: Asked, answered: Set<string>): Promise<Authorized> {
    const found = [
      ...challengesOf(response, H.WwwAuthenticate, H.Authorization),
      ...challengesOf(response, H.ProxyAuthenticate, H.ProxyAuthorization),
    ];
    if (found.length === 0) return { ok: false, why: 'unanswerable' };
    const refused = found.filter(
      ({ key, challenges }) => answered.has(key) && !challenges.some((challenge) => challenge.stale),
    );
    for (const { key } of refused) this.#kept.delete(`${scopeOf(asked.method)} ${key}`);
    if (refused.length > 0 && !(await this.#isAnother())) return { ok: false, why: 'wrong-password' };
    const password = this.#password ?? (await this.#secret());
    if (password === null) return { ok: false, why: 'no-password' };
    this.#password = password;
    const scope = scopeOf(asked.method);
    const headers: HeaderLine[] = [];
    for (const { key, header, challenges } of found) {
      const first = this.#answer(challenges, asked, password, 1);
      if (first === undefined) continue;
      answered.add(key);
      this.#kept.set(`${scope} ${key}`, { challenge: first.challenge, header, scope, uses: 1 });
      headers.push([header, first.value]);
    }
    if (headers.length === 0) return { ok: false, why: 'unanswerable' };
    for (const [name, kept] of this.#kept) {
      const key = name.slice(scope.length + 1);
      if (kept.scope !== scope || !answered.has(key) || found.some((one) => one.key === key)) continue;
      const value = this.#value(kept, asked, password);
      if (value !== undefined) headers.push([kept.header, value]);
    }
    return { ok: true, headers };
  }

  /** Whoever keeps it and does not answer is as one who does not know it: the person is asked. */
  #secret(): Promise<string | null> {
    return this.#options.secret().catch(() => null);
  }

  /** Whether the person has typed another password since, which is then the one to try. */
  async #isAnother(): Promise<boolean> {
    const before = this.#password;
    const now = await this.#secret();
    if (now === null || now === before) return false;
    this.#password = now;
    return true;
  }

  #value(kept: Kept, asked: Asked, password: string): string | undefined {
    kept.uses++;
    return this.#answer([kept.challenge], asked, password, kept.uses)?.value;
  }

  #answer(challenges: readonly Challenge[], asked: Asked, password: string, nonceCount: number) {
    const { username, hashes, random } = this.#options;
    return answerChallenge({ challenges, ...asked, username, password, cnonce: random(8), nonceCount, hashes });
  }
}

const scopeOf = (method: string): 'register' | 'other' => (method === 'REGISTER' ? 'register' : 'other');

interface Realm {
  readonly key: string;
  readonly header: Kept['header'];
  readonly challenges: Challenge[];
}

/** One entry a realm, each with the algorithms that it offers. */
function challengesOf(
  response: SipResponse,
  from: typeof H.WwwAuthenticate | typeof H.ProxyAuthenticate,
  header: Kept['header'],
): Realm[] {
  const realms = new Map<string, Realm>();
  for (const challenge of parseChallenges(response.headers.lines(from))) {
    const key = `${header} ${challenge.realm}`;
    const realm = realms.get(key);
    if (realm !== undefined) realm.challenges.push(challenge);
    else if (realms.size < MAX_REALMS) realms.set(key, { key, header, challenges: [challenge] });
  }
  return [...realms.values()];
}
