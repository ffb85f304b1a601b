/** SIP, SIPS and other URIs (RFC 3261 §19.1, §25.1): read, written and compared. */
import { escapesAreWhole, isHostName, isUserPart, parseNumber } from './chars.ts';
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

/** Reads `host`, `host:port`, `[v6]` or `[v6]:port` in `text` from `from` to `to`. */
export function parseHostPort(
  text: string,
  from = 0,
  to = text.length,
): Result<{ host: string; port: number | undefined }> {
  let hostEnd: number;
  if (text.charCodeAt(from) === 91) {
    hostEnd = text.indexOf(']', from) + 1;
    if (hostEnd === 0 || hostEnd > to) return fail('an IPv6 address without its closing bracket');
    if (!isIpv6(text.slice(from + 1, hostEnd - 1))) return fail('a malformed IPv6 address');
  } else {
    hostEnd = text.indexOf(':', from);
    if (hostEnd < 0 || hostEnd > to) hostEnd = to;
    if (!isHostName(text.slice(from, hostEnd))) return fail('a malformed host');
  }
  const host = text.slice(from, hostEnd);
  if (hostEnd === to) return ok({ host, port: undefined });
  if (text.charCodeAt(hostEnd) !== 58) return fail('unexpected text after the host');
  const port = parseNumber(text.slice(hostEnd + 1, to), 65_535);
  return port === undefined ? fail('a malformed port') : ok({ host, port });
}

/** Reads a URI. Other schemes than sip and sips are kept whole: the caller decides what to do with them. */
export function parseUri(text: string): Result<SipUri> {
  const colon = text.indexOf(':');
  if (colon <= 0) return fail('a URI without a scheme');
  const scheme = text.slice(0, colon).toLowerCase();
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) return fail('a malformed URI scheme');
  if (/[\s<>"]/.test(text)) return fail('a URI with white space, quotes or angle brackets');
  if (scheme !== 'sip' && scheme !== 'sips') {
    if (colon + 1 === text.length) return fail('a URI without content');
    const semi = text.indexOf(';', colon);
    const end = semi < 0 ? text.length : semi;
    return ok(new SipUri({ scheme, user: text.slice(colon + 1, end), host: '', params: text.slice(end), headers: '' }));
  }
  // "@" cannot stand unescaped in a user, password, parameter or host, but may stand in the headers.
  const question = headersStart(text, colon + 1);
  const at = text.lastIndexOf('@', question - 1);
  let user = '';
  let password: string | undefined;
  if (at > colon) {
    const pass = text.indexOf(':', colon + 1);
    if (pass > 0 && pass < at) password = text.slice(pass + 1, at);
    user = text.slice(colon + 1, password === undefined ? at : pass);
    if (!isUserPart(user)) return fail('a malformed user part');
    if (password !== undefined && !escapesAreWhole(password)) return fail('a malformed password part');
  }
  const hostStart = at > colon ? at + 1 : colon + 1;
  let paramStart = text.indexOf(';', hostStart);
  if (paramStart < 0 || paramStart > question) paramStart = question;
  const address = parseHostPort(text, hostStart, paramStart);
  if (!address.ok) return address;
  const params = text.slice(paramStart, question);
  if (params !== '' && !paramsAreWhole(params)) return fail('malformed URI parameters');
  return ok(
    new SipUri({
      scheme,
      user,
      password,
      host: address.value.host,
      port: address.value.port,
      params,
      headers: text.slice(question),
    }),
  );
}

/** A "?" begins the headers only after the host: the user part may hold one too (RFC 3261 §25.1, user-unreserved). */
function headersStart(text: string, from: number): number {
  const at = text.indexOf('@', from);
  const question = text.indexOf('?', at < 0 ? from : at);
  if (question >= 0) return question;
  return text.length;
}

function paramsAreWhole(params: string): boolean {
  for (const { name, value } of eachParam(params)) {
    if (!/^[-\w.!~*'()[\]/:&+$%]+$/.test(name) || (value !== undefined && !/^[-\w.!~*'()[\]/:&+$%]*$/.test(value))) {
      return false;
    }
  }
  return escapesAreWhole(params);
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
