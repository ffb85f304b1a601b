/** A certificate that a person was shown and believes from now on, in place of another one of that server. */
import { type CertificateProblem, MAX_TRUSTED, type TrustedCertificate } from '../../shared/connection-settings.ts';

/** @param trust fingerprint of what he says that he was shown */
export function withTrust(
  before: readonly TrustedCertificate[],
  shown: CertificateProblem | undefined,
  trust: string | undefined,
): readonly TrustedCertificate[] {
  if (shown === undefined || trust === undefined || trust !== shown.fingerprint) return before;
  const others = before.filter(({ server }) => server !== shown.offered.server);
  return [...others, shown.offered].slice(-MAX_TRUSTED);
}
