/** Certificates for tests, made in milliseconds: an authority and those that it signs. */
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Domains and IP addresses. */
  readonly names?: readonly string[];
  /** Such as `sip:example.org`. */
  readonly uris?: readonly string[];
  readonly by?: Pem | undefined;
  readonly ends?: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Two certificates of one name must not be taken for one. */
let count = 0;

export async function makeAuthority(name = 'Test Authority'): Promise<Pem> {
  const made = await generate([{ name: 'commonName', value: `${name} ${++count}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** Signed by itself where nobody is named. */
export async function makeCertificate({ names = [], uris = [], by, ends }: CertificateOptions = {}): Promise<Pem> {
  const made = await generate([{ name: 'commonName', value: `Test ${++count}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 2 * DAY_MS),
    notAfterDate: ends ?? new Date(Date.now() + 100 * DAY_MS),
    ...(by === undefined ? {} : { ca: by }),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((name) =>
            isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
          ),
          ...uris.map((value) => ({ type: 6 as const, value })),
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
