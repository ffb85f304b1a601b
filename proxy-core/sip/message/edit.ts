/**
 * Derives a message from another by changing lines and leaving every other byte as it was: what a proxy does to all
 * that passes through it (RFC 3261 §16.6, §16.7).
 */
import { findOutside, trim } from '../grammar/chars.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import { H, type HeaderId, headerId, headerName, oneLine } from './names.ts';
import { parseMessage, UNLIMITED } from './parse.ts';

export class MessageEdit<M extends SipMessage> {
  readonly #message: M;
  #startLine: string | undefined;
  /** New lines before all others, last added first. */
  #top = '';
  #bottom = '';
  /** Lines by index: another text, or null for a line that goes. */
  readonly #lines = new Map<number, string | null>();
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
    this.#lines.set(line, `${headers.nameAt(line)}: ${oneLine(value)}`);
    return this;
  }

  remove(id: HeaderId): this {
    const { headers } = this.#message;
    for (let line = headers.find(id); line >= 0; line = headers.find(id, line + 1)) this.#lines.set(line, null);
    return this;
  }

  /** Takes all lines of a header away that is named as text; its compact form is another name for it. */
  removeNamed(name: string): this {
    const id = headerId(name);
    if (id !== H.Other) return this.remove(id);
    const { headers } = this.#message;
    const wanted = name.toLowerCase();
    for (let line = 0; line < headers.size; line++)
      if (headers.nameAt(line).toLowerCase() === wanted) this.#lines.set(line, null);
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
      const edited = this.#lines.get(line);
      if (edited === null) continue;
      const text = edited === undefined ? headers.valueAt(line) : edited.slice(edited.indexOf(':') + 2);
      const comma = findOutside(text, 44);
      const rest = trim(text, Math.min(comma + 1, text.length));
      const kept = [oneLine(value ?? ''), rest].filter((part) => part !== '').join(', ');
      this.#lines.set(line, kept === '' ? null : `${headers.nameAt(line)}: ${kept}`);
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
    const { headers, end } = this.#message;
    const { raw } = headers;
    const firstLine = headers.size === 0 ? headers.bodyStart : headers.lineStart(0);
    let text = this.#startLine === undefined ? raw.slice(0, firstLine) : `${this.#startLine}\r\n`;
    text += this.#top;
    let kept = firstLine;
    for (const line of [...this.#lines.keys()].sort((a, b) => a - b)) {
      const replacement = this.#lines.get(line);
      text += raw.slice(kept, headers.lineStart(line));
      if (typeof replacement === 'string') text += `${replacement}\r\n`;
      kept = line + 1 < headers.size ? headers.lineStart(line + 1) : afterBreak(raw, headers.lineEnd(line));
    }
    const lastEnd = headers.size === 0 ? firstLine : afterBreak(raw, headers.lineEnd(headers.size - 1));
    const rest = raw.slice(kept, lastEnd);
    text += rest === '' || rest.endsWith('\n') ? rest : `${rest}\r\n`;
    return `${text}${this.#bottom}\r\n${this.#body ?? raw.slice(headers.bodyStart, end)}`;
  }

  /** The derived message. What an edit makes of a good message is one again, so a failure is a mistake of the caller. */
  toMessage(): M {
    const parsed = parseMessage(this.toWire(), UNLIMITED);
    if (!parsed.ok) throw new Error(`an edit made an unreadable message: ${parsed.error.reason}`);
    return parsed.value as M;
  }
}

const afterBreak = (raw: string, end: number): number => {
  const next = raw.indexOf('\n', end);
  return next < 0 ? raw.length : next + 1;
};

export const editRequest = (request: SipRequest): MessageEdit<SipRequest> => new MessageEdit(request);
export const editResponse = (response: SipResponse): MessageEdit<SipResponse> => new MessageEdit(response);
