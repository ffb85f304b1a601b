/**
 * The contract between the window and the phone service, over a MessagePort of their own so that sound set-up and
 * signalling never wait for the main process. SIP travels as binary strings: each character is one byte (0 to 255).
 */
import type { CertificateProblem } from './connection-settings.ts';
import { call, event } from './schema.ts';
import type { SignalTransport } from './server-address.ts';

/** The local end of an account's connection: what goes into Via and Contact. */
export interface AccountFlow {
  readonly accountId: string;
  /** Distinguishes this connection from an earlier one of the same account. */
  readonly flowId: string;
  readonly transport: SignalTransport;
  readonly localHost: string;
  readonly localPort: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  /** Which of the account's outbound proxies is at the other end, from 0. */
  readonly proxy: number;
  /** Whether there is another way to the server, that a second connection could take (RFC 5626 §4.2.1). */
  readonly hasOther: boolean;
}

/**
 * An account's first connection, and the one beside it (RFC 5626 §4.2.1). Without a registrar it listens by IPv4 on the
 * first and by IPv6 on the second.
 */
export type RegId = 1 | 2;

export type OpenedFlow =
  | { readonly ok: true; readonly flow: AccountFlow }
  /** `certificate`: the server was there but is not believed; a person may decide to. */
  | { readonly ok: false; readonly reason: string; readonly certificate?: CertificateProblem };

export interface MediaStats {
  /** RTP packets from the peer that passed to the window, and from the window to the peer. */
  readonly received: number;
  readonly sent: number;
  /** By gaps in the peer's sequence numbers. */
  readonly lost: number;
  /** Milliseconds since the last packet from the peer; -1 when none came yet. */
  readonly silentMs: number;
  /** Interarrival jitter in ms (RFC 3550 §6.4.1). */
  readonly jitterMs: number;
  /** Name of the codec in use, such as `opus` or `PCMU`; empty before the first answer. */
  readonly codec: string;
  /** The SRTP suite that protects sound towards the peer, such as `AEAD_AES_128_GCM`; empty where nothing does. */
  readonly protection: string;
  /** How the way for sound is found with the other side (ICE); null where it has none of that. */
  readonly ice: IceView | null;
  /** ICE chose another way than the descriptions name: the other side should be offered it. */
  readonly isOfferDue?: boolean;
  /** How the other side receives us, by its own reports; null where it reports nothing. */
  readonly peer: PeerReception | null;
  /** Milliseconds from the window to the other side and back, both hops together; null where no report tells. */
  readonly roundTripMs: number | null;
  readonly way?: WayFacts;
}

/** What is known of the way between us and the other side, for when it is silent. */
export interface WayFacts {
  /** Where sound goes; null where there is no such place, or ICE looks for it. */
  readonly target: { readonly address: string; readonly port: number } | null;
  /** Our address on the way there. */
  readonly local: string;
  /** Packets of sound that the window gave, whether or not they could go on. */
  readonly fromWindow: number;
  /** Packets since the other side was heard last that came from elsewhere, and from where the last of them. */
  readonly foreign: number;
  readonly foreignFrom: { readonly address: string; readonly port: number } | null;
  /** The same of those that could not be read. */
  readonly unreadable: number;
  /** The system's code for what could not be sent, such as `EPERM`; empty where the last packet went out. */
  readonly sendError: string;
  /** What the address of a silent side says to an empty packet. */
  readonly answer: 'none' | 'refused' | 'unreachable';
}

export interface PeerReception {
  /** Packets that never came there, over the whole call. */
  readonly lost: number;
  /** Between its last two reports, in per cent. */
  readonly lossPercent: number;
  readonly jitterMs: number;
}

/** Where a side may be reached, and how that is known: by itself, from outside, from its packets, or over a relay. */
export interface IceCandidateView {
  /** 1 for RTP, 2 for RTCP. */
  readonly component: 1 | 2;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
  readonly address: string;
  readonly port: number;
}

export interface IceView {
  /** `lost`: it was connected, and the peer fell silent. */
  readonly state: 'waiting' | 'checking' | 'connected' | 'failed' | 'lost';
  readonly local: readonly IceCandidateView[];
  readonly remote: readonly IceCandidateView[];
  /** Best first. */
  readonly pairs: readonly {
    readonly component: 1 | 2;
    readonly local: IceCandidateView;
    readonly remote: IceCandidateView;
    readonly state: 'frozen' | 'waiting' | 'in-progress' | 'succeeded' | 'failed';
    readonly nominated: boolean;
    /** Why it failed or was left alone; empty else. */
    readonly reason: string;
  }[];
}

/** Why a piece of media work failed, in a form that the caller can answer: 488 for an offer with nothing in common. */
export interface MediaFailure {
  readonly ok: false;
  readonly status: 400 | 488 | 500;
  readonly reason: string;
}
export type MediaResult<T> = ({ readonly ok: true } & T) | MediaFailure;

/** A call as SIP knows it. */
export interface SipCall {
  readonly accountId: string;
  /** By which line of an account without a registrar; the first where it is not told. */
  readonly regId?: RegId;
  readonly callId: string;
}

export const phonePortSchema = {
  sip: {
    /**
     * Opens (or gives) a connection of an account that main told the service about: finds its outbound proxies or its
     * server and connects to the first that can be reached. The second (`regId` 2) never goes where the first does.
     */
    open: call<{ accountId: string; regId: RegId }, OpenedFlow>(),
    /**
     * Sends one message. Requests go to the account's outbound proxy or server, or, inside a dialog, where the Route or
     * Contact that the peer gave points to; a response goes back by the flow on which its request came.
     * Rejected targets and socket errors are answered as `ok: false`, and so is SDP that the gateway did not write for
     * this call: the window decides neither where SIP goes nor where sound does.
     */
    send: call<{ accountId: string; flowId: string; message: string }, { ok: true } | { ok: false; reason: string }>(),
    received: event<{ accountId: string; flowId: string; message: string; remoteHost: string; remotePort: number }>(),
    /** By which of its connections an account without a registrar reaches an address outside any call. */
    line: call<{ accountId: string; uri: string }, RegId>(),
    /** The connection is gone: the account must open it again. */
    closed: event<{ accountId: string; flowId: string; reason: string }>(),
    /** Closes the account's sockets. */
    close: call<{ accountId: string }, void>(),
  },
  media: {
    /**
     * Starts an outgoing offer. `webrtcOffer` is the window's own SDP offer (always the window offers, the gateway is
     * ICE-lite and DTLS-passive). Gives the SDP to put into the INVITE: RTP/AVP on a fresh port pair. `restart` looks for
     * the way to the peer anew (ICE restart), also where our address is the same.
     */
    offer: call<
      SipCall & { sessionId: string; webrtcOffer: string; restart?: boolean },
      MediaResult<{ sipOffer: string }>
    >(),
    /**
     * The peer's answer to that offer (from a 18x or 2xx; a second early answer may replace the first). Gives the answer
     * to apply as the window's remote description. 500 for what did not come in a message of this call. `trickles`: the
     * peer takes candidates by INFO (RFC 8840).
     */
    answer: call<
      SipCall & { sessionId: string; sipAnswer: string; trickles?: boolean },
      MediaResult<{ webrtcAnswer: string }>
    >(),
    /**
     * An offer from the peer (first or later): gives both answers. `webrtcOffer` as in `offer`; `sipOffer` must have
     * come in a message of this call, as in `answer`. Where the peer `trickles`, it is answered before STUN and TURN
     * servers have.
     */
    accept: call<
      SipCall & { sessionId: string; webrtcOffer: string; sipOffer: string; trickles?: boolean },
      MediaResult<{ sipAnswer: string; webrtcAnswer: string }>
    >(),
    /** Candidates that the peer told by INFO; passed over where they did not come in a message of this call. */
    hear: call<SipCall & { sessionId: string; fragment: string }, void>(),
    /**
     * All candidates of ours so far, for an INFO in this call; `isNews` where our last description did not tell them all.
     * Sent only where the peer takes them.
     */
    candidates: event<{ sessionId: string; fragment: string; isNews: boolean }>(),
    /** A test call to oneself: what is said comes back a second later. Ended by `close`. */
    echo: call<{ sessionId: string; webrtcOffer: string }, MediaResult<{ webrtcAnswer: string }>>(),
    stats: call<{ sessionId: string }, MediaStats | null>(),
    close: call<{ sessionId: string }, void>(),
    /** Sent once when nothing came from the peer for `silentMs` while sound was expected, and again when it came back. */
    silence: event<{ sessionId: string; silentMs: number; cause: 'never' | 'stopped' | 'resumed' }>(),
    /** The STUN or TURN server of an account cannot be used, as a sentence; empty once it can again. */
    trouble: event<{ accountId: string; reason: string }>(),
  },
} as const;

export type PhonePortSchema = typeof phonePortSchema;
