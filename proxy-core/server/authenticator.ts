/** Who sent this request, and how to ask (RFC 3261 §22). */
import { buildChallenge } from '../sip/auth/challenge.ts';
import { checkCredentials } from '../sip/auth/check.ts';
import { parseCredentials } from '../sip/auth/credentials.ts';
import type { HashPort } from '../sip/auth/hashes.ts';
import type { NonceMaker } from '../sip/auth/nonce.ts';
import type { NonceCounts } from '../sip/auth/nonce-counts.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import type { User, UserStore } from './stores.ts';

export type CredentialsHeader = typeof H.Authorization | typeof H.ProxyAuthorization;

export type Proof =
  | {
      readonly result: 'ok';
      readonly user: User;
      /** Label of the device whose password it is; empty for the user's own. */
      readonly device: string;
      /** What the credentials say that they were made for. */
      readonly uri: string;
    }
  /** A right answer to a challenge that is too old: worth another try without asking the person (RFC 7616 §3.3). */
  | { readonly result: 'stale' }
  /** An unknown user or a wrong password: nobody can tell which. */
  | { readonly result: 'wrong' }
  | { readonly result: 'none' };

export interface Authenticator {
  /** Checks the credentials in `header` for the realm of `domain`. */
  verify(request: SipRequest, header: CredentialsHeader, domain: string): Proof;
  /** Values of WWW-Authenticate or Proxy-Authenticate for the sender of `request`. */
  challenges(request: SipRequest, domain: string, isStale: boolean): string[];
}

export interface DigestOptions {
  readonly users: UserStore;
  readonly nonces: NonceMaker;
  readonly counts?: NonceCounts | undefined;
  readonly hashes: HashPort;
}

/** Digest over the hashes of the user store; nothing is remembered between a challenge and its first answer. */
export class DigestAuthenticator implements Authenticator {
  readonly #options: DigestOptions;

  constructor(options: DigestOptions) {
    this.#options = options;
  }

  verify(request: SipRequest, header: CredentialsHeader, domain: string): Proof {
    const { users, nonces, counts, hashes } = this.#options;
    if (request.headers.find(header) < 0) return NONE;
    const realm = users.realm(domain);
    // Several may be there, each for the realm of another proxy (RFC 3261 §22.3).
    for (const text of request.headers.lines(header)) {
      const credentials = parseCredentials(text);
      if (!credentials.ok || credentials.value.realm !== realm || credentials.value.session) continue;
      const user = users.find(credentials.value.username, domain);
      const { method } = request;
      // As many as anyone has, so that the time of a failure does not tell who exists, nor who has how many devices.
      for (let i = 0; i < users.mostPasswords; i++) {
        const password = i === 0 ? user : user?.devices?.[i - 1];
        const ha1 = credentials.value.algorithm === 'MD5' ? password?.ha1Md5 : password?.ha1Sha256;
        const body = credentials.value.qop === 'auth-int' ? request.body : undefined;
        const asked = { credentials: credentials.value, method, ha1, body, nonces, binding: realm, counts, hashes };
        const verdict = checkCredentials(asked);
        if (verdict === 'stale') return STALE;
        if (verdict === 'ok' && user !== undefined) {
          const device = i === 0 ? '' : (user.devices?.[i - 1]?.label ?? '');
          return { result: 'ok', user, device, uri: credentials.value.uri };
        }
      }
      return WRONG;
    }
    return NONE;
  }

  /**
   * MD5 stands first against RFC 8760 §2.3: many phones read the first challenge only and give up when they do not know
   * its hash. Those that know SHA-256 and care choose it wherever it stands, as ours does.
   */
  challenges(request: SipRequest, domain: string, isStale: boolean): string[] {
    const realm = this.#options.users.realm(domain);
    const nonce = this.#options.nonces.make(realm);
    const md5 = buildChallenge({ realm, nonce, algorithm: 'MD5', stale: isStale });
    if (MD5_ONLY.test(request.header(H.UserAgent) ?? '')) return [md5];
    return [md5, buildChallenge({ realm, nonce, algorithm: 'SHA-256', stale: isStale })];
  }
}

/** They refuse all challenges when one of them has a hash that they do not know. */
const MD5_ONLY = /^baresip v[012]\./;

const NONE: Proof = { result: 'none' };
const WRONG: Proof = { result: 'wrong' };
const STALE: Proof = { result: 'stale' };
