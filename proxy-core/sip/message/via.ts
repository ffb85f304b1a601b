/** One Via value (RFC 3261 §20.42, §18.2; RFC 3581 rport). */
import { afterToken, beforeSpace, hasBlank, indexWithin, isToken, skipSpace, trim } from '../grammar/chars.ts';
import { getParam, hasParam, namesAreTokens, plainParam, withParam } from '../grammar/params.ts';
import { fail, ok, type Result } from '../grammar/result.ts';
import { hostPort, isAddress, parseHostPort } from '../grammar/uri.ts';

/** Every branch made by RFC 3261 begins so (§8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

export class Via {
  /** Upper case, such as `UDP`. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  /** With the leading `;`, or empty. */
  readonly params: string;
  #branch: string | undefined;

  constructor(transport: string, host: string, port: number | undefined, params: string) {
    this.transport = transport;
    this.host = host;
    this.port = port;
    this.params = params;
  }

  get branch(): string {
    this.#branch ??= plainParam(this.params, ';branch=') ?? getParam(this.params, 'branch') ?? '';
    return this.#branch;
  }

  get received(): string | undefined {
    return getParam(this.params, 'received');
  }

  /** The address that a response goes to where the Via alone tells (§18.2.2), without brackets; undefined for a name. */
  get address(): string | undefined {
    const host = (this.received ?? this.host).replace(/^\[|\]$/g, '');
    return isAddress(host) ? host : undefined;
  }

  /** The host where it is a name and no address. */
  get name(): string | undefined {
    return isAddress(this.host.replace(/^\[|\]$/g, '')) ? undefined : this.host;
  }

  /** An empty string when the sender asks for it, digits when it is filled in. */
  get rport(): string | undefined {
    return getParam(this.params, 'rport');
  }

  /** `host:port` as the sender wrote it; the key of §17.2.3. */
  get sentBy(): string {
    return hostPort(this.host, this.port);
  }

  has(name: string): boolean {
    return hasParam(this.params, name);
  }

  withParam(name: string, value?: string): Via {
    return new Via(this.transport, this.host, this.port, withParam(this.params, name, value));
  }

  toString(): string {
    return `SIP/2.0/${this.transport} ${this.sentBy}${this.params}`;
  }
}

const PROTOCOL = 'SIP/2.0/';
const SLASHES = /^SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*([^ \t\r\n/]+)[ \t\r\n]+/i;

/** Reads the one Via value in `text[from, to)`. */
export function parseVia(text: string, from = 0, to = text.length): Result<Via> {
  let transport: string;
  let at: number;
  const name = from + PROTOCOL.length;
  const nameEnd = text.startsWith(PROTOCOL, from) ? afterToken(text, name, to) : name;
  if (nameEnd > name && text.charCodeAt(nameEnd) === 32) {
    transport = transportAt(text, name, nameEnd);
    at = nameEnd;
  } else {
    const match = SLASHES.exec(text.slice(from, to));
    if (match?.[1] === undefined) return fail('a malformed protocol in Via');
    transport = match[1].toUpperCase();
    at = from + match[0].length;
    if (!isToken(transport)) return fail('a malformed transport in Via');
  }
  const start = skipSpace(text, at, to);
  const end = indexWithin(text, ';', start, to);
  const address = parseSentBy(text, start, beforeSpace(text, start, end));
  if (!address.ok) return fail(`${address.error} in Via`);
  if (!namesAreTokens(text, end, to)) return fail('malformed parameters in Via');
  return ok(new Via(transport, address.value.host, address.value.port, text.slice(end, to)));
}

function transportAt(text: string, from: number, to: number): string {
  return to - from === 3 && text.startsWith('UDP', from) ? 'UDP' : text.slice(from, to).toUpperCase();
}

/** White space may stand around the colon of sent-by (RFC 3261 §25.1, COLON). */
function parseSentBy(text: string, from: number, to: number): ReturnType<typeof parseHostPort> {
  const plain = parseHostPort(text, from, to);
  if (plain.ok || !hasBlank(text, from, to)) return plain;
  // Not by an expression for the blanks: a long row of them before anything but a colon costs the square of its length.
  const parts = text.slice(from, to).split(':');
  return parseHostPort(parts.map((part) => trim(part)).join(':'));
}
