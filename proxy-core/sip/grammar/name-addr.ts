/** `name-addr` and `addr-spec` with header parameters: From, To, Contact, Route and their like (RFC 3261 §20.10, §25.1). */
import { afterQuoted, afterToken, beforeSpace, quote, skipSpace, trim, unquote } from './chars.ts';
import { getParam, hasParam, namesAreTokens, plainParam, withoutParam, withParam } from './params.ts';
import { fail, ok, type Result } from './result.ts';
import { parseUri, type SipUri } from './uri.ts';

/** An address as it stands in a header. The URI is parsed when it is first asked for. */
export class NameAddr {
  /** As written, quotes included; empty when there is none. */
  readonly displayRaw: string;
  readonly uriText: string;
  /** Header parameters with the leading `;`, or empty. */
  readonly params: string;
  #uri: Result<SipUri> | undefined;
  /** Null until it was looked for. */
  #tag: string | undefined | null = null;

  constructor(displayRaw: string, uriText: string, params: string) {
    this.displayRaw = displayRaw;
    this.uriText = uriText;
    this.params = params;
  }

  /** The display name without quotes, as a binary string (UTF-8 bytes). */
  get display(): string {
    return unquote(this.displayRaw);
  }

  get uri(): Result<SipUri> {
    this.#uri ??= parseUri(this.uriText);
    return this.#uri;
  }

  get tag(): string | undefined {
    if (this.#tag === null) this.#tag = plainParam(this.params, ';tag=') ?? getParam(this.params, 'tag');
    return this.#tag;
  }

  param(name: string): string | undefined {
    return getParam(this.params, name);
  }

  has(name: string): boolean {
    return hasParam(this.params, name);
  }

  withParam(name: string, value?: string): NameAddr {
    return new NameAddr(this.displayRaw, this.uriText, withParam(this.params, name, value));
  }

  withoutParam(name: string): NameAddr {
    return new NameAddr(this.displayRaw, this.uriText, withoutParam(this.params, name));
  }

  toString(): string {
    const display = this.displayRaw === '' ? '' : `${this.displayRaw} `;
    return `${display}<${this.uriText}>${this.params}`;
  }
}

/** An address to write. `display` is a binary string and is quoted as needed; line breaks in it become spaces. */
export function nameAddr(uri: SipUri | string, display = '', params = ''): NameAddr {
  return new NameAddr(display === '' ? '' : quote(display.replace(/[\r\n]+/g, ' ')), uri.toString(), params);
}

/**
 * Reads the one address in `text[from, to)`. Without angle brackets everything after the first `;` belongs to the header,
 * and a URI with `,` or `?` is refused (RFC 3261 §20).
 */
export function parseNameAddr(text: string, from = 0, to = text.length): Result<NameAddr> {
  const start = skipSpace(text, from, to);
  const end = beforeSpace(text, start, to);
  let open = text.indexOf('<', start);
  if (open >= end) open = -1;
  let display = '';
  if (text.charCodeAt(start) === 34) {
    const quoted = afterQuoted(text, start);
    if (quoted < 0 || quoted > end) return fail('a display name whose quotes never close');
    open = text.indexOf('<', quoted);
    if (open < 0 || open >= end || skipSpace(text, quoted, open) !== open) {
      return fail('a display name without an address in angle brackets');
    }
    display = text.slice(start, quoted);
  } else if (open > start) {
    display = trim(text, start, open);
    if (!isTokens(display)) return fail('a display name that needs quotes');
  }
  if (open < 0) return withoutBrackets(text.slice(start, end));
  const close = text.indexOf('>', open);
  if (close < 0 || close >= end) return fail('an address whose angle bracket never closes');
  const uri = trim(text, open + 1, close);
  if (uri === '') return fail('an empty address');
  const params = skipSpace(text, close + 1, end);
  if (params < end && text.charCodeAt(params) !== 59) return fail('unexpected text after the address');
  if (!namesAreTokens(text, params, end)) return fail('malformed header parameters');
  return ok(new NameAddr(display, uri, text.slice(params, end)));
}

function withoutBrackets(text: string): Result<NameAddr> {
  const semi = text.indexOf(';');
  const end = semi < 0 ? text.length : semi;
  const uri = trim(text, 0, end);
  if (uri === '' || /[,?>]/.test(uri)) return fail('an address that needs angle brackets');
  if (!namesAreTokens(text, end)) return fail('malformed header parameters');
  return ok(new NameAddr('', uri, text.slice(end)));
}

/** Whether the text is one token or several with blanks between them. */
function isTokens(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    const end = afterToken(text, at);
    if (end === at) return false;
    at = skipSpace(text, end);
  }
  return true;
}
