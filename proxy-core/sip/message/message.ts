/**
 * A SIP message as it came or as it will go (RFC 3261 §7). Messages are read-only; `MessageEdit` derives new ones.
 * The text is a binary string: one character a byte.
 */
import type { NameAddr } from '../grammar/name-addr.ts';
import type { SipUri } from '../grammar/uri.ts';
import type { HeaderTable } from './header-table.ts';
import type { HeaderId } from './names.ts';
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

abstract class Message implements Essentials {
  readonly headers: HeaderTable;
  /** The topmost Via. */
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: number;
  readonly cseqMethod: string;
  /** Index after the last byte of the body: what follows it in a datagram is not part of the message (§18.3). */
  readonly end: number;

  constructor(headers: HeaderTable, essentials: Essentials, end: number) {
    this.headers = headers;
    this.via = essentials.via;
    this.from = essentials.from;
    this.to = essentials.to;
    this.callId = essentials.callId;
    this.cseq = essentials.cseq;
    this.cseqMethod = essentials.cseqMethod;
    this.end = end;
  }

  /** The whole message as bytes. */
  get wire(): string {
    const { raw } = this.headers;
    return this.end === raw.length ? raw : raw.slice(0, this.end);
  }

  get body(): string {
    return this.headers.raw.slice(this.headers.bodyStart, this.end);
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

export class SipRequest extends Message {
  readonly kind = 'request';
  readonly method: string;
  /** The Request-URI as written. */
  readonly uriText: string;
  readonly uri: SipUri;

  constructor(method: string, uriText: string, uri: SipUri, headers: HeaderTable, essentials: Essentials, end: number) {
    super(headers, essentials, end);
    this.method = method;
    this.uriText = uriText;
    this.uri = uri;
  }
}

export class SipResponse extends Message {
  readonly kind = 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, headers: HeaderTable, essentials: Essentials, end: number) {
    super(headers, essentials, end);
    this.status = status;
    this.reason = reason;
  }
}

export type SipMessage = SipRequest | SipResponse;
