/**
 * A certificate of the exchange's own, for an office that has none yet: made at the first start, kept in the data
 * directory, and made anew when the office gets another domain. Phones have to be told to trust it.
 */
import { X509Certificate } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

export interface SelfMade {
  readonly cert: string;
  readonly key: string;
  /** Whether it was made just now. */
  readonly isNew: boolean;
}

const YEARS = 10;
/** Stands in what we make, and tells it from a certificate that somebody made and put in its place. */
const MAKER = 'Tandem (self-made)';
const DAY_MS = 24 * 60 * 60 * 1000;
/** One that ends within this time is replaced at a start. */
const RENEW_MS = 30 * DAY_MS;

/**
 * The paths of both files in `dataDir`, after making them where they are missing, about to end, or lack a name.
 * @param names domains and IP addresses under which the exchange is reached; the first is its common name.
 * @param needed those of `names` for whose lack it is made anew: addresses come and go.
 */
export async function selfMadeCertificate(
  dataDir: string,
  names: readonly string[],
  needed: readonly string[],
  now = Date.now,
): Promise<SelfMade> {
  const cert = join(dataDir, 'tls-cert.pem');
  const key = join(dataDir, 'tls-key.pem');
  if (await isGood(cert, key, needed, now())) return { cert, key, isNew: false };
  const made = await make(names, now());
  // The key first: a certificate without its key would never be replaced by itself.
  await writeWhole(key, made.key, 0o600);
  await writeWhole(cert, made.cert, 0o644);
  return { cert, key, isNew: true };
}

/** Files of somebody's own in these places are left alone, also where something is wrong with them. */
async function isGood(cert: string, key: string, needed: readonly string[], now: number): Promise<boolean> {
  try {
    const certificate = new X509Certificate(await readFile(cert));
    await readFile(key);
    const isOurs = certificate.issuer === certificate.subject && certificate.subject.split('\n').includes(`O=${MAKER}`);
    if (!isOurs) return true;
    return Date.parse(certificate.validTo) - now > RENEW_MS && needed.every((name) => namesHost(certificate, name));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** Whether `certificate` is for this domain or IP address. */
export const namesHost = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;

async function make(names: readonly string[], now: number): Promise<{ cert: string; key: string }> {
  const { generate } = await import('selfsigned');
  const common = names[0] ?? 'localhost';
  const subject = [
    { name: 'commonName', value: common.slice(0, 64) },
    { name: 'organizationName', value: MAKER },
  ];
  const made = await generate(subject, {
    // Desk phones of a certain age know nothing else.
    keyType: 'rsa',
    keySize: 2048,
    algorithm: 'sha256',
    // A phone's clock may be behind.
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + YEARS * 365 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...new Set(names)].map((name) =>
          isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
        ),
      },
    ],
  });
  return { cert: `${made.cert.trim()}\n`, key: `${made.private.trim()}\n` };
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await chmod(`${path}.new`, mode);
  await rename(`${path}.new`, path);
}
