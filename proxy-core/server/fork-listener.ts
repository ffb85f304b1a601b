/** What a response context tells whoever follows a request through the exchange, such as the book of calls. */
import type { SipResponse } from '../sip/message/message.ts';
import type { Target } from './targets.ts';

export interface ForkListener {
  /** It is about to be sent on; `stop` calls it back while nobody has accepted it, saying why (RFC 3326). */
  begins?(stop: (reason: string) => void): void;
  /** The request goes to one more target; undefined where nobody wants to know what becomes of it. */
  tries(target: Target): BranchListener | undefined;
  /** The caller gave up; `reason` is what his CANCEL says (RFC 3326). */
  cancelled(reason: string | undefined): void;
  /** The final answer that went back, where nobody accepted; also without any target. */
  refused(status: number): void;
}

/** Responses are as they came. */
export interface BranchListener {
  /** 101 to 199. */
  progressed(response: SipResponse): void;
  /** Every 2xx, also one that comes late or again. */
  accepted(response: SipResponse): void;
  /** It ended otherwise; without a response where a timer or the transport said so. */
  ended(status: number, response: SipResponse | undefined): void;
}
