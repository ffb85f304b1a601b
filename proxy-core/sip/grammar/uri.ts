/** SIP, SIPS and other URIs (RFC 3261 §19.1, §25.1): read, written and compared. */
import { afterUriParam, escapesAreWhole, indexWithin, isHostName, isUserPart, parseNumber } from './chars.ts';
import { eachParam, getParam, hasParam, withoutParam, withParam } from './params.ts';
import { fail, ok, type Result } from './result.ts';

export interface UriParts {
  readonly scheme: string;
  /** Escapes are kept as written; empty when the URI has no user. For `tel:` and others all that follows the scheme. */
  readonly user: string;
  readonly password?: string | undefined;
  /** As written; IPv6 in brackets. Empty for schemes other than sip and sips. */
  readonly host: string;
  readonly port?: number | undefined;
  /** With the leading `;`, or empty. */
  readonly params: string;
  /** With the leading `?`, or empty. */
  readonly headers: string;
}

/** An immutable URI. */
export class SipUri implements UriParts {
  readonly scheme: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: string;
  readonly headers: string;

  constructor(parts: UriParts) {
    this.scheme = parts.scheme;
    this.user = parts.user;
    this.password = parts.password;
    this.host = parts.host;
    this.port = parts.port;
    this.params = parts.params;
    this.headers = parts.headers;
  }

  get isSip(): boolean {
    return this.scheme === 'sip' || this.scheme === 'sips';
  }

  /** The user with escapes decoded, as a binary string. */
  get userDecoded(): string {
    return unescapeUri(this.user);
  }

  param(name: string): string | undefined {
    return getParam(this.params, name);
  }

  has(name: string): boolean {
    return hasParam(this.params, name);
  }

  with(parts: Partial<UriParts>): SipUri {
    return new SipUri({ ...this, ...parts });
  }

  withParam(name: string, value?: string): SipUri {
    return this.with({ params: withParam(this.params, name, value) });
  }

  withoutParam(name: string): SipUri {
    return this.with({ params: withoutParam(this.params, name) });
  }

  toString(): string {
    if (!this.isSip) return `${this.scheme}:${this.user}${this.params}${this.headers}`;
    const password = this.password === undefined ? '' : `:${this.password}`;
    const user = this.user === '' ? '' : `${this.user}${password}@`;
    return `${this.scheme}:${user}${hostPort(this.host, this.port)}${this.params}${this.headers}`;
  }
}

export const hostPort = (host: string, port: number | undefined): string =>
  port === undefined ? host : `${host}:${port}`;

/** Decodes `%xx`; a torn escape stays as it is. */
export const unescapeUri = (text: string): string =>
  text.indexOf('%') < 0
    ? text
    : text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Escapes what may not stand in a user part (RFC 3261 §25.1). `user` is a binary string. */
export const escapeUser = (user: string): string =>
  user.replace(
    /[^-_.!~*'()&=+$,;?/A-Za-z0-9]/g,
    (char) => `%${(char.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`,
  );

const IPV4_TAIL = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** As RFC 3986 and RFC 5954 have it: eight groups, or fewer about one "::"; the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  let count = groups.length;
  for (const [i, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) continue;
    // The address ends with it, not with "::".
    if (i < groups.length - 1 || text.endsWith(':') || !IPV4_TAIL.test(group)) return false;
    count++;
  }
  return halves.length === 2 ? count < 8 : count === 8;
}

/** Whether `host` (IPv6 without brackets) is an address and no name. */
export const isAddress = (host: string): boolean => (host.includes(':') ? isIpv6(host) : IPV4_TAIL.test(host));

/** The third colon is a slip in the grammar of RFC 3261; it is to be read as if there were two (RFC 5118 §4.10). */
const THREE_COLONS = /:::(?=\d+\.[\d.]+$)/;

/**
 * Reads `host`, `host:port`, `[v6]` or `[v6]:port` in `text` from `from` to `to`. The host is as written, but for a
 * colon too many.
 */
export function parseHostPort(
  text: string,
  from = 0,
  to = text.length,
): Result<{ host: string; port: number | undefined }> {
  let hostEnd: number;
  let host: string | undefined;
  if (text.charCodeAt(from) === 91) {
    hostEnd = text.indexOf(']', from) + 1;
    if (hostEnd === 0 || hostEnd > to) return fail('an IPv6 address without its closing bracket');
    const address = text.slice(from + 1, hostEnd - 1).replace(THREE_COLONS, '::');
    if (!isIpv6(address)) return fail('a malformed IPv6 address');
    host = `[${address}]`;
  } else {
    hostEnd = text.indexOf(':', from);
    if (hostEnd < 0 || hostEnd > to) hostEnd = to;
    if (!isHostName(text, from, hostEnd)) return fail('a malformed host');
  }
  host ??= text.slice(from, hostEnd);
  if (hostEnd === to) return ok({ host, port: undefined });
  if (text.charCodeAt(hostEnd) !== 58) return fail('unexpected text after the host');
  const port = parseNumber(text, 65_535, hostEnd + 1, to);
  return port === undefined ? fail('a malformed port') : ok({ host, port });
}

/** What ends a URI in a header, so that it cannot stand in one. User, host and parameters allow none of it anyway. */
const FORBIDDEN = /[\s<>"]/;
const FORBIDDEN_FAULT = 'a URI with white space, quotes or angle brackets';

/** Reads the URI in `text[from, to)`. Other schemes than sip and sips are kept whole: the caller decides about them. */
export function parseUri(text: string, from = 0, to = text.length): Result<SipUri> {
  const colon = text.indexOf(':', from);
  if (colon <= from || colon >= to) return fail('a URI without a scheme');
  const scheme = colon - from === 3 && text.startsWith('sip', from) ? 'sip' : text.slice(from, colon).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return parseOther(scheme, text.slice(from, to), colon - from);
  // "@" cannot stand unescaped in a user, password, parameter or host, but may stand in the headers.
  const firstAt = indexWithin(text, '@', colon, to);
  // A "?" begins the headers only after the host: the user part may hold one too (§25.1, user-unreserved).
  const question = indexWithin(text, '?', firstAt === to ? colon : firstAt, to);
  const isLast = indexWithin(text, '@', firstAt + 1, question) === question;
  const at = firstAt >= question ? -1 : isLast ? firstAt : text.lastIndexOf('@', question - 1);
  let user = '';
  let password: string | undefined;
  if (at > colon) {
    const pass = text.indexOf(':', colon + 1);
    const hasPassword = pass > 0 && pass < at;
    const userEnd = hasPassword ? pass : at;
    if (!isUserPart(text, colon + 1, userEnd)) return fail('a malformed user part');
    user = text.slice(colon + 1, userEnd);
    if (hasPassword) {
      password = text.slice(pass + 1, at);
      if (FORBIDDEN.test(password)) return fail(FORBIDDEN_FAULT);
      if (!escapesAreWhole(password)) return fail('a malformed password part');
    }
  }
  const hostStart = at > colon ? at + 1 : colon + 1;
  let paramStart = text.indexOf(';', hostStart);
  if (paramStart < 0 || paramStart > question) paramStart = question;
  const address = parseHostPort(text, hostStart, paramStart);
  if (!address.ok) return address;
  if (!paramsAreWhole(text, paramStart, question)) return fail('malformed URI parameters');
  const headers = text.slice(question, to);
  if (headers !== '' && FORBIDDEN.test(headers)) return fail(FORBIDDEN_FAULT);
  const { host, port } = address.value;
  return ok(new SipUri({ scheme, user, password, host, port, params: text.slice(paramStart, question), headers }));
}

function parseOther(scheme: string, text: string, colon: number): Result<SipUri> {
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) return fail('a malformed URI scheme');
  if (FORBIDDEN.test(text)) return fail(FORBIDDEN_FAULT);
  if (colon + 1 === text.length) return fail('a URI without content');
  const semi = text.indexOf(';', colon);
  const end = semi < 0 ? text.length : semi;
  return ok(new SipUri({ scheme, user: text.slice(colon + 1, end), host: '', params: text.slice(end), headers: '' }));
}

function paramsAreWhole(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; ) {
    const name = at + 1;
    at = afterUriParam(text, name, to);
    if (at === name) return false;
    if (at < to && text.charCodeAt(at) === 61) at = afterUriParam(text, at + 1, to);
    if (at < to && text.charCodeAt(at) !== 59) return false;
  }
  return escapesAreWhole(text, from, to);
}

/** Parameters that make two URIs differ when only one of them has it (RFC 3261 §19.1.4). */
const MUST_MATCH = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** Whether two URIs are equivalent by RFC 3261 §19.1.4. */
export function sameUri(a: SipUri, b: SipUri): boolean {
  if (a.scheme !== b.scheme || a.host.toLowerCase() !== b.host.toLowerCase() || a.port !== b.port) return false;
  if (unescapeUri(a.user) !== unescapeUri(b.user)) return false;
  if (unescapeUri(a.password ?? '') !== unescapeUri(b.password ?? '')) return false;
  if (a.params !== b.params) {
    for (const name of MUST_MATCH) if (a.has(name) !== b.has(name)) return false;
    for (const { name, value } of eachParam(a.params)) {
      const other = b.param(name);
      if (other !== undefined && unescapeUri(other).toLowerCase() !== unescapeUri(value ?? '').toLowerCase()) {
        return false;
      }
    }
  }
  return a.headers === b.headers || sameHeaders(a.headers, b.headers);
}

function sameHeaders(a: string, b: string): boolean {
  const normal = (text: string): string =>
    text
      .slice(1)
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=');
        return `${pair.slice(0, equals).toLowerCase()}=${unescapeUri(pair.slice(equals + 1))}`;
      })
      .sort()
      .join('&');
  return normal(a) === normal(b);
}
