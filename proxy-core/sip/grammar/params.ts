/**
 * Parameters of URIs and headers (`;name=value`), read in place: most are never asked for, so none is parsed ahead, and
 * looking for one makes no object and no string but its value. Names are compared without regard to case (RFC 3261 §7.3.1).
 */
import { afterQuoted, afterToken, indexWithin, isWithout, skipSpace, trim, unquote } from './chars.ts';

/** One parameter with its place in the text; `value` is undefined where there is no `=`. */
export interface Param {
  readonly name: string;
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

const SEMICOLON = 59;
const EQUALS = 61;
const QUOTE = 34;

/** Where the parameter that begins with the `;` at `start` ends: at the next `;` outside quotes, or the end of the text. */
function endOf(params: string, start: number, to = params.length): number {
  for (let at = start + 1; at < to; at++) {
    const code = params.charCodeAt(at);
    if (code === SEMICOLON) return at;
    if (code !== QUOTE) continue;
    const after = afterQuoted(params, at);
    if (after < 0) return to;
    at = after - 1;
  }
  return to;
}

/** The first `=` of a parameter outside quotes, or -1. */
function equalsIn(params: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const code = params.charCodeAt(at);
    if (code === EQUALS) return at;
    if (code !== QUOTE) continue;
    const after = afterQuoted(params, at);
    if (after < 0) return -1;
    at = after - 1;
  }
  return -1;
}

export function* eachParam(params: string): Generator<Param> {
  for (let start = params.indexOf(';'); start >= 0 && start < params.length; ) {
    const end = endOf(params, start);
    const equals = equalsIn(params, start, end);
    yield {
      name: trim(params, start + 1, equals < 0 ? end : equals),
      value: equals < 0 ? undefined : trim(params, equals + 1, end),
      start,
      end,
    };
    start = end;
  }
}

/** Whether every name is a token, of the parameters in `text[from, to)`, which begin with a `;` or are empty. */
export function namesAreTokens(text: string, from = 0, to = text.length): boolean {
  // To search for a character costs less than to look at each: values are stepped over where no quotes can hide a ";".
  const plain = isWithout(text, '"', from, to);
  for (let start = from; start < to; ) {
    const name = skipSpace(text, start + 1, to);
    const nameEnd = afterToken(text, name, to);
    if (nameEnd === name) return false;
    const at = skipSpace(text, nameEnd, to);
    if (at === to) return true;
    const code = text.charCodeAt(at);
    if (code === SEMICOLON) start = at;
    else if (code === EQUALS) start = plain ? indexWithin(text, ';', at, to) : endOf(text, at, to);
    else return false;
  }
  return true;
}

/** Where the name of the parameter begins that has this name (lower case), or -1. */
function find(params: string, name: string): number {
  for (let start = params.indexOf(';'); start >= 0 && start < params.length; start = endOf(params, start)) {
    const at = skipSpace(params, start + 1);
    if (isName(params, at, name)) return start;
  }
  return -1;
}

function isName(params: string, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const got = params.charCodeAt(from + i);
    const wanted = name.charCodeAt(i);
    if (got !== wanted && !(wanted >= 97 && wanted <= 122 && (got | 32) === wanted)) return false;
  }
  const next = skipSpace(params, from + name.length);
  return next >= params.length || params.charCodeAt(next) === SEMICOLON || params.charCodeAt(next) === EQUALS;
}

/**
 * The value of the first parameter written just so, such as `;tag=`: what is asked of each message, found without a look at
 * the others. Undefined does not say that there is none: ask `getParam`.
 */
export function plainParam(params: string, written: string): string | undefined {
  const at = params.indexOf(written);
  if (at < 0 || params.indexOf('"') >= 0) return undefined;
  const start = at + written.length;
  return trim(params, start, indexWithin(params, ';', start, params.length));
}

/** The value without quotes; an empty string for a parameter without a value; undefined where there is none. */
export function getParam(params: string, name: string): string | undefined {
  if (params === '') return undefined;
  const start = find(params, name.toLowerCase());
  if (start < 0) return undefined;
  const end = endOf(params, start);
  const equals = params.indexOf('=', start);
  return equals < 0 || equals >= end ? '' : unquote(trim(params, equals + 1, end));
}

export const hasParam = (params: string, name: string): boolean =>
  params !== '' && find(params, name.toLowerCase()) >= 0;

export function withoutParam(params: string, name: string): string {
  const start = find(params, name.toLowerCase());
  return start < 0 ? params : params.slice(0, start) + params.slice(endOf(params, start));
}

/** Sets a parameter in its place or at the end; `value` is written as given (quote it first where it needs quotes). */
export function withParam(params: string, name: string, value?: string): string {
  const text = value === undefined ? `;${name}` : `;${name}=${value}`;
  const start = find(params, name.toLowerCase());
  return start < 0 ? params + text : params.slice(0, start) + text + params.slice(endOf(params, start));
}
