/** `name-addr` and `addr-spec` with header parameters: From, To, Contact, Route and their like (RFC 3261 §20.10, §25.1). */
import { afterQuoted, isToken, quote, trim, unquote } from './chars.ts';
import { getParam, hasParam, namesAreTokens, withoutParam, withParam } from './params.ts';
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
    return getParam(this.params, 'tag');
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
 * Reads one address. Without angle brackets everything after the first `;` belongs to the header, and a URI with `,`
 * or `?` is refused (RFC 3261 §20).
 */
export function parseNameAddr(text: string): Result<NameAddr> {
  const value = trim(text);
  let open: number;
  let display = '';
  if (value.charCodeAt(0) === 34) {
    const end = afterQuoted(value, 0);
    if (end < 0) return fail('a display name whose quotes never close');
    open = value.indexOf('<', end);
    if (open < 0 || trim(value, end, open) !== '') return fail('a display name without an address in angle brackets');
    display = value.slice(0, end);
  } else {
    open = value.indexOf('<');
    if (open > 0) {
      display = trim(value, 0, open);
      for (const word of display.split(/[ \t\r\n]+/)) {
        if (!isToken(word)) return fail('a display name that needs quotes');
      }
    }
  }
  if (open < 0) {
    const semi = value.indexOf(';');
    const uri = trim(value, 0, semi < 0 ? value.length : semi);
    if (uri === '' || /[,?>]/.test(uri)) return fail('an address that needs angle brackets');
    return withParams(display, uri, semi < 0 ? '' : value.slice(semi));
  }
  const close = value.indexOf('>', open);
  if (close < 0) return fail('an address whose angle bracket never closes');
  const uri = trim(value, open + 1, close);
  if (uri === '') return fail('an empty address');
  return withParams(display, uri, trim(value, close + 1));
}

function withParams(display: string, uri: string, params: string): Result<NameAddr> {
  if (params !== '') {
    if (params.charCodeAt(0) !== 59) return fail('unexpected text after the address');
    if (!namesAreTokens(params)) return fail('malformed header parameters');
  }
  return ok(new NameAddr(display, uri, params));
}
