/**
 * What the transaction layer asks of its user and gives it (RFC 3261 §17, §8, §16; RFC 6026). Two messages pass no
 * transaction: the ACK to a 2xx, and a 2xx that comes again after its transaction ended.
 */
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { FlowId, Hop, Source, TransportFailure } from '../transport/port.ts';

/** A request that we answer. Kept by its user no longer than until a final response was given. */
export interface ServerTransaction {
  readonly request: SipRequest;
  readonly source: Source;
  /** For its user: what he wants to find again with the transaction. */
  attached?: unknown;
  /** False after a final response was sent or the transaction ended (a late answer is then ignored). */
  readonly isOpen: boolean;
  /**
   * Sends a response; an INVITE may be answered by several 2xx (RFC 6026 §7.1). Its top Via must be that of the request.
   * With `evenLate` it goes, past the transaction, also when that has seen another final response or has ended: a proxy
   * owes every 2xx to the caller (RFC 3261 §16.7 steps 5 and 10).
   */
  respond(response: SipResponse, evenLate?: boolean): void;
  /**
   * Sends a final response that need not be remembered and ends the transaction: where the request comes again, it is
   * answered again, with the same tag (§8.2.7). An INVITE is remembered in any case, or nobody would take the ACK.
   */
  dismiss(response: SipResponse): void;
  /** Called once when the transaction has ended: by Timer H (no ACK came), by a transport failure, or in the ordinary way. */
  onEnd(listener: (how: 'done' | 'no-ack' | 'failed') => void): void;
}

/** A request that we sent. */
export interface ClientTransaction {
  /** As sent, with our Via on top. */
  readonly request: SipRequest;
  /** By which it goes now. */
  readonly hop: Hop;
  /** Cancels a pending INVITE (§9.1): at once where a provisional response came, else when the first one comes. */
  cancel(reason?: string): void;
  /**
   * The other side of an INVITE that rings is reached by another way now: what is sent from here on, CANCEL and ACK, goes
   * there. `again` sends the request itself once more, so that the other side sees where we are (§17.2.1: it repeats what
   * it said last).
   */
  moveTo(hop: Hop, again?: boolean): void;
  /** Stops listening without a trace on the wire; resends and absorbing go on. */
  forget(): void;
}

export interface ClientListener {
  /**
   * Every response once, retransmissions absorbed. Except a 2xx to an INVITE: each one comes, from other forks and again
   * (RFC 6026 §7.2), since a proxy forwards and a UAC acknowledges each.
   */
  response(response: SipResponse, source: Source): void;
  /** Timer B or F: treat as 408 (§8.1.3.1). */
  timeout(): void;
  /** The transport failed: treat as 503 (§8.1.3.1). */
  failed(failure: TransportFailure): void;
  /** The connection that carried an INVITE has ended while it rings; the transaction goes on. */
  connectionLost?(): void;
  /**
   * The CANCEL of an INVITE that rings could not be sent. Whoever listens to that cancels again once there is a way, or
   * lets go: until then the transaction goes on without a limit. For others it ends as if the peer had not answered.
   */
  cancelUnsaid?(): void;
}

/** The upward sink of the transaction layer. */
export interface TransactionUser {
  /**
   * A new request, CANCEL among them: `cancels` is the INVITE transaction that it matches (§9.2). Where that is no longer
   * open the CANCEL came too late: it is answered with 200 and changes nothing. Undefined: answer 481.
   */
  request(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void;
  /** An ACK to a 2xx. */
  ack(request: SipRequest, source: Source): void;
  /** A response that no client transaction waits for. */
  strayResponse(response: SipResponse, source: Source): void;
  /** A connection has ended; its id never comes back. */
  flowClosed?(flow: FlowId): void;
}
