/**
 * Cuts a byte stream into messages (RFC 3261 §7.5, §18.3) and tells the keep-alives between them apart (RFC 5626
 * §3.5.1, §4.4.1). Work grows with the bytes that come, however small their pieces.
 */
import { type HeaderTable, scanHeaders } from '../message/header-table.ts';
import { H } from '../message/names.ts';
import { MAX_MESSAGE } from '../message/parse.ts';

export interface FramerSink {
  /** One whole message. */
  message(wire: string): void;
  /** A double CRLF: the peer wants one CRLF back. */
  ping(): void;
  /** A single CRLF: the peer's answer to our ping. */
  pong(): void;
  /** What had come of a message that cannot be told from what follows it; the stream is lost with it. */
  lost?(bytes: string): void;
}

export interface FramerOptions {
  readonly sink: FramerSink;
  /**
   * Whether the peer opened the connection. Only such a peer sends pings, so two CRLFs from it are a ping even when they
   * come torn; from the others each is an answer.
   */
  readonly accepted: boolean;
}

const LF = 10;
/** A first line longer than this is no SIP. */
const MAX_START_LINE = 8192;
const START_LINE = /^(?:SIP\/\d\.\d \d{3}|[!%'*+\-.0-9A-Z_`a-z~]+ \S.* SIP\/\d)/i;
const EMPTY_LINE = /\n\r?\n/;

export class StreamFramer {
  readonly #sink: FramerSink;
  readonly #accepted: boolean;
  /** What has come of a message whose headers are not whole yet. */
  #head = '';
  /** The last two characters of it: an empty line may come torn. */
  #tail = '';
  #firstLineSeen = false;
  /** Where the headers are whole: what has come of the message, and how long it will be. */
  #body: { text: string; readonly length: number } | undefined;
  /** A CR that came without its LF. */
  #cr = false;
  /** A CRLF whose twin may follow. */
  #half = false;
  #fault: string | undefined;

  constructor(options: FramerOptions) {
    this.#sink = options.sink;
    this.#accepted = options.accepted;
  }

  /** Whether a message has begun and not ended. */
  get isInside(): boolean {
    return this.#body !== undefined || this.#head !== '';
  }

  /**
   * Takes the next bytes. Gives a sentence when the stream cannot be read any more, which is final: the connection is to
   * be closed, since nobody knows where the next message begins.
   */
  push(bytes: string): string | undefined {
    let rest = bytes;
    while (this.#fault === undefined && rest !== '') rest = this.isInside ? this.#inside(rest) : this.#between(rest);
    return this.#fault;
  }

  /** Eats CRLFs up to the next message; gives back what is left. */
  #between(bytes: string): string {
    let at = 0;
    for (; at < bytes.length; at++) {
      const code = bytes.charCodeAt(at);
      if (code === 13 && !this.#cr) this.#cr = true;
      else if (code === LF) this.#blank();
      else break;
    }
    if (at === bytes.length) {
      if (this.#half && !this.#accepted) this.#pong();
      return '';
    }
    if (this.#cr) return this.#fail('bytes that are no SIP message');
    if (this.#half) this.#pong();
    this.#head = bytes.slice(at, at + 1);
    this.#tail = this.#head;
    this.#firstLineSeen = false;
    return bytes.slice(at + 1);
  }

  #blank(): void {
    this.#cr = false;
    if (this.#half) {
      this.#half = false;
      this.#sink.ping();
    } else this.#half = true;
  }

  #pong(): void {
    this.#half = false;
    this.#sink.pong();
  }

  #inside(bytes: string): string {
    const body = this.#body;
    if (body !== undefined) {
      const missing = body.length - body.text.length;
      body.text += bytes.slice(0, missing);
      if (body.text.length === body.length) this.#finish(body.text);
      return bytes.slice(missing);
    }
    const window = this.#tail + bytes;
    const empty = EMPTY_LINE.exec(window);
    if (empty === null) {
      this.#head += bytes;
      this.#tail = window.slice(-2);
      if (this.#head.length > MAX_MESSAGE) return this.#fail('a message of more than 64 KiB');
      if (!this.#firstLineSeen) this.#checkFirstLine(bytes);
      return '';
    }
    const used = empty.index + empty[0].length - this.#tail.length;
    const head = this.#head + bytes.slice(0, used);
    if (head.length > MAX_MESSAGE) return this.#fail('a message of more than 64 KiB');
    this.#head = head;
    this.#headersDone(head);
    return bytes.slice(used);
  }

  /** What begins otherwise than SIP is refused at its first line, not after 64 KiB. */
  #checkFirstLine(bytes: string): void {
    if (bytes.indexOf('\n') >= 0) {
      this.#firstLineSeen = true;
      if (!START_LINE.test(this.#head)) this.#fail('bytes that are no SIP message');
    } else if (this.#head.length > MAX_START_LINE) this.#fail('a first line that never ends');
  }

  #headersDone(head: string): void {
    if (!START_LINE.test(head)) {
      this.#fail('bytes that are no SIP message');
      return;
    }
    const headers = scanHeaders(head, head.indexOf('\n') + 1);
    const length = 'reason' in headers ? undefined : contentLength(headers);
    if (length === undefined) {
      this.#fail('a message without a readable Content-Length');
    } else if (head.length + length > MAX_MESSAGE) {
      // Its headers alone go up, so that the sender is told (413).
      this.#head = '';
      this.#sink.message(head);
      this.#fail('a message of more than 64 KiB');
    } else if (length === 0) this.#finish(head);
    else {
      this.#head = '';
      this.#body = { text: head, length: head.length + length };
    }
  }

  #finish(wire: string): void {
    this.#head = '';
    this.#body = undefined;
    this.#sink.message(wire);
  }

  #fail(reason: string): string {
    if (this.#fault === undefined && this.#head !== '') this.#sink.lost?.(this.#head);
    this.#fault ??= reason;
    this.#head = '';
    this.#body = undefined;
    return '';
  }
}

/** Undefined where it is absent, malformed or given twice with different values: any of them loses the framing. */
function contentLength(headers: HeaderTable): number | undefined {
  const values = new Set(headers.lines(H.ContentLength));
  const [text, other] = values;
  return text !== undefined && other === undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
