/**
 * Derives a message from another by changing lines and leaving every other byte as it was: what a proxy does to all
 * that passes through it (RFC 3261 §16.6, §16.7).
 */
import { findOutside, trim } from '../grammar/chars.ts';
import { type SipMessage, SipRequest, SipResponse } from './message.ts';
import { H, type HeaderId, headerId, headerName, oneLine } from './names.ts';
import { readRequest, readResponse } from './parse.ts';

/** What becomes of one line: another text, or null for a line that goes. */
interface Change {
  readonly line: number;
  text: string | null;
}

export class MessageEdit<M extends SipMessage> {
  readonly #message: M;
  #startLine: string | undefined;
  /** New lines before all others, last added first. */
  #top = '';
  #bottom = '';
  /** In the order of the lines; a handful at most, so that looking along them costs less than a table would. */
  readonly #changes: Change[] = [];
  #body: string | undefined;

  constructor(message: M) {
    this.#message = message;
  }

  setUri(uri: string): this {
    if (this.#message.kind !== 'request') throw new TypeError('a response has no Request-URI');
    this.#startLine = `${this.#message.method} ${oneLine(uri)} SIP/2.0`;
    return this;
  }

  /** Adds a line above all others: a new topmost Via, Record-Route or Route. */
  prepend(id: HeaderId, value: string): this {
    this.#top = `${headerName(id)}: ${oneLine(value)}\r\n${this.#top}`;
    return this;
  }

  append(id: HeaderId, value: string): this {
    return this.appendNamed(headerName(id), value);
  }

  appendNamed(name: string, value: string): this {
    this.#bottom += `${oneLine(name)}: ${oneLine(value)}\r\n`;
    return this;
  }

  /** Puts `value` in place of all lines of this header (in the place of the first, else at the end). */
  set(id: HeaderId, value: string): this {
    const { headers } = this.#message;
    const line = headers.find(id);
    if (line < 0) return this.append(id, value);
    this.remove(id);
    this.#put(line, `${headers.nameAt(line)}: ${oneLine(value)}`);
    return this;
  }

  remove(id: HeaderId): this {
    const { headers } = this.#message;
    for (let line = headers.find(id); line >= 0; line = headers.find(id, line + 1)) this.#put(line, null);
    return this;
  }

  /** Takes all lines of a header away that is named as text; its compact form is another name for it. */
  removeNamed(name: string): this {
    const id = headerId(name);
    if (id !== H.Other) return this.remove(id);
    const { headers } = this.#message;
    const wanted = name.toLowerCase();
    for (let line = 0; line < headers.size; line++)
      if (headers.nameAt(line).toLowerCase() === wanted) this.#put(line, null);
    return this;
  }

  /** Takes the topmost value away: the whole line, or the first of several values on it. */
  removeFirst(id: HeaderId): this {
    return this.#changeFirst(id, null);
  }

  /** Puts `value` in place of the topmost value and leaves the others. */
  replaceFirst(id: HeaderId, value: string): this {
    return this.#changeFirst(id, value);
  }

  #changeFirst(id: HeaderId, value: string | null): this {
    const { headers } = this.#message;
    for (let line = headers.find(id); line >= 0; line = headers.find(id, line + 1)) {
      const edited = this.#changed(line)?.text;
      if (edited === null) continue;
      const text = edited === undefined ? headers.valueAt(line) : edited.slice(edited.indexOf(':') + 2);
      const comma = findOutside(text, 44);
      const rest = trim(text, Math.min(comma + 1, text.length));
      const kept = [oneLine(value ?? ''), rest].filter((part) => part !== '').join(', ');
      this.#put(line, kept === '' ? null : `${headers.nameAt(line)}: ${kept}`);
      return this;
    }
    return this;
  }

  /** Sets body and Content-Length; `type` is the Content-Type, or undefined to take the body away. */
  setBody(type: string | undefined, body = ''): this {
    if (type === undefined) this.remove(H.ContentType);
    else this.set(H.ContentType, type);
    this.set(H.ContentLength, String(body.length));
    this.#body = body;
    return this;
  }

  toWire(): string {
    const { headers, wire } = this.#message;
    const { raw, size } = headers;
    const firstLine = size === 0 ? headers.bodyStart : headers.lineStart(0);
    let text = (this.#startLine === undefined ? raw.slice(0, firstLine) : `${this.#startLine}\r\n`) + this.#top;
    let kept = firstLine;
    for (const { line, text: replacement } of this.#changes) {
      text += raw.slice(kept, headers.lineStart(line));
      if (replacement !== null) text += `${replacement}\r\n`;
      kept = line + 1 < size ? headers.lineStart(line + 1) : afterBreak(raw, headers.lineEnd(line));
    }
    const lastEnd = size === 0 ? firstLine : afterBreak(raw, headers.lineEnd(size - 1));
    // The usual case in one piece: nothing comes between what was kept of the headers and the body.
    if (this.#bottom === '' && this.#body === undefined && lastEnd < headers.bodyStart) return text + wire.slice(kept);
    const rest = raw.slice(kept, lastEnd);
    text += rest === '' || rest.endsWith('\n') ? rest : `${rest}\r\n`;
    return `${text}${this.#bottom}\r\n${this.#body ?? wire.slice(headers.bodyStart)}`;
  }

  /** The derived message. What an edit makes of a good message is one again, so it is read only where someone asks. */
  toMessage(): M {
    if (!this.#hasVia()) throw new TypeError('an edit took the last Via away');
    const wire = this.toWire();
    const message: SipMessage = this.#message;
    const derived =
      message.kind === 'request'
        ? new SipRequest(message.method, wire, readRequest)
        : new SipResponse(message.status, message.reason, wire, readResponse);
    return derived as M;
  }

  /** A response has only one where it answers ourselves, or where somebody left the others out. */
  #hasVia(): boolean {
    const { headers } = this.#message;
    for (let line = headers.find(H.Via); line >= 0; line = headers.find(H.Via, line + 1)) {
      if (this.#changed(line)?.text !== null) return true;
    }
    return /^Via:/m.test(this.#top);
  }

  #changed(line: number): Change | undefined {
    for (const change of this.#changes) if (change.line === line) return change;
    return undefined;
  }

  #put(line: number, text: string | null): void {
    const changes = this.#changes;
    let at = changes.length;
    for (; at > 0; at--) {
      const before = changes[at - 1];
      if (before === undefined || before.line < line) break;
      if (before.line === line) {
        before.text = text;
        return;
      }
    }
    changes.splice(at, 0, { line, text });
  }
}

const afterBreak = (raw: string, end: number): number => {
  const next = raw.indexOf('\n', end);
  return next < 0 ? raw.length : next + 1;
};

export const editRequest = (request: SipRequest): MessageEdit<SipRequest> => new MessageEdit(request);
export const editResponse = (response: SipResponse): MessageEdit<SipResponse> => new MessageEdit(response);
