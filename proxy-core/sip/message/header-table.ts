/**
 * The headers of one message as places in its text (RFC 3261 §7.3): found once, read when asked for, never copied
 * while a message only passes through.
 */
import { beforeSpace, skipSpace, splitList, trim } from '../grammar/chars.ts';
import { H, type HeaderId, headerIdAt, usualHeaderAt } from './names.ts';

/** Numbers kept for each header line: id, start of name, place of the colon, end of line (without CRLF). */
const WIDTH = 4;
const START = 1;
const COLON = 2;
const END = 3;

/** More header lines than this is taken for an attack, not a message. */
export const MAX_HEADER_LINES = 512;

/** Headers that may stand only once (RFC 3261 §7.3.1): two of them contradict each other. */
const SINGLE: readonly HeaderId[] = [H.From, H.To, H.CallId, H.CSeq, H.MaxForwards, H.ContentLength];
const bitOf = (id: HeaderId): number => 1 << (id & 31);
const SINGLE_BITS = SINGLE.reduce<number>((bits, id) => bits | bitOf(id), 0);

/** Which headers there are, one bit each up to 31 and two to a bit above, so that what is absent is not looked for. */
interface Present {
  readonly low: number;
  readonly high: number;
  /** A header that stands twice and may not. */
  readonly doubled: HeaderId | undefined;
  /** Whether any line goes on in the next. */
  readonly folded: boolean;
  /** Whether any line ends otherwise than with CRLF. */
  readonly isTorn: boolean;
}

export class HeaderTable {
  readonly raw: string;
  readonly #places: readonly number[];
  readonly #present: Present;
  /** Index of the first byte after the empty line. */
  readonly bodyStart: number;

  constructor(raw: string, places: readonly number[], present: Present, bodyStart: number) {
    this.raw = raw;
    this.#places = places;
    this.#present = present;
    this.bodyStart = bodyStart;
  }

  /** How many header lines there are. */
  get size(): number {
    return this.#places.length / WIDTH;
  }

  /** A header that stands twice though it may stand only once; the first such one. */
  get doubled(): HeaderId | undefined {
    return this.#present.doubled;
  }

  /** Some line ends otherwise than with CRLF. */
  get isTorn(): boolean {
    return this.#present.isTorn;
  }

  idAt(line: number): HeaderId {
    return this.#at(line, 0) as HeaderId;
  }

  nameAt(line: number): string {
    return this.raw.slice(this.#at(line, START), nameEnd(this.raw, this.#at(line, START), this.#at(line, COLON)));
  }

  /** Where a whole line begins, and where it ends without its line break. */
  lineStart(line: number): number {
    return this.#at(line, START);
  }

  lineEnd(line: number): number {
    return this.#at(line, END);
  }

  /**
   * The text in which the value of a line stands from `valueStart` to `valueEnd`, blanks taken away: the message itself,
   * so that what reads it makes no copy, or where the line is folded one of its own.
   */
  textFor(line: number): string {
    return this.#isFolded(line) ? this.valueAt(line) : this.raw;
  }

  valueStart(line: number): number {
    return this.#isFolded(line) ? 0 : skipSpace(this.raw, this.#at(line, COLON) + 1, this.#at(line, END));
  }

  valueEnd(line: number): number {
    if (this.#isFolded(line)) return this.valueAt(line).length;
    return beforeSpace(this.raw, this.#at(line, COLON) + 1, this.#at(line, END));
  }

  /** The value of a line, unfolded and trimmed. */
  valueAt(line: number): string {
    const value = trim(this.raw, this.#at(line, COLON) + 1, this.#at(line, END));
    if (!this.#isFolded(line)) return value;
    // Not by an expression for the blanks: a long row of them that ends in something else costs the square of its length.
    return value
      .split('\n')
      .map((part) => trim(part))
      .join(' ');
  }

  /** The index of the first line with this header at or after `from`, or -1. */
  find(id: HeaderId, from = 0): number {
    const { low, high } = this.#present;
    if (((id < 32 ? low : high) & bitOf(id)) === 0) return -1;
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

  /** The same headers with `text` in place of the `length` bytes at `from`, which stand within the value of `line`. */
  withText(line: number, from: number, length: number, text: string): HeaderTable {
    const shift = text.length - length;
    const places = this.#places.slice();
    places[line * WIDTH + END] = this.#at(line, END) + shift;
    for (let i = (line + 1) * WIDTH; i < places.length; i += WIDTH) {
      for (let column = START; column < WIDTH; column++) places[i + column] = (places[i + column] ?? 0) + shift;
    }
    const raw = this.raw.slice(0, from) + text + this.raw.slice(from + length);
    return new HeaderTable(raw, places, this.#present, this.bodyStart + shift);
  }

  /** The same headers with another value for one line. */
  withValue(line: number, value: string): HeaderTable {
    const from = this.#at(line, COLON) + 1;
    return this.withText(line, from, this.#at(line, END) - from, ` ${value}`);
  }

  #isFolded(line: number): boolean {
    if (!this.#present.folded) return false;
    const lineFeed = this.raw.indexOf('\n', this.#at(line, COLON));
    return lineFeed >= 0 && lineFeed < this.#at(line, END);
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

/** Filled anew for each message and copied out at its true length: cheaper than an array that grows. */
const found: number[] = [];

/**
 * Finds the header lines from `start` to the empty line. Lone line feeds are taken for line breaks. A message that ends
 * without the empty line is read as if it were there: many senders of bodiless datagrams forget it.
 */
export function scanHeaders(raw: string, start: number, maxLines = MAX_HEADER_LINES): HeaderTable | HeaderFault {
  const { length } = raw;
  let count = 0;
  let low = 0;
  let high = 0;
  let doubled: HeaderId | undefined;
  let folded = false;
  let bodyStart = length;
  // The next CR: found once for each, so that a message without any is not searched to its end for every line.
  let cr = -1;
  let isTorn = false;
  for (let at = start; at < length; ) {
    let next = raw.indexOf('\n', at);
    if (next < 0) next = length;
    const end = next > at && raw.charCodeAt(next - 1) === 13 ? next - 1 : next;
    if (end === next || next === length) isTorn = true;
    if (cr < at) {
      cr = raw.indexOf('\r', at);
      if (cr < 0) cr = length;
    }
    // Some take a lone CR for a line break: what they would read behind it must not pass through us (RFC 3261 §25.1).
    if (cr < end) return { offset: cr, reason: 'a CR that ends no line' };
    if (end === at) {
      bodyStart = next + 1;
      break;
    }
    const first = raw.charCodeAt(at);
    if (first === 32 || first === 9) {
      if (count === 0) return { offset: at, reason: 'a folded line before any header' };
      found[count - 1] = end;
      folded = true;
    } else {
      if (count >= maxLines * WIDTH) return { offset: at, reason: 'too many header lines' };
      let id: HeaderId;
      let colon: number;
      const known = usualHeaderAt(raw, at);
      if (known !== undefined) {
        id = known.id;
        colon = at + known.colon;
      } else {
        colon = raw.indexOf(':', at);
        if (colon < 0 || colon >= end) return { offset: at, reason: 'a header line without a colon' };
        const last = nameEnd(raw, at, colon);
        if (last === at) return { offset: at, reason: 'a header without a name' };
        id = headerIdAt(raw, at, last);
      }
      const bit = bitOf(id);
      if (id >= 32) high |= bit;
      else {
        if ((low & bit & SINGLE_BITS) !== 0) doubled ??= id;
        low |= bit;
      }
      found[count] = id;
      found[count + START] = at;
      found[count + COLON] = colon;
      found[count + END] = end;
      count += WIDTH;
    }
    at = next + 1;
  }
  return new HeaderTable(raw, found.slice(0, count), { low, high, doubled, folded, isTorn }, bodyStart);
}

/** Blanks may stand between a name and its colon (§25.1, HCOLON). */
function nameEnd(raw: string, start: number, colon: number): number {
  let end = colon;
  while (end > start && (raw.charCodeAt(end - 1) === 32 || raw.charCodeAt(end - 1) === 9)) end--;
  return end;
}
