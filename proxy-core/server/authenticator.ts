/** Who sent this request, and how to ask (RFC 3261 §22). */
import type { SipRequest } from '../sip/message/message.ts';
import type { H } from '../sip/message/names.ts';
import type { User } from './stores.ts';

export type Proof =
  | { readonly result: 'ok'; readonly user: User }
  /** A right answer to a challenge that is too old: worth another try without asking the person (RFC 7616 §3.3). */
  | { readonly result: 'stale' }
  /** No answer, an unknown user and a wrong password look the same. */
  | { readonly result: 'none' };

export interface Authenticator {
  /** Checks the credentials in `header` for the realm of `domain`. */
  verify(request: SipRequest, header: typeof H.Authorization | typeof H.ProxyAuthorization, domain: string): Proof;
  /** Values of WWW-Authenticate or Proxy-Authenticate, the strongest first (RFC 8760 §2.3). */
  challenges(domain: string, isStale: boolean): string[];
}
