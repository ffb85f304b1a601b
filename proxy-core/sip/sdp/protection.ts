/**
 * How keys for SRTP are agreed on by offer and answer: in the description itself (RFC 4568), or by DTLS between those
 * whose fingerprints it names (RFC 5763, RFC 8122).
 */
import { type CryptoAttribute, cryptoAttributes, cryptoLine, type SrtpKey } from './crypto.ts';
import type { RawMedia, RawSession } from './read.ts';

/** SRTP never; where the peer offers it; or always, and no call without. */
export type Protection = 'never' | 'offered' | 'always';
export type KeyExchange = 'none' | 'sdes' | 'dtls';

export interface DtlsFingerprint {
  /** `sha-256` and its like, in lower case. */
  readonly algorithm: string;
  /** Pairs of hexadecimal digits in upper case with colons between. */
  readonly value: string;
}

/** The client begins the handshake: `active` in a description. */
export type DtlsRole = 'client' | 'server';

/** Our side of it. */
export interface LocalProtection {
  readonly wanted: Protection;
  /** What our own offers name where sound must be protected. */
  readonly offered: 'sdes' | 'dtls';
  /** Best first, a key for each suite that we know; they stay the same through a call. */
  readonly keys: readonly SrtpKey[];
  readonly fingerprint: DtlsFingerprint;
  /** What we are in the association that runs; undefined where none does. */
  readonly role: DtlsRole | undefined;
}

/** What a line of the peer's names. */
export type RemoteProtection =
  | { readonly kind: 'none' }
  /** At least one. */
  | { readonly kind: 'sdes'; readonly crypto: readonly CryptoAttribute[] }
  | { readonly kind: 'dtls'; readonly fingerprints: readonly DtlsFingerprint[]; readonly setup: string };

/** What we send is under our key, what we get under the peer's (RFC 4568 §5.1.2), or under what DTLS gives both. */
export type AgreedProtection =
  | {
      readonly kind: 'sdes';
      readonly suite: string;
      readonly localKey: string;
      readonly remoteKey: string;
      readonly remoteMki: CryptoAttribute['mki'];
    }
  | { readonly kind: 'dtls'; readonly role: DtlsRole; readonly fingerprints: readonly DtlsFingerprint[] };

const PLAIN_PROFILES = new Set(['RTP/AVP', 'RTP/AVPF']);
const PROTECTED_PROFILES = new Set(['RTP/SAVP', 'RTP/SAVPF']);
const DTLS_PROFILES = new Set(['UDP/TLS/RTP/SAVP', 'UDP/TLS/RTP/SAVPF']);
const HASH_VALUE = /^[0-9A-F]{2}(:[0-9A-F]{2})*$/i;
/** In bytes; weaker ones must not be used (RFC 8122 §5). */
const HASH_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['sha-1', 20],
  ['sha-224', 28],
  ['sha-256', 32],
  ['sha-384', 48],
  ['sha-512', 64],
]);
const SETUPS = new Set(['active', 'passive', 'actpass']);

/**
 * What a line can be to us; undefined when it is of no use. Keys on a line of a plain profile are best effort by those
 * who cannot write two lines. @param keys a key for each suite that we know; without, any will do.
 */
export function readProtection(
  session: RawSession,
  raw: RawMedia,
  wanted: Protection,
  keys?: readonly SrtpKey[],
): RemoteProtection | undefined {
  const { protocol } = raw;
  const isPlain = PLAIN_PROFILES.has(protocol);
  if (wanted !== 'never') {
    const dtls = DTLS_PROFILES.has(protocol) || PROTECTED_PROFILES.has(protocol) ? readDtls(session, raw) : undefined;
    if (dtls) return dtls;
    const crypto = isPlain || PROTECTED_PROFILES.has(protocol) ? cryptoAttributes(raw, keys) : [];
    if (crypto.length > 0) return { kind: 'sdes', crypto };
  }
  return isPlain && wanted !== 'always' ? { kind: 'none' } : undefined;
}

/** Whether it can be the hash of a certificate. */
export function isFingerprint({ type, hash }: { readonly type: string; readonly hash: string }): boolean {
  const length = HASH_LENGTHS.get(type.toLowerCase());
  return length !== undefined && hash.length === 3 * length - 1 && HASH_VALUE.test(hash);
}

function readDtls(session: RawSession, raw: RawMedia): RemoteProtection | undefined {
  const print = raw.fingerprint ?? session.fingerprint;
  const setup = String(raw.setup ?? session.setup ?? 'actpass');
  if (!print || !isFingerprint(print) || !SETUPS.has(setup)) return undefined;
  const fingerprint = { algorithm: print.type.toLowerCase(), value: print.hash.toUpperCase() };
  return { kind: 'dtls', fingerprints: [fingerprint], setup };
}

/** The profile that a call of ours begins with. */
export const firstProfile = (keyExchange: KeyExchange): string =>
  ({ none: 'RTP/AVP', sdes: 'RTP/SAVP', dtls: 'UDP/TLS/RTP/SAVP' })[keyExchange];

/** What an offer of ours says. */
export function offerLines(local: LocalProtection, keyExchange: KeyExchange): string[] {
  if (keyExchange === 'sdes') return local.keys.map((key, index) => cryptoLine({ ...key, tag: index + 1 }));
  return keyExchange === 'dtls' ? dtlsLines(local, 'actpass') : [];
}

/** What answers a line of the peer's: the first of its keys, or the part in the handshake that it leaves to us. */
export function answerProtection(
  local: LocalProtection,
  remote: RemoteProtection,
): { readonly lines: string[]; readonly agreed: AgreedProtection | undefined } {
  if (remote.kind === 'dtls') {
    const role =
      remote.setup === 'actpass' ? (local.role ?? 'client') : remote.setup === 'active' ? 'server' : 'client';
    return {
      lines: dtlsLines(local, role === 'client' ? 'active' : 'passive'),
      agreed: { kind: 'dtls', role, fingerprints: remote.fingerprints },
    };
  }
  const [theirs] = remote.kind === 'sdes' ? remote.crypto : [];
  const ours = local.keys.find(({ suite }) => suite === theirs?.suite);
  if (!theirs || !ours) return { lines: [], agreed: undefined };
  return { lines: [cryptoLine({ ...ours, tag: theirs.tag })], agreed: agreeKeys(ours.key, theirs) };
}

/** What the peer's answer comes to; `refused` where it is none to what we offered. */
export function acceptProtection(
  local: LocalProtection,
  keyExchange: KeyExchange,
  remote: RemoteProtection,
): AgreedProtection | undefined | 'refused' {
  if (remote.kind !== keyExchange) return 'refused';
  if (remote.kind === 'none') return undefined;
  if (remote.kind === 'dtls') {
    const role = remote.setup === 'active' ? 'server' : 'client';
    return { kind: 'dtls', role, fingerprints: remote.fingerprints };
  }
  const [theirs] = remote.crypto;
  // The tag says which of our lines was taken (RFC 4568 §5.1.3).
  const ours = theirs && local.keys[theirs.tag - 1];
  return theirs && ours?.suite === theirs.suite ? agreeKeys(ours.key, theirs) : 'refused';
}

const dtlsLines = ({ fingerprint }: LocalProtection, setup: string): string[] => [
  `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
  `a=setup:${setup}`,
];

const agreeKeys = (localKey: string, { suite, key, mki }: CryptoAttribute): AgreedProtection => ({
  kind: 'sdes',
  suite,
  localKey,
  remoteKey: key,
  remoteMki: mki,
});
