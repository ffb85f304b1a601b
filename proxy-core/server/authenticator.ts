/** Who sent this request, and how to ask (RFC 3261 §22). */
import { buildChallenge } from '../sip/auth/challenge.ts';
import { checkCredentials } from '../sip/auth/check.ts';
import { parseCredentials } from '../sip/auth/credentials.ts';
import type { HashPort } from '../sip/auth/hashes.ts';
import type { NonceMaker } from '../sip/auth/nonce.ts';
import type { SipRequest } from '../sip/message/message.ts';
import type { H } from '../sip/message/names.ts';
import type { User, UserStore } from './stores.ts';

export type CredentialsHeader = typeof H.Authorization | typeof H.ProxyAuthorization;

export type Proof =
  | { readonly result: 'ok'; readonly user: User }
  /** A right answer to a challenge that is too old: worth another try without asking the person (RFC 7616 §3.3). */
  | { readonly result: 'stale' }
  /** No answer, an unknown user and a wrong password look the same. */
  | { readonly result: 'none' };

export interface Authenticator {
  /** Checks the credentials in `header` for the realm of `domain`. */
  verify(request: SipRequest, header: CredentialsHeader, domain: string): Proof;
  /** Values of WWW-Authenticate or Proxy-Authenticate, the strongest first (RFC 8760 §2.3). */
  challenges(domain: string, isStale: boolean): string[];
}

export interface DigestOptions {
  readonly users: UserStore;
  readonly nonces: NonceMaker;
  readonly hashes: HashPort;
}

/** Digest over the hashes of the user store; nothing is remembered between challenge and answer. */
export class DigestAuthenticator implements Authenticator {
  readonly #options: DigestOptions;

  constructor(options: DigestOptions) {
    this.#options = options;
  }

  verify(request: SipRequest, header: CredentialsHeader, domain: string): Proof {
    const { users, nonces, hashes } = this.#options;
    if (request.headers.find(header) < 0) return NONE;
    const realm = users.realm(domain);
    // Several may be there, each for the realm of another proxy (RFC 3261 §22.3).
    for (const text of request.headers.lines(header)) {
      const credentials = parseCredentials(text);
      if (!credentials.ok || credentials.value.realm !== realm || credentials.value.session) continue;
      const user = users.find(credentials.value.username, domain);
      const ha1 = credentials.value.algorithm === 'MD5' ? user?.ha1Md5 : user?.ha1Sha256;
      const { method } = request;
      const verdict = checkCredentials({ credentials: credentials.value, method, ha1, nonces, binding: realm, hashes });
      if (verdict === 'ok' && user !== undefined) return { result: 'ok', user };
      return verdict === 'stale' ? STALE : NONE;
    }
    return NONE;
  }

  challenges(domain: string, isStale: boolean): string[] {
    const realm = this.#options.users.realm(domain);
    const nonce = this.#options.nonces.make(realm);
    return (['SHA-256', 'MD5'] as const).map((algorithm) =>
      buildChallenge({ realm, nonce, algorithm, stale: isStale }),
    );
  }
}

const NONE: Proof = { result: 'none' };
const STALE: Proof = { result: 'stale' };
