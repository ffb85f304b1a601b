/** The crypto suites that we protect sound with (RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §14.1). */

export interface SrtpSuite {
  /** As SDP names it. */
  readonly name: string;
  readonly cipher: 'aes-128-ctr' | 'aes-256-ctr' | 'aes-128-gcm' | 'aes-256-gcm';
  /** In bytes, of the master key and of the keys derived from it. */
  readonly keyLength: 16 | 32;
  /** In bytes, likewise. */
  readonly saltLength: 12 | 14;
  /** In bytes; GCM's belongs to the cipher. */
  readonly rtpTagLength: 4 | 10 | 16;
  readonly rtcpTagLength: 10 | 16;
  /** The protection profile of DTLS-SRTP (RFC 5764 §4.1.2, RFC 7714 §14.2); undefined where none is registered. */
  readonly dtlsProfile: number | undefined;
}

/** Best first: authenticated encryption, then counter mode with tags of 80 bits, then of 32. */
export const SRTP_SUITES: readonly SrtpSuite[] = [
  gcm('AEAD_AES_256_GCM', 'aes-256-gcm', 32, 0x0008),
  gcm('AEAD_AES_128_GCM', 'aes-128-gcm', 16, 0x0007),
  counter('AES_256_CM_HMAC_SHA1_80', 'aes-256-ctr', 32, 10, undefined),
  counter('AES_CM_128_HMAC_SHA1_80', 'aes-128-ctr', 16, 10, 0x0001),
  counter('AES_256_CM_HMAC_SHA1_32', 'aes-256-ctr', 32, 4, undefined),
  counter('AES_CM_128_HMAC_SHA1_32', 'aes-128-ctr', 16, 4, 0x0002),
];

export const suiteNamed = (name: string): SrtpSuite | undefined => SRTP_SUITES.find((suite) => suite.name === name);

function gcm(name: string, cipher: SrtpSuite['cipher'], keyLength: 16 | 32, dtlsProfile: number): SrtpSuite {
  return { name, cipher, keyLength, saltLength: 12, rtpTagLength: 16, rtcpTagLength: 16, dtlsProfile };
}

/** The tag of RTCP is never shortened (RFC 4568 §6.2.2). */
function counter(
  name: string,
  cipher: SrtpSuite['cipher'],
  keyLength: 16 | 32,
  rtpTagLength: 4 | 10,
  dtlsProfile: number | undefined,
): SrtpSuite {
  return { name, cipher, keyLength, saltLength: 14, rtpTagLength, rtcpTagLength: 10, dtlsProfile };
}
