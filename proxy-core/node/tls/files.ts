/** The files of certificates: read, and checked before anything relies on them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** Paths of PEM files; each is read again when it changes. */
export interface TlsFiles {
  /** Our certificate with those between it and the root, and its key; without them one is made in the data directory. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Who may vouch for clients: with it, only those with a certificate get in. */
  readonly clientCa?: string | undefined;
  /** Who may vouch for other servers, besides the usual ones. */
  readonly ca?: string | undefined;
}

/** What the files hold, as PEM. */
export interface TlsCredentials {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  readonly ca: string | undefined;
  /** We vouch for ourselves: no other server has a reason to believe it. */
  readonly isSelfMade: boolean;
}

/** A certificate cannot be used; `message` is a sentence for people. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
}

/** Rejects with TlsError. */
export async function readCredentials(files: TlsFiles & { readonly cert: string; readonly key: string }) {
  const [cert, key, clientCa, ca] = await Promise.all([
    read(files.cert),
    read(files.key),
    files.clientCa === undefined ? undefined : read(files.clientCa),
    files.ca === undefined ? undefined : read(files.ca),
  ]);
  const certificate = parse(files.cert, cert);
  for (const [path, text] of [
    [files.clientCa, clientCa],
    [files.ca, ca],
  ] as const) {
    if (path !== undefined && text !== undefined) parse(path, text);
  }
  checkKey(files, key, certificate);
  try {
    createSecureContext({ cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) });
  } catch (cause) {
    throw new TlsError(`The certificate ${files.cert} cannot be used: ${said(cause)}.`, { cause });
  }
  const isSelfMade = certificate.issuer === certificate.subject;
  return { credentials: { cert, key, clientCa, ca, isSelfMade } satisfies TlsCredentials, certificate };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new TlsError(`There is no file ${path}.`, { cause });
    throw new TlsError(`The file ${path} cannot be read (${code ?? said(cause)}).`, { cause });
  }
}

/** The first certificate of a file. */
function parse(path: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new TlsError(`The file ${path} holds no certificate in PEM form.`, { cause });
  }
}

function checkKey(files: TlsFiles, key: string, certificate: X509Certificate): void {
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw new TlsError(`The file ${files.key} holds no private key in PEM form without a password.`, { cause });
  }
  if (!fits) throw new TlsError(`The key ${files.key} does not belong to the certificate ${files.cert}.`);
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
