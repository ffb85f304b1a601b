/** One request of a branch on its way to one address, with what a NAT makes necessary on that way. */
import type { SipResponse } from '../sip/message/message.ts';
import type { ClientListener, ClientTransaction } from '../sip/transaction/user.ts';
import type { TransportFailure } from '../sip/transport/port.ts';
import type { ServerHop } from './failed-hops.ts';
import type { Passage } from './nat/passage.ts';

/** Told what becomes of its attempts, also of those that it has given up. */
export interface AttemptOwner {
  received(attempt: Attempt, response: SipResponse): void;
  /** Timer B or F. */
  timedOut(attempt: Attempt): void;
  failed(attempt: Attempt, failure: TransportFailure): void;
  /** The connection that took an INVITE there has ended while it rings. */
  connectionLost(attempt: Attempt): void;
}

export class Attempt implements ClientListener {
  readonly hop: ServerHop;
  client: ClientTransaction | undefined;
  /** A provisional response came: the address lives and has the request. */
  isHeard = false;
  /** What a NAT makes necessary; usually nothing. */
  passage: Passage | undefined;
  readonly #owner: AttemptOwner;

  constructor(owner: AttemptOwner, hop: ServerHop) {
    this.#owner = owner;
    this.hop = hop;
  }

  /** A response, without our Via, as it goes on. */
  wayBack(response: SipResponse | undefined): SipResponse | undefined {
    return this.passage === undefined || response === undefined ? response : this.passage.returned(response);
  }

  response(response: SipResponse): void {
    if (response.status >= 300) this.passage?.ended(response.status);
    this.#owner.received(this, response);
  }

  timeout(): void {
    this.passage?.ended(408);
    this.#owner.timedOut(this);
  }

  failed(failure: TransportFailure): void {
    this.passage?.ended(503);
    this.#owner.failed(this, failure);
  }

  connectionLost(): void {
    this.#owner.connectionLost(this);
  }
}
