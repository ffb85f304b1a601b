/** What is known of an address apart from its messages: bans, and connections that never came to carry any. */
import type { Facts } from './facts.ts';
import type { Reason } from './reason.ts';
import { quoted } from './words.ts';

/** @param whose who has a phone there, where that is known. */
export function ban(host: string, facts: Facts, whose?: string): Reason[] {
  const found = facts.ban(host);
  if (found === undefined) return [];
  const [until, { reason }] = [facts.time(found.until), found];
  return [
    {
      key: 'guard.banned',
      at: found.since,
      callId: '',
      text:
        whose === undefined
          ? `${host} is banned until ${until} because of ${reason}, so nothing that it sends is read.`
          : `${host}, where ${whose} has a phone, is banned until ${until} because of ${reason}, so nothing that it sends is read.`,
      todo: `If a phone of the office is there, correct its settings first and then let it in with "tandem ban lift ${found.address}"; otherwise there is nothing to do.`,
      values: { host, until: found.until, reason },
      messages: [],
    },
  ];
}

/** What OpenSSL says of a handshake, and what that means. */
const HANDSHAKES: readonly (readonly [pattern: RegExp, key: string, what: (host: string) => string, todo: string])[] = [
  [
    /certificate unknown|unknown ca|bad certificate/i,
    'tls.not-believed',
    (host) => `A phone at ${host} does not believe the certificate of this exchange.`,
    'Give that phone the certificate (tls-cert.pem in the data directory) to trust, or use one of a known authority with --tls-cert.',
  ],
  [
    /unsupported protocol|wrong version number|no protocols available|version too low/i,
    'tls.too-old',
    (host) => `A phone at ${host} speaks a version of TLS that is too old, or none at all.`,
    'Update that phone to TLS 1.2 or newer, or let it use the TCP or UDP port of the exchange.',
  ],
  [
    /http request|https proxy request/i,
    'tls.plain',
    (host) => `A phone at ${host} sent plain text to a TLS port.`,
    'Set that phone to TLS, or to the port of the exchange for TCP.',
  ],
  [
    /no shared cipher|no suitable/i,
    'tls.no-cipher',
    (host) => `A phone at ${host} has no cipher in common with this exchange.`,
    'Update that phone; its list of ciphers is too old.',
  ],
  [
    /did not return a certificate|UNABLE_TO|DEPTH_ZERO|self[- ]signed|CERT_|certificate/i,
    'tls.client-certificate',
    (host) => `A phone at ${host} showed no certificate that this exchange lets in.`,
    'Give that phone a certificate signed by one of those in --tls-client-ca.',
  ],
];

export function connectionNotes(host: string, facts: Facts): Reason[] {
  const shown = host.includes(':') ? `[${host}]` : host;
  const found: Reason[] = [];
  for (const { at, text } of facts.notes) {
    const tls = text.startsWith(`No TLS connection with ${host}: `)
      ? text.slice(`No TLS connection with ${host}: `.length)
      : undefined;
    const closed = text.startsWith(`The connection with ${shown}:`) ? /was closed: (.*)$/.exec(text)?.[1] : undefined;
    const reason = quoted((tls ?? closed ?? '').replace(/\.$/, ''));
    if (reason === '') continue;
    const base = { at, callId: '', values: { host, reason }, messages: [] };
    const known = tls === undefined ? undefined : HANDSHAKES.find(([pattern]) => pattern.test(tls));
    if (known !== undefined) found.push({ ...base, key: known[1], text: known[2](host), todo: known[3] });
    else if (tls !== undefined) {
      const todo = 'See whether that phone is set to TLS and to this port, and update it.';
      found.push({ ...base, key: 'tls.handshake', text: `A TLS connection from ${host} failed: ${reason}.`, todo });
    } else {
      const todo = 'If that is a phone of the office, see whether it speaks SIP there and over the right transport.';
      found.push({ ...base, key: 'connection.closed', text: `A connection with ${host} was closed: ${reason}.`, todo });
    }
  }
  const last = new Map(found.map((one) => [`${one.key} ${one.text}`, one]));
  return [...last.values()].reverse();
}
