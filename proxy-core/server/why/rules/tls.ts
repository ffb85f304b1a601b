/** TLS connections that we wanted and that did not come about, mostly for a certificate (RFC 5922). */
import { type Rule, rule } from '../reason.ts';
import { quoted } from '../words.ts';
import { failureOf, found, reasonIn } from './failed-ways.ts';

const TLS_SIDE = 'Ask whoever runs that server to put its certificate right';

export const tls: readonly Rule[] = [
  rule('tls.expired', (story, facts) => {
    const failure = failureOf(story, facts, /certificate has expired|CERT_HAS_EXPIRED/i);
    return (
      failure &&
      found(
        failure,
        `the certificate of ${failure.whom} has expired, so no TLS connection was made.`,
        `${TLS_SIDE}, and see whether the clock of this computer is right.`,
      )
    );
  }),

  rule('tls.not-yet', (story, facts) => {
    const failure = failureOf(story, facts, /certificate is not yet valid|CERT_NOT_YET_VALID/i);
    return (
      failure &&
      found(
        failure,
        `the certificate of ${failure.whom} is not valid yet, so no TLS connection was made.`,
        'See whether the clock of this computer is right; it is the usual cause.',
      )
    );
  }),

  rule('tls.wrong-name', (story, facts) => {
    const failure = failureOf(story, facts, /its certificate is for|altnames|ERR_TLS_CERT_ALTNAME/i);
    const named = /its certificate is for (.*), not for (.*)$/.exec(failure?.reason ?? '');
    return (
      failure &&
      found(
        failure,
        named === null
          ? `the certificate of ${failure.whom} is for another name, so no TLS connection was made.`
          : `the certificate of ${failure.whom} is for ${quoted(named[1] ?? '')} and not for ${quoted(named[2] ?? '')}, so no TLS connection was made.`,
        'Call that side by the name in its certificate, or have it get one for the name that is called.',
      )
    );
  }),

  rule('tls.unknown-authority', (story, facts) => {
    const failure = failureOf(
      story,
      facts,
      /self[- ]signed certificate|unable to (?:verify|get)|unknown ca|issuer certificate/i,
    );
    return (
      failure &&
      found(
        failure,
        `the certificate of ${failure.whom} is signed by nobody whom this exchange knows, so no TLS connection was made.`,
        'If that authority is to be believed, hand its certificate to the exchange with "serve --tls-ca FILE".',
      )
    );
  }),

  rule('tls.client-certificate', (story, facts) => {
    const failure = failureOf(story, facts, /certificate required|bad certificate|unsupported certificate/i);
    return (
      failure &&
      found(
        failure,
        `${failure.whom} wants a certificate from this exchange and does not take the one that it has, or got none.`,
        'Give the exchange a certificate that the other side believes with "serve --tls-cert" and "--tls-key".',
      )
    );
  }),

  rule('tls.failed', (story, facts) => {
    const failure = failureOf(story, facts, /\b(?:tls|ssl|EPROTO|handshake|wrong version number|alert)\b/i);
    return (
      failure &&
      found(
        failure,
        `the TLS connection to ${failure.whom} could not be set up: ${quoted(reasonIn(failure.reason))}.`,
        'See whether that side speaks TLS 1.2 or newer on that port at all; 5061 is the usual one, 5060 is not.',
      )
    );
  }),
];
