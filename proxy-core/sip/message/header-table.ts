/**
 * The headers of one message as places in its text (RFC 3261 §7.3): found once, read when asked for, never copied
 * while a message only passes through.
 */
import { splitList, trim } from '../grammar/chars.ts';
import { type HeaderId, headerIdAt } from './names.ts';

/** Numbers kept for each header line: id, start of name, end of name, start of value, end of line (without CRLF). */
const WIDTH = 5;

/** More header lines than this is taken for an attack, not a message. */
export const MAX_HEADER_LINES = 512;

export class HeaderTable {
  readonly raw: string;
  readonly #places: readonly number[];
  /** Index of the first byte after the empty line. */
  readonly bodyStart: number;
  /** Some line ends otherwise than with CRLF. */
  readonly isTorn: boolean;

  constructor(raw: string, places: readonly number[], bodyStart: number, isTorn = false) {
    this.raw = raw;
    this.#places = places;
    this.bodyStart = bodyStart;
    this.isTorn = isTorn;
  }

  /** How many header lines there are. */
  get size(): number {
    return this.#places.length / WIDTH;
  }

  idAt(line: number): HeaderId {
    return this.#at(line, 0) as HeaderId;
  }

  nameAt(line: number): string {
    return this.raw.slice(this.#at(line, 1), this.#at(line, 2));
  }

  /** Where a whole line begins, and where it ends without its line break. */
  lineStart(line: number): number {
    return this.#at(line, 1);
  }

  lineEnd(line: number): number {
    return this.#at(line, 4);
  }

  valueStart(line: number): number {
    return this.#at(line, 3);
  }

  /** The value of a line, unfolded and trimmed. */
  valueAt(line: number): string {
    const value = trim(this.raw, this.#at(line, 3), this.#at(line, 4));
    if (value.indexOf('\n') < 0) return value;
    // Not by an expression for the blanks: a long row of them that ends in something else costs the square of its length.
    return value
      .split('\n')
      .map((part) => trim(part))
      .join(' ');
  }

  /** The index of the first line with this header at or after `from`, or -1. */
  find(id: HeaderId, from = 0): number {
    const places = this.#places;
    for (let i = from * WIDTH; i < places.length; i += WIDTH) if (places[i] === id) return i / WIDTH;
    return -1;
  }

  first(id: HeaderId): string | undefined {
    const line = this.find(id);
    return line < 0 ? undefined : this.valueAt(line);
  }

  /** The values of all lines with this header, lists split at their commas, in order (RFC 3261 §7.3.1). */
  list(id: HeaderId): string[] {
    const values: string[] = [];
    for (let line = this.find(id); line >= 0; line = this.find(id, line + 1))
      values.push(...splitList(this.valueAt(line)));
    return values;
  }

  /** One value a line: for headers whose values hold commas of their own (Authorization and its like, Date, Subject). */
  lines(id: HeaderId): string[] {
    const values: string[] = [];
    for (let line = this.find(id); line >= 0; line = this.find(id, line + 1)) values.push(this.valueAt(line));
    return values;
  }

  count(id: HeaderId): number {
    let count = 0;
    for (let line = this.find(id); line >= 0; line = this.find(id, line + 1)) count++;
    return count;
  }

  /** The first value of a header by any name, such as `X-Account`. */
  named(name: string): string | undefined {
    const wanted = name.toLowerCase();
    for (let line = 0; line < this.size; line++)
      if (this.nameAt(line).toLowerCase() === wanted) return this.valueAt(line);
    return undefined;
  }

  /** The same headers with `value` (as it shall stand after the colon) in place of one line's value. */
  withValue(line: number, value: string): HeaderTable {
    const from = this.#at(line, 3);
    const to = this.#at(line, 4);
    const shift = value.length - (to - from);
    const places = this.#places.slice();
    places[line * WIDTH + 4] = to + shift;
    for (let i = (line + 1) * WIDTH; i < places.length; i += WIDTH) {
      for (let column = 1; column < WIDTH; column++) places[i + column] = (places[i + column] ?? 0) + shift;
    }
    return new HeaderTable(this.raw.slice(0, from) + value + this.raw.slice(to), places, this.bodyStart + shift);
  }

  #at(line: number, column: number): number {
    const place = this.#places[line * WIDTH + column];
    if (place === undefined) throw new RangeError(`header line ${line} of ${this.size}`);
    return place;
  }
}

/** Why a header section could not be read, and at which byte. */
export interface HeaderFault {
  readonly offset: number;
  readonly reason: string;
}

/**
 * Finds the header lines from `start` to the empty line. Lone line feeds are taken for line breaks. A message that ends
 * without the empty line is read as if it were there: many senders of bodiless datagrams forget it.
 */
export function scanHeaders(raw: string, start: number, maxLines = MAX_HEADER_LINES): HeaderTable | HeaderFault {
  const places: number[] = [];
  let at = start;
  // The next CR: found once for each, so that a message without any is not searched to its end for every line.
  let cr = -1;
  let isTorn = false;
  while (at < raw.length) {
    let next = raw.indexOf('\n', at);
    if (next < 0) next = raw.length;
    const end = next > at && raw.charCodeAt(next - 1) === 13 ? next - 1 : next;
    if (end === next || next === raw.length) isTorn = true;
    if (cr < at) {
      cr = raw.indexOf('\r', at);
      if (cr < 0) cr = raw.length;
    }
    // Some take a lone CR for a line break: what they would read behind it must not pass through us (RFC 3261 §25.1).
    if (cr < end) return { offset: cr, reason: 'a CR that ends no line' };
    if (end === at) return new HeaderTable(raw, places, next + 1, isTorn);
    const first = raw.charCodeAt(at);
    if (first === 32 || first === 9) {
      if (places.length === 0) return { offset: at, reason: 'a folded line before any header' };
      places[places.length - 1] = end;
    } else {
      if (places.length >= maxLines * WIDTH) return { offset: at, reason: 'too many header lines' };
      const colon = raw.indexOf(':', at);
      if (colon < 0 || colon >= end) return { offset: at, reason: 'a header line without a colon' };
      let nameEnd = colon;
      while (nameEnd > at && (raw.charCodeAt(nameEnd - 1) === 32 || raw.charCodeAt(nameEnd - 1) === 9)) nameEnd--;
      if (nameEnd === at) return { offset: at, reason: 'a header without a name' };
      places.push(headerIdAt(raw, at, nameEnd), at, nameEnd, colon + 1, end);
    }
    at = next + 1;
  }
  return new HeaderTable(raw, places, raw.length, isTorn);
}
