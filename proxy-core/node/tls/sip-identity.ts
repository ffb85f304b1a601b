/**
 * Whom a certificate speaks for in SIP (RFC 5922 §7.1, §7.2): `sip:` URIs of a whole domain; where there is none, DNS
 * names; the common name only where there are no alternative names at all. No wildcards. A numeric address is good for
 * a hop that was named by its address.
 */
import type { PeerCertificate, TLSSocket } from 'node:tls';
import ipaddr from 'ipaddr.js';

export class PeerNames {
  readonly #names: ReadonlySet<string>;

  /** The other end's, where it showed a certificate that was found good. */
  static of(socket: TLSSocket): PeerNames | undefined {
    if (!socket.authorized) return undefined;
    const certificate = socket.getPeerCertificate();
    return certificate.subject === undefined ? undefined : new PeerNames(certificate);
  }

  constructor(certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>) {
    this.#names = new Set(namesIn(certificate));
  }

  /** `name` is a domain or an IP address, with or without brackets. */
  includes(name: string): boolean {
    return this.#names.has(comparable(name));
  }

  toString(): string {
    return [...this.#names].join(', ') || 'nobody';
  }
}

function namesIn({ subject, subjectaltname }: Pick<PeerCertificate, 'subject' | 'subjectaltname'>): string[] {
  if (subjectaltname === undefined || subjectaltname === '') {
    const { CN: common } = (subject ?? {}) as { readonly CN?: string | readonly string[] };
    return (common === undefined ? [] : [common].flat()).map(comparable);
  }
  const uris: string[] = [];
  const names: string[] = [];
  const addresses: string[] = [];
  for (const [kind, value] of alternativeNames(subjectaltname)) {
    if (kind === 'URI') uris.push(...domainOf(value));
    else if (kind === 'DNS') names.push(comparable(value));
    else if (kind === 'IP Address') addresses.push(comparable(value));
  }
  return [...(uris.length > 0 ? uris : names), ...addresses];
}

/** `sip:example.org`; a URI with a user is that of a person, not of a domain. */
function domainOf(uri: string): string[] {
  const host = /^sip:([^@;?]+)$/i.exec(uri)?.[1];
  return host === undefined || /:\d+$/.test(host) ? [] : [comparable(host)];
}

/** Node writes `DNS:a, URI:"with, comma"`: what could mislead stands in quotes as in JSON. */
function* alternativeNames(text: string): Generator<[kind: string, value: string]> {
  const entry = /([A-Za-z ]+):(?:("(?:[^"\\]|\\.)*")|([^,"][^,]*|))(?:, |$)/gy;
  for (let found = entry.exec(text); found !== null; found = entry.exec(text)) {
    const [whole, kind = '', quoted, plain = ''] = found;
    if (whole === '') return;
    yield [kind, quoted === undefined ? plain : unquoted(quoted)];
  }
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    // A name that cannot be read is nobody's.
    return '';
  }
}

function comparable(name: string): string {
  const plain = name
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return ipaddr.isValid(plain) ? ipaddr.process(plain).toString() : plain;
}
