/**
 * Takes secrets out of a message before it leaves the exchange's memory: what proves a password (RFC 7616, RFC 3310), keys
 * of media (RFC 4568, RFC 3830, RFC 8839), passwords in URIs, and what people write or type to each other. Every byte that
 * goes is replaced by one `*`, so that lengths, line numbers and TCP sequence numbers stay true.
 */

export interface MaskOptions {
  /** Leaves what MESSAGE and INFO carry readable: texts of people, digits that they typed. Never the rest. */
  readonly showsBodies?: boolean;
}

/** Up to a line feed that no blank follows: whoever writes lone CRs must not hide anything behind them. */
const CREDENTIALS = /^((?:(?:proxy-)?authorization|authentication-info)[ \t]*:[ \t]*)((?:[^\n]|\n[ \t])*)/gim;
const PROOF = /\b((?:response|nonce|nextnonce|cnonce|rspauth|auts)[ \t\r\n]*=[ \t\r\n]*)("[^"]*"?|[^\s,;"]+)/gi;
/** The same where a message is too spoilt to have a header of that name. */
const STRAY_PROOF = /\b((?:response|cnonce|rspauth)[ \t]*=[ \t]*"?)([\w+/=*-]{8,})/gi;
const KEY_LINE = /^(?:a=(?:crypto|key-mgmt|ice-pwd):|k=)[^\n]*/gim;
const URI_PASSWORD = /\b(sips?:[^\s:@;?<>"]*:)([\w\-.!~*'()%&=+$,]+)(?=@)/gi;
/** Headers that a URI brings along (RFC 3261 §19.1.1). */
const URI_CREDENTIALS = /([?&](?:proxy-)?authorization=)([^&>\s]*)/gi;
const PRIVATE = /^cseq[ \t]*:[ \t\r\n]*\d*[ \t\r\n]+(?:message|info)\b/im;
const PRIVATE_START = /^(?:message|info) /i;
const ENCODED = /^(?:content-encoding|e)[ \t]*:[ \t]*(?!identity)[^\s]/im;
const END_OF_HEADERS = /\r?\n\r?\n/;

const stars = (text: string): string => '*'.repeat(text.length);

/** @param wire a binary string. @returns one of the same length. */
export function masked(wire: string, { showsBodies = false }: MaskOptions = {}): string {
  const end = END_OF_HEADERS.exec(wire);
  const bodyStart = end === null ? wire.length : end.index + end[0].length;
  const head = wire.slice(0, bodyStart);
  const isPrivate = PRIVATE_START.test(head) || PRIVATE.test(head);
  const hidesBody = (isPrivate && !showsBodies) || ENCODED.test(head);
  return withoutSecrets(head) + (hidesBody ? stars(wire.slice(bodyStart)) : withoutSecrets(wire.slice(bodyStart)));
}

function withoutSecrets(text: string): string {
  const plain = text
    .replace(CREDENTIALS, (_line, name: string, value: string) => name + maskedCredentials(value))
    .replace(STRAY_PROOF, (_param, name: string, value: string) => name + stars(value))
    .replace(KEY_LINE, maskedKey);
  return withoutUriSecrets(plain);
}

/** A piece of a message, such as a URI, without what only its owner should know. @returns as many bytes. */
export const withoutUriSecrets = (text: string): string =>
  text
    .replace(URI_PASSWORD, (_uri, before: string, password: string) => before + stars(password))
    .replace(URI_CREDENTIALS, (_uri, before: string, value: string) => before + stars(value));

/** Of a digest the user, the realm and the way of hashing may be seen; of another scheme nothing is known. */
function maskedCredentials(value: string): string {
  if (/^(?:digest\b|(?:next)?nonce|qop|rspauth|cnonce|nc\b)/i.test(value)) {
    return value.replace(PROOF, (_param, name: string, secret: string) => {
      const isQuoted = secret.startsWith('"');
      if (!isQuoted) return name + stars(secret);
      const isClosed = secret.length > 1 && secret.endsWith('"');
      const length = secret.length - (isClosed ? 2 : 1);
      return `${name}"${'*'.repeat(length)}${isClosed ? '"' : ''}`;
    });
  }
  const space = value.search(/\s/);
  return space < 0 ? stars(value) : value.slice(0, space) + value.slice(space).replace(/[^\s]/g, '*');
}

function maskedKey(line: string): string {
  if (/^a=crypto:/i.test(line)) {
    const masked = line.replace(/(inline:)([^\s|;]*)/gi, (_key, name: string, key: string) => name + stars(key));
    // Another way to give a key than the one that is known.
    return /inline:/i.test(line) ? masked : maskedAfterColon(line);
  }
  return maskedAfterColon(line);
}

function maskedAfterColon(line: string): string {
  const from = line.startsWith('k') || line.startsWith('K') ? 2 : line.indexOf(':') + 1;
  return line.slice(0, from) + line.slice(from).replace(/[^\r]/g, '*');
}
