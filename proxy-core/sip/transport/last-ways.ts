/**
 * Answers whose connection is gone and whose sender cannot be reached where he was: they go to where the sent-by of their
 * Via is found (RFC 3261 §18.2.2, RFC 3263 §5). Only over streams: who sent a datagram may have forged where from.
 */
import type { SipResponse } from '../message/message.ts';
import type { Via } from '../message/via.ts';
import type { Hop, TransportFailure } from './port.ts';

/** Finds the addresses of a sent-by, by the transport and without the place that was `tried`; calls `found` once. */
export type FindSentBy = (via: Via, tried: Hop, found: (hops: readonly Hop[]) => void) => void;

type Failed = (failure: TransportFailure) => void;

/** Whoever names hosts that do not answer must not fill us with attempts. */
const MAX_AT_ONCE = 64;
const MAX_HOPS = 2;

export class LastWays {
  readonly #find: FindSentBy;
  readonly #send: (hop: Hop, wire: string, failed: Failed) => void;
  #open = 0;

  constructor(find: FindSentBy, send: (hop: Hop, wire: string, failed: Failed) => void) {
    this.#find = find;
    this.#send = send;
  }

  /** Whether there may be another way than this: nobody but a page opens a WebSocket, and a 1xx is not worth it. */
  static mayHelp({ transport }: Hop, { status }: SipResponse): boolean {
    return (transport === 'TCP' || transport === 'TLS') && status >= 200;
  }

  /** `failure` is what happened on the way that was `tried`; `failed` is told when nothing helped. */
  go(response: SipResponse, tried: Hop, failure: TransportFailure, failed: Failed): void {
    if (this.#open >= MAX_AT_ONCE) {
      failed(failure);
      return;
    }
    this.#open++;
    this.#find(response.via, tried, (hops) => {
      this.#open--;
      this.#next(hops.slice(0, MAX_HOPS), response, failure, failed);
    });
  }

  #next([hop, ...others]: readonly Hop[], response: SipResponse, failure: TransportFailure, failed: Failed): void {
    if (hop === undefined) failed(failure);
    else this.#send(hop, response.wire, (again) => this.#next(others, response, again, failed));
  }
}
