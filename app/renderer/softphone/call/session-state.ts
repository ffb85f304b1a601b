/** Where the two sides of an answered call stand in describing their sound to each other (RFC 3264, RFC 6337). */
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';

/** `held`: whether our description of this exchange says that the call is on hold here. */
export type Exchange =
  | { readonly state: 'quiet' }
  /** The peer's answer to our first offer is being put in force. */
  | { readonly state: 'starting' }
  /** Our offer is being made. */
  | { readonly state: 'preparing'; readonly held: boolean }
  /** It is out, by re-INVITE. */
  | { readonly state: 'offered'; readonly held: boolean }
  /** Our re-INVITE without a description is out: the peer offers in its 2xx. */
  | { readonly state: 'asked'; readonly held: boolean }
  /** The peer offered in its 2xx, and our answer goes into the ACK. */
  | {
      readonly state: 'replying';
      readonly held: boolean;
      readonly offer: string;
      readonly invite: SipRequest;
      readonly response: SipResponse;
    }
  /** The peer's answer to a later offer of ours is being put in force. */
  | { readonly state: 'applying'; readonly held: boolean }
  /** Both sides began at once: one more try in a moment. */
  | { readonly state: 'waiting' }
  /** The peer asked for a change; `offer` is undefined where it left the offer to us. */
  | {
      readonly state: 'answering';
      readonly held: boolean;
      readonly transaction: ServerTransaction;
      readonly offer: string | undefined;
    }
  /** Our 2xx is out and has no ACK yet; `answer` where that ACK must bring the answer to our offer. */
  | { readonly state: 'unacknowledged'; readonly held: boolean; readonly first: boolean; readonly answer: boolean };

export interface Negotiation {
  readonly exchange: Exchange;
  /** Whether there was a first offer with its answer. */
  readonly running: boolean;
  readonly heldByPeer: boolean;
  /** Whether the person put the call on hold, and whether that is what the peer was told last. */
  readonly hold: boolean;
  readonly told: boolean;
  /** A sign of life is due. */
  readonly refresh: boolean;
  /** Our sound is to be described anew, by another way than before: not yet, or under way. */
  readonly restore: 'no' | 'due' | 'asked';
  /** How often in a row the peer put our change off. */
  readonly tries: number;
}

export const QUIET: Exchange = { state: 'quiet' };

/** Of a call that has just been answered. */
export const begun = (exchange: Exchange, running: boolean, heldByPeer = false): Negotiation => ({
  exchange,
  running,
  heldByPeer,
  hold: false,
  told: false,
  refresh: false,
  restore: 'no',
  tries: 0,
});
