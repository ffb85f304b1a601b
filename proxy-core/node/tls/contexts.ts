/** How TLS is spoken (RFC 3261 §26.3.1, RFC 5922): 1.2 or newer, and nobody is believed without a good certificate. */
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TlsOptions,
} from 'node:tls';
import type { TlsCredentials } from './files.ts';
import { PeerNames } from './sip-identity.ts';

const MIN_VERSION = 'TLSv1.2';

/** For those who connect to us. */
export function serverOptions({ cert, key, clientCa }: TlsCredentials): TlsOptions {
  const asked = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: MIN_VERSION, ...asked };
}

/**
 * For a connection to a server that must prove to be `name`, a domain or an IP address. Our own certificate is shown when
 * it is asked for, but not one that nobody else vouches for: it would only be refused.
 */
export function clientOptions(credentials: TlsCredentials | undefined, name: string): ConnectionOptions {
  return {
    secureContext: clientContext(credentials),
    rejectUnauthorized: true,
    servername: isIP(name) === 0 ? name : '',
    checkServerIdentity: (_host, certificate) => {
      const names = new PeerNames(certificate);
      return names.includes(name) ? undefined : new Error(`its certificate is for ${names}, not for ${name}`);
    },
  };
}

const NOBODY = {};
/** To read all root certificates takes long: once for each set of files. */
const contexts = new WeakMap<object, SecureContext>();

function clientContext(credentials: TlsCredentials | undefined): SecureContext {
  const known = contexts.get(credentials ?? NOBODY);
  if (known !== undefined) return known;
  const own =
    credentials === undefined || credentials.isSelfMade ? {} : { cert: credentials.cert, key: credentials.key };
  const ca = credentials?.ca === undefined ? {} : { ca: [...rootCertificates, credentials.ca] };
  const context = createSecureContext({ ...own, ...ca, minVersion: MIN_VERSION });
  contexts.set(credentials ?? NOBODY, context);
  return context;
}
