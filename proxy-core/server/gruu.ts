/**
 * Globally routable user agent URIs (RFC 5627): the address of one device of a user. The public one is the address of
 * record with the device's instance id; the temporary one is a riddle that only we can read. Nothing is kept for
 * either: what a temporary one means is sealed inside it, and whether it is still good is seen from the bindings.
 */
import { sameText } from '../sip/auth/nonce.ts';
import { type SipUri, unescapeUri } from '../sip/grammar/uri.ts';
import type { Binding, User } from './stores.ts';

/** The device that a GRUU names, of the user with this number. */
export interface GruuTarget {
  readonly number: string;
  /** It ends with the registration that it was given for. */
  readonly isTemporary: boolean;
  matches(binding: Binding): boolean;
}

/** Begins the user part of a temporary GRUU. */
const TEMPORARY = 'tgruu.';
/** Hex digits of the parts of a sealed text: the seal, which registration it belongs to, its CSeq. */
const SEAL_DIGITS = 32;
const REGISTRATION_DIGITS = 20;
const CSEQ_DIGITS = 8;
/** The number is filled up to a multiple of this, so that its length tells little. */
const NUMBER_BYTES = 16;

export class Gruus {
  readonly #secret: string;
  readonly #hash: (bytes: string) => string;

  /** `secret` must survive restarts; `hash` gives SHA-256 in hex. */
  constructor(secret: string, hash: (bytes: string) => string) {
    this.#secret = secret;
    this.#hash = hash;
  }

  /** The same as long as the device exists (§3.1.1). */
  publicOf(user: User, instance: string): string {
    return `sip:${user.number}@${user.domain};gr=${escapeParam(instance)}`;
  }

  /** Another one for each registration, tied to its Call-ID (§3.1.2). Nobody else can tell whose it is. */
  temporaryOf(user: User, binding: Binding): string {
    const registration = this.#registration(binding);
    const cseq = (binding.cseq >>> 0).toString(16).padStart(CSEQ_DIGITS, '0');
    const text = registration + cseq + hexOf(padded(user.number));
    // Made of the whole text, the seal hides it and proves it at once.
    const seal = this.#seal(text, user.domain);
    return `sip:${TEMPORARY}${seal}${this.#masked(text, seal)}@${user.domain};gr`;
  }

  /** What a Request-URI of ours with a `gr` parameter names; undefined when it is no GRUU that we made. */
  read(uri: SipUri, domain: string): GruuTarget | undefined {
    const value = unescapeUri(uri.param('gr') ?? '');
    if (value !== '')
      return { number: uri.userDecoded, isTemporary: false, matches: ({ instance }) => instance === value };
    const text = uri.user.startsWith(TEMPORARY) ? this.#open(uri.user.slice(TEMPORARY.length), domain) : undefined;
    if (text === undefined) return undefined;
    const registration = text.slice(0, REGISTRATION_DIGITS);
    return {
      isTemporary: true,
      number: textOf(text.slice(REGISTRATION_DIGITS + CSEQ_DIGITS)).replace(/\0+$/, ''),
      matches: (binding) => binding.instance !== '' && this.#registration(binding) === registration,
    };
  }

  #open(sealed: string, domain: string): string | undefined {
    if (sealed.length > 512 || !/^[0-9a-f]+$/.test(sealed)) return undefined;
    const seal = sealed.slice(0, SEAL_DIGITS);
    const text = this.#masked(sealed.slice(SEAL_DIGITS), seal);
    return sameText(seal, this.#seal(text, domain)) ? text : undefined;
  }

  /** A device's registrations under another Call-ID are another device's for all that a temporary GRUU says. */
  #registration({ instance, callId }: Binding): string {
    return this.#keyed('registration', `${instance}\n${callId}`).slice(0, REGISTRATION_DIGITS);
  }

  #seal(text: string, domain: string): string {
    return this.#keyed('seal', `${domain}\n${text}`).slice(0, SEAL_DIGITS);
  }

  /** Hides hex digits, or shows them again, under a stream of digits that the seal begins. */
  #masked(digits: string, seal: string): string {
    let stream = '';
    let result = '';
    for (let i = 0; i < digits.length; i++) {
      if (i === stream.length) stream += this.#keyed('stream', `${seal} ${i}`);
      result += (Number.parseInt(digits.charAt(i), 16) ^ Number.parseInt(stream.charAt(i), 16)).toString(16);
    }
    return result;
  }

  /** The secret stands at both ends, so that nobody can lengthen what was hashed. */
  #keyed(use: string, bytes: string): string {
    return this.#hash(`${this.#secret}\n${use}\n${bytes}\n${this.#secret}`);
  }
}

const padded = (number: string): string =>
  number.padEnd(Math.ceil((number.length + 1) / NUMBER_BYTES) * NUMBER_BYTES, '\0');

const hexOf = (bytes: string): string => {
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += (bytes.charCodeAt(i) & 0xff).toString(16).padStart(2, '0');
  return hex;
};

const textOf = (hex: string): string => hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));

/** Escapes what may not stand in the value of a URI parameter (RFC 3261 §25.1). */
const escapeParam = (text: string): string =>
  text.replace(
    /[^-\w.!~*'()[\]/:&+$]/g,
    (char) => `%${(char.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`,
  );
