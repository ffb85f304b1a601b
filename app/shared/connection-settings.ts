/** How one account reaches its server, and whom it believes there. */

/** `auto`: as DNS says (RFC 3263), else UDP. */
export const CONNECTION_TRANSPORTS = ['auto', 'udp', 'tcp', 'tls', 'ws', 'wss'] as const;
export type ConnectionTransport = (typeof CONNECTION_TRANSPORTS)[number];

/** Whether outbound proxies stand in the way of every request, or of registrations alone. */
export const PROXY_USES = ['all', 'registration'] as const;

/** A certificate that the person trusts although nobody known vouches for it. */
export interface TrustedCertificate {
  /** The server as it was typed, which it was shown by. */
  readonly server: string;
  /** SHA-256 of the certificate, or of the authority that vouches for it: pairs of hex digits with colons. */
  readonly fingerprint: string;
  /** Whom it is for, as it says itself. */
  readonly name: string;
  /** Until when it is good, in ms since 1970. */
  readonly until: number;
  /** The authority's own certificate as PEM, where that is what is trusted; empty else. */
  readonly authority: string;
}

/** What was found wrong with the certificate of a server, with what a person needs to decide about it. */
export interface CertificateProblem {
  /**
   * `unknown`: nobody known vouches for it; `name`: it is for somebody else; `expired`: it is not good now; `changed`: the
   * person trusted another one.
   */
  readonly why: 'unknown' | 'name' | 'expired' | 'changed';
  /** Whom it says that it is for. */
  readonly names: string;
  readonly issuer: string;
  /** In ms since 1970. */
  readonly from: number;
  /** SHA-256 of the server's own certificate. */
  readonly fingerprint: string;
  /** What would be trusted. */
  readonly offered: TrustedCertificate;
}

/** Longest certificate of an authority that is kept, as PEM, in characters. */
export const MAX_AUTHORITY = 8_000;
/** How many certificates one account may trust. */
export const MAX_TRUSTED = 16;

/** What is wrong with it, in one sentence. */
export function certificateWords({ why, names, offered: { server } }: CertificateProblem): string {
  switch (why) {
    case 'unknown':
      return `Nobody known to this computer vouches for the certificate of ${server}.`;
    case 'name':
      return `The certificate of ${server} is for ${names}, not for it.`;
    case 'expired':
      return `The certificate of ${server} is not good at this time.`;
    case 'changed':
      return `${server} shows another certificate than the one that you trusted.`;
  }
}
