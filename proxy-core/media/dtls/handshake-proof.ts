/**
 * Whether a DTLS handshake was made by whom the description names, and by nobody in between. werift takes certificates,
 * signatures and Finished messages as they come, so each is proved here before werift sees it (RFC 5246 §7.4.3, §7.4.8,
 * §7.4.9; RFC 8122 §6.2). What does not prove true is dropped like any forged datagram: the true one is sent again.
 */
import { createHash, createHmac, createVerify, timingSafeEqual, X509Certificate } from 'node:crypto';
import type { DtlsFingerprint, DtlsRole } from '../../sip/sdp/index.ts';

/** What is known of the handshake so far, each as it stands when a message comes. */
export interface HandshakeState {
  readonly role: DtlsRole;
  /** 32 bytes each; undefined as long as the hello that brings it is missing. */
  readonly clientRandom: Buffer | undefined;
  readonly serverRandom: Buffer | undefined;
  readonly masterSecret: Buffer | undefined;
  /** All handshake messages up to now, as they are signed and hashed. */
  readonly transcript: () => Buffer;
}

export const HANDSHAKE = {
  clientHello: 1,
  certificate: 11,
  serverKeyExchange: 12,
  certificateVerify: 15,
  finished: 20,
} as const;

const HASHES: ReadonlyMap<string, string> = new Map(
  ['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512'].map((name) => [name, name.replace('-', '')]),
);
/** Hash and signature as TLS 1.2 numbers them; those that werift offers. */
const SHA256 = 4;
const RSA = 1;
const ECDSA = 3;
const NAMED_CURVE = 3;
const VERIFY_DATA = 12;

export class HandshakeProof {
  readonly #fingerprints: readonly DtlsFingerprint[];
  #certificate: X509Certificate | undefined;
  #isSigned = false;
  #finished: Buffer | undefined;

  /** @param fingerprints of the peer's description; one that fits is enough (RFC 8122 §5). */
  constructor(fingerprints: readonly DtlsFingerprint[]) {
    this.#fingerprints = fingerprints;
  }

  /** The peer has proved who it is, and that both saw the same handshake. */
  get isComplete(): boolean {
    return this.#certificate !== undefined && this.#isSigned && this.#finished !== undefined;
  }

  /** Whether a message of the peer may be believed. @param body without its handshake header. */
  admits(type: number, body: Buffer, state: HandshakeState): boolean {
    try {
      switch (type) {
        case HANDSHAKE.certificate:
          return this.#admitsCertificate(body);
        case HANDSHAKE.serverKeyExchange:
          return state.role === 'client' && this.#admitsKeyExchange(body, state);
        case HANDSHAKE.certificateVerify:
          return state.role === 'server' && this.#admitsSignature(body, state.transcript());
        case HANDSHAKE.finished:
          return this.#admitsFinished(body, state);
        default:
          return true;
      }
    } catch {
      // Cut short, or no certificate or key that OpenSSL can read.
      return false;
    }
  }

  /** A list of certificates, of which the first is the peer's: 3 bytes of length before the list and before each. */
  #admitsCertificate(body: Buffer): boolean {
    const der = body.subarray(6, 6 + body.readUIntBE(3, 3));
    const fits = this.#fingerprints.some(({ algorithm, value }) => {
      const hash = HASHES.get(algorithm);
      return (
        hash !== undefined && createHash(hash).update(der).digest('hex').toUpperCase() === value.replaceAll(':', '')
      );
    });
    if (fits) this.#certificate = new X509Certificate(der);
    return fits;
  }

  /** Curve, point and the signature over both and over the two randoms. */
  #admitsKeyExchange(body: Buffer, { clientRandom, serverRandom }: HandshakeState): boolean {
    if (!clientRandom || !serverRandom || body.readUInt8(0) !== NAMED_CURVE) return false;
    const parameters = body.subarray(0, 4 + body.readUInt8(3));
    return this.#admitsSignature(
      body.subarray(parameters.length),
      Buffer.concat([clientRandom, serverRandom, parameters]),
    );
  }

  /** Hash, algorithm, 2 bytes of length, signature. */
  #admitsSignature(body: Buffer, signed: Buffer): boolean {
    const key = this.#certificate?.publicKey;
    const algorithm = body.readUInt8(1);
    const fits = algorithm === ECDSA ? key?.asymmetricKeyType === 'ec' : key?.asymmetricKeyType === 'rsa';
    if (!key || !fits || body.readUInt8(0) !== SHA256 || (algorithm !== RSA && algorithm !== ECDSA)) return false;
    const signature = body.subarray(4, 4 + body.readUInt16BE(2));
    const isTrue = createVerify('sha256').update(signed).verify(key, signature);
    this.#isSigned ||= isTrue;
    return isTrue;
  }

  #admitsFinished(body: Buffer, { role, masterSecret, transcript }: HandshakeState): boolean {
    if (!this.#isSigned || !masterSecret || body.length !== VERIFY_DATA) return false;
    // Said again, as when our own was lost: by then the transcript is longer.
    if (this.#finished) return timingSafeEqual(body, this.#finished);
    const label = role === 'client' ? 'server finished' : 'client finished';
    const isTrue = timingSafeEqual(body, verifyData(masterSecret, label, transcript()));
    if (isTrue) this.#finished = body;
    return isTrue;
  }
}

/** The first 12 bytes of the pseudo-random function of TLS 1.2 (RFC 5246 §5): less than one round of it. */
function verifyData(secret: Buffer, label: string, transcript: Buffer): Buffer {
  const seed = Buffer.concat([Buffer.from(label), createHash('sha256').update(transcript).digest()]);
  const first = createHmac('sha256', secret).update(seed).digest();
  return createHmac('sha256', secret).update(first).update(seed).digest().subarray(0, VERIFY_DATA);
}
