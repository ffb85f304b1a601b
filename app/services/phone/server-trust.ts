/**
 * Whether the other end of a TLS connection is to be believed: a certificate for the name that was typed, by an authority
 * that this computer knows or that the person trusts, or one that the person trusts itself (RFC 5922 §7). Whoever trusts one
 * is told when another one is shown, whoever may vouch for it.
 */
import { X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';
import { PeerNames } from '../../../proxy-core/node/tls/sip-identity.ts';
import { type CertificateProblem, MAX_AUTHORITY, type TrustedCertificate } from '../../shared/connection-settings.ts';

/** A longer chain is nobody's. */
const MAX_CHAIN = 8;
const MAX_NAMES = 300;

/** Authorities for a connection to this server: those of the system, and those that the person trusts for it. */
export const authoritiesFor = (server: string, trusted: readonly TrustedCertificate[]): string[] | undefined => {
  const own = trusted.filter((known) => known.server === server && known.authority !== '');
  return own.length === 0 ? undefined : [...rootCertificates, ...own.map(({ authority }) => authority)];
};

/**
 * What is wrong with the certificate that `socket` was shown; undefined where nothing is. The handshake must have been made
 * with `authoritiesFor` and without rejecting anybody.
 * @param server as typed, which trust is kept under. @param name domain or address that it must be for.
 */
export function certificateProblem(
  socket: TLSSocket,
  server: string,
  name: string,
  trusted: readonly TrustedCertificate[],
  now: number,
): CertificateProblem | undefined {
  const shown = socket.getPeerCertificate(true);
  if (shown.raw === undefined) return noCertificate(server);
  const known = trusted.filter((one) => one.server === server);
  if (known.some(({ authority, fingerprint }) => authority === '' && fingerprint === shown.fingerprint256)) return;
  const chain = chainOf(shown);
  const fits = new PeerNames(shown).includes(name);
  const byTrusted = known.some(
    ({ authority, fingerprint }) => authority !== '' && chain.some((one) => one.fingerprint256 === fingerprint),
  );
  const isGood = socket.authorized && fits;
  if (isGood && (known.length === 0 || byTrusted)) return;
  const [from, until] = [Date.parse(shown.valid_from), Date.parse(shown.valid_to)];
  const isOver = !(from <= now && now < until);
  const why = known.length > 0 && !byTrusted ? 'changed' : isOver ? 'expired' : fits ? 'unknown' : 'name';
  const root = chain.at(-1);
  const authority = fits && !isOver && root !== undefined && chain.length > 1 ? pemOfAuthority(root) : '';
  const offered = authority === '' || root === undefined ? shown : root;
  return {
    why,
    names: new PeerNames(shown).toString().slice(0, MAX_NAMES),
    issuer: commonName(shown.issuer),
    from: from || 0,
    fingerprint: shown.fingerprint256,
    offered: {
      server,
      fingerprint: offered.fingerprint256,
      name: commonName(offered.subject),
      until: Date.parse(offered.valid_to) || 0,
      authority,
    },
  };
}

/** From the server's own to the last that came with it. */
function chainOf(shown: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [shown];
  for (let at = shown; chain.length < MAX_CHAIN; at = at.issuerCertificate) {
    const next = at.issuerCertificate as DetailedPeerCertificate | undefined;
    if (next === undefined || next.fingerprint256 === at.fingerprint256) break;
    chain.push(next);
  }
  return chain;
}

/** Of one that may vouch for others and stands for itself; else empty. */
function pemOfAuthority({ raw }: DetailedPeerCertificate): string {
  const certificate = new X509Certificate(raw);
  const pem = certificate.toString();
  const isRoot = certificate.ca && certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
  return isRoot && pem.length <= MAX_AUTHORITY ? pem : '';
}

function commonName(subject: DetailedPeerCertificate['subject'] | undefined): string {
  const { CN, O } = (subject ?? {}) as { readonly CN?: unknown; readonly O?: unknown };
  const name = [CN, O].flat().find((one) => typeof one === 'string' && one !== '');
  return String(name ?? 'nobody').slice(0, MAX_NAMES);
}

const noCertificate = (server: string): CertificateProblem => ({
  why: 'unknown',
  names: 'nobody',
  issuer: 'nobody',
  from: 0,
  fingerprint: '',
  offered: { server, fingerprint: '', name: 'nobody', until: 0, authority: '' },
});
