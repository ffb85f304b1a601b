/**
 * A SIP message as it came or as it will go (RFC 3261 §7). Messages are read-only; `MessageEdit` derives new ones.
 * The text is a binary string: one character a byte.
 */
import type { NameAddr } from '../grammar/name-addr.ts';
import type { SipUri } from '../grammar/uri.ts';
import type { HeaderTable } from './header-table.ts';
import type { HeaderId } from './names.ts';
import { inOnePiece } from './one-piece.ts';
import type { Via } from './via.ts';

/** The parts that every message must have and that every layer reads; checked when the message was parsed. */
export interface Essentials {
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: number;
  /** The method in CSeq: of a request its own, of a response that of the request it answers. */
  readonly cseqMethod: string;
}

/** What reading a message finds. */
export interface Reading extends Essentials {
  readonly headers: HeaderTable;
}

export interface RequestReading extends Reading {
  readonly uriText: string;
  readonly uri: SipUri;
}

/**
 * A message that came was read before anybody saw it. One that we made out of good parts is read when it is first asked:
 * most are only sent, and reading each again took a fifth of the time of a call.
 */
type Reader<R> = (wire: string) => R;

abstract class Message<R extends Reading> implements Essentials {
  /** The whole message as bytes: what follows its body in a datagram is no part of it (§18.3). */
  readonly wire: string;
  readonly #read: Reader<R>;
  #reading: R | undefined;

  constructor(wire: string, read: Reader<R>, reading?: R) {
    this.wire = inOnePiece(wire);
    this.#read = read;
    this.#reading = reading;
  }

  /** All of it, for whoever makes another message of this one. */
  get reading(): R {
    this.#reading ??= this.#read(this.wire);
    return this.#reading;
  }

  /** Lets go of all but the bytes; whoever asks later has them read again. */
  forgetReading(): void {
    this.#reading = undefined;
  }

  get headers(): HeaderTable {
    return this.reading.headers;
  }

  /** The topmost Via. */
  get via(): Via {
    return this.reading.via;
  }

  get from(): NameAddr {
    return this.reading.from;
  }

  get to(): NameAddr {
    return this.reading.to;
  }

  get callId(): string {
    return this.reading.callId;
  }

  get cseq(): number {
    return this.reading.cseq;
  }

  get cseqMethod(): string {
    return this.reading.cseqMethod;
  }

  get body(): string {
    return this.wire.slice(this.headers.bodyStart);
  }

  /** The first value of a header, unfolded; undefined where there is none. */
  header(id: HeaderId): string | undefined {
    return this.headers.first(id);
  }

  /** All values of a header that is a list, commas split. */
  list(id: HeaderId): string[] {
    return this.headers.list(id);
  }
}

export class SipRequest extends Message<RequestReading> {
  readonly kind = 'request';
  readonly method: string;

  constructor(method: string, wire: string, read: Reader<RequestReading>, reading?: RequestReading) {
    super(wire, read, reading);
    this.method = method;
  }

  /** The Request-URI as written. */
  get uriText(): string {
    return this.reading.uriText;
  }

  get uri(): SipUri {
    return this.reading.uri;
  }
}

export class SipResponse extends Message<Reading> {
  readonly kind = 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, wire: string, read: Reader<Reading>, reading?: Reading) {
    super(wire, read, reading);
    this.status = status;
    this.reason = reason;
  }
}

export type SipMessage = SipRequest | SipResponse;
