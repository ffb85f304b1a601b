/** Keys for SRTP in the description itself: the `crypto` attribute (RFC 4568 §9.1). */
import type { RawMedia } from './read.ts';

export interface SrtpKey {
  readonly suite: string;
  /** Master key and salt, one after the other, in base64. */
  readonly key: string;
}

export interface CryptoAttribute extends SrtpKey {
  readonly tag: number;
  /** The identifier that packets carry behind their sound, and its length in bytes. */
  readonly mki?: { readonly value: number; readonly length: number } | undefined;
}

/** One key, one or none lifetime, one or none identifier. Several keys for one line are passed over. */
const KEY =
  /^inline:(?<key>[A-Za-z0-9+/]{38,64}={0,2})(?:\|(?:2\^\d{1,2}|\d{1,15}))?(?:\|(?<mki>\d{1,9}):(?<length>\d{1,3}))?$/;
/** Parameters that change nothing for us; every other one must be understood, so its line is no use (RFC 4568 §6.3). */
const HARMLESS = /^WSH=\d{2,5}$/;
const MAX_MKI = 128;

/** Those of an m= line that can be used, in its order. @param ours a key for each suite that we know; without, any will do. */
export function cryptoAttributes(raw: RawMedia, ours?: readonly SrtpKey[]): CryptoAttribute[] {
  return (raw.crypto ?? []).flatMap(({ id, suite, config, sessionConfig }) => {
    const groups = KEY.exec(String(config))?.groups;
    if (groups?.key === undefined || !Number.isInteger(id) || id < 0) return [];
    const parameters = String(sessionConfig ?? '').split(' ');
    if (!parameters.every((parameter) => parameter === '' || HARMLESS.test(parameter))) return [];
    const length = Number(groups.length ?? 0);
    if (groups.mki !== undefined && (length < 1 || length > MAX_MKI)) return [];
    const mki = groups.mki === undefined ? undefined : { value: Number(groups.mki), length };
    const attribute = { tag: id, suite: String(suite), key: groups.key, mki };
    return ours === undefined || ours.some((key) => isAlike(key, attribute)) ? [attribute] : [];
  });
}

/** Keys of one suite are of one length. */
const isAlike = (a: SrtpKey, b: SrtpKey): boolean => a.suite === b.suite && bare(a.key).length === bare(b.key).length;

const bare = (base64: string): string => base64.replace(/=+$/, '');

export const cryptoLine = ({ tag, suite, key }: CryptoAttribute): string => `a=crypto:${tag} ${suite} inline:${key}`;
