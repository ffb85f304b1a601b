/**
 * The addresses of one target, one after another (RFC 3263 §4.3, RFC 3261 §16.9), and what is remembered of each for the
 * next request that goes there.
 */
import type { SipResponse } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import type { FailedHops, ServerHop } from './failed-hops.ts';

/** A Retry-After is believed up to this, in seconds: a fault at the other end must not keep us away for a day. */
const LONGEST_RETRY_AFTER = 600;
/** How long we remember that an address speaks no TCP, in ms. */
const NO_TCP_MS = 600_000;

export class HopList {
  readonly #failedHops: FailedHops;
  readonly #hops: readonly ServerHop[];
  #tried = 0;

  /** @param hops as they were found; those that failed lately are tried last. */
  constructor(failedHops: FailedHops, hops: readonly ServerHop[]) {
    this.#failedHops = failedHops;
    this.#hops = failedHops.order(hops);
  }

  /** The next one that was not tried yet. */
  next(): ServerHop | undefined {
    return this.#hops[this.#tried++];
  }

  get hasMore(): boolean {
    return this.#tried < this.#hops.length;
  }

  /** It answered with this. */
  answered(hop: ServerHop, response: SipResponse): void {
    const { status } = response;
    if (status !== 503 && status !== 430) this.#failedHops.worked(hop);
    // Without another address there is no reason to avoid this one.
    if (status !== 503 || this.#hops.length < 2) return;
    // A comment may follow (RFC 3261 §20.33).
    const seconds = Number.parseInt(response.header(H.RetryAfter) ?? '', 10);
    if (seconds > 0) this.#failedHops.failed(hop, Math.min(seconds, LONGEST_RETRY_AFTER) * 1000);
  }

  /** Nothing could be sent there. */
  failed(hop: ServerHop): void {
    if (this.#hops.length > 1) this.#failedHops.failed(hop, this.#memoryOf(hop));
  }

  /** Nothing was heard from there. */
  silent(hop: ServerHop): void {
    if (this.#hops.length < 2) return;
    if (this.#memoryOf(hop) === undefined) this.#failedHops.silent(hop);
    else this.failed(hop);
  }

  /** Where TCP was only tried for the length of the request, a refusal says much about the phone: it speaks no TCP. */
  #memoryOf(hop: ServerHop): number | undefined {
    const after = this.#hops[this.#hops.indexOf(hop) + 1];
    const isTwin = hop.transport === 'TCP' && after?.transport === 'UDP' && after.host === hop.host;
    return isTwin && after.port === hop.port ? NO_TCP_MS : undefined;
  }
}
