/** The transaction layer (RFC 3261 §17, RFC 6026): finds the transaction that a message belongs to, or makes it. */
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { TransportLayer, TransportUser } from '../transport/layer.ts';
import type { FlowId, Hop, RandomHex, Source } from '../transport/port.ts';
import type { Clock } from './clock.ts';
import type { ClientListener, ClientTransaction, TransactionUser } from './user.ts';

/** A request without our Via, or what makes one from the value of our Via. */
export type RequestDraft = SipRequest | ((via: string) => SipRequest);

export interface TransactionLayerOptions {
  readonly transport: TransportLayer;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly user: TransactionUser;
}

export class TransactionLayer implements TransportUser {
  constructor(_options: TransactionLayerOptions) {}
  /** Sends a request in a new client transaction; not for ACK. The listener is never called before this returns. */
  request(_draft: RequestDraft, _hop: Hop, _listener: ClientListener): ClientTransaction {
    throw new Error('not built');
  }
  /** Sends the ACK to a 2xx, which passes no transaction (§13.2.2.4). */
  sendAck(_draft: RequestDraft, _hop: Hop): void {}
  get size(): { readonly client: number; readonly server: number } {
    return { client: 0, server: 0 };
  }
  /** Ends every transaction without a word. */
  close(): void {}
  requestReceived(_request: SipRequest, _source: Source): void {}
  responseReceived(_response: SipResponse, _source: Source): void {}
  flowClosed(_flow: FlowId): void {}
}
