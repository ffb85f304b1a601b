/**
 * The certificates in use. Their files are looked at every few seconds, since they come by copying, renaming and turning
 * links: new ones are used from the next handshake on; ones that cannot be used are told in the log and change nothing.
 */
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { readCredentials, type TlsCredentials, TlsError, type TlsFiles } from './files.ts';
import { namesHost, selfMadeCertificate } from './self-made.ts';

export interface TlsStore {
  readonly credentials: TlsCredentials;
  onChange(listener: (credentials: TlsCredentials) => void): void;
  close(): void;
}

export interface CertificateNames {
  readonly all: readonly string[];
  /** Those for whose lack a certificate of our own is made anew. */
  readonly needed: readonly string[];
}

export interface TlsStoreOptions {
  readonly files: TlsFiles;
  /** Where a certificate is made when no files are given. */
  readonly dataDir: string;
  /** Domains and addresses for that one, asked at every look: an office may get one more. */
  readonly names: () => CertificateNames;
  readonly log: { info(sentence: string): void; warn(sentence: string): void };
  readonly checkMs?: number;
  readonly now?: () => number;
}

const CHECK_MS = 5_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** When the end of a certificate is near enough to be told. */
const WARN_MS = 14 * DAY_MS;

/** Rejects with TlsError. */
export async function openTls(options: TlsStoreOptions): Promise<TlsStore> {
  const { files, log, now = Date.now } = options;
  if ((files.cert === undefined) !== (files.key === undefined))
    throw new TlsError('A certificate and its key belong together: give both files, or neither.');
  const own = await ownFiles(options, now);
  let needed = options.names().needed.join();
  const all = { ...files, ...own };
  const paths = [all.cert, all.key, all.clientCa, all.ca].filter((path): path is string => path !== undefined);
  // Before the files are read: a change in between is seen at the next look.
  let mark = await markOf(paths);
  const first = await readCredentials(all);
  let { credentials } = first;
  const listeners: ((credentials: TlsCredentials) => void)[] = [];
  tell(first.certificate, options.names().all, log, now());
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Only once for the same names: one that cannot be written is not tried every few seconds. */
  const remake = async (): Promise<void> => {
    if (files.cert !== undefined || isClosed) return;
    const wanted = options.names().needed.join();
    if (wanted === needed) return;
    needed = wanted;
    await ownFiles(options, now).catch((error: unknown) => {
      log.warn(`The certificate could not be made anew: ${error instanceof Error ? error.message : error}`);
    });
  };

  const look = async (): Promise<void> => {
    await remake();
    const next = await markOf(paths);
    if (next !== mark && !isClosed) {
      mark = next;
      try {
        const read = await readCredentials(all);
        if (isClosed) return;
        credentials = read.credentials;
        log.info(`A new certificate is in use: ${all.cert}.`);
        tell(read.certificate, options.names().all, log, now());
        for (const listener of listeners) listener(credentials);
      } catch (error) {
        log.warn(
          `${error instanceof Error ? error.message : error} The certificate that was there before stays in use.`,
        );
      }
    }
    if (!isClosed) later();
  };
  const later = (): void => {
    timer = setTimeout(() => void look(), options.checkMs ?? CHECK_MS);
    timer.unref();
  };
  later();

  return {
    get credentials() {
      return credentials;
    },
    onChange: (listener) => void listeners.push(listener),
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function ownFiles(
  { files, dataDir, names, log }: TlsStoreOptions,
  now: () => number,
): Promise<{ readonly cert: string; readonly key: string }> {
  if (files.cert !== undefined && files.key !== undefined) return { cert: files.cert, key: files.key };
  const { all, needed } = names();
  const { cert, key, isNew } = await selfMadeCertificate(dataDir, all, needed, now);
  if (isNew) {
    // Whoever is asked on a phone whether to trust it compares the two.
    const { fingerprint256 } = new X509Certificate(await readFile(cert));
    log.info(
      `A certificate was made for ${all.join(', ')}: ${cert}. Phones have to be told to trust it; its fingerprint (SHA-256) is ${fingerprint256}.`,
    );
  }
  return { cert, key };
}

/** Changes when any of the files does. */
async function markOf(paths: readonly string[]): Promise<string> {
  const marks = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mtimeMs, ctimeMs, size, ino }) => `${mtimeMs} ${ctimeMs} ${size} ${ino}`,
        () => 'gone',
      ),
    ),
  );
  return marks.join('\n');
}

function tell(certificate: X509Certificate, names: readonly string[], log: TlsStoreOptions['log'], now: number): void {
  const ends = Date.parse(certificate.validTo);
  if (ends < now) log.warn(`The certificate ended on ${certificate.validTo}; phones will refuse it.`);
  else if (ends - now < WARN_MS) log.warn(`The certificate ends on ${certificate.validTo}.`);
  if (Date.parse(certificate.validFrom) > now) log.warn(`The certificate begins only on ${certificate.validFrom}.`);
  const missing = names.filter((name) => !namesHost(certificate, name));
  if (missing.length > 0) log.info(`The certificate does not name ${missing.join(', ')}.`);
}
