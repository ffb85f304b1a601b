/** What went wrong on the way to a server of people, as a sentence. */

import { type CertificateProblem, certificateWords } from '../../shared/connection-settings.ts';
import type { BooksTrouble } from '../../shared/people-service.ts';

export class WebError extends Error {
  override readonly name = 'WebError';
  readonly trouble: BooksTrouble;
  readonly certificate: CertificateProblem | undefined;

  constructor(message: string, trouble: BooksTrouble, certificate?: CertificateProblem) {
    super(message);
    this.trouble = trouble;
    this.certificate = certificate;
  }
}

export const certificateError = (problem: CertificateProblem): WebError =>
  new WebError(certificateWords(problem), 'certificate', problem);

/** For an error of a socket. @param host as a person knows it */
export function webErrorOf(error: unknown, host: string): WebError {
  if (error instanceof WebError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new WebError(sentenceFor(code, message, host), 'offline');
}

function sentenceFor(code: string, message: string, host: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ENODATA':
      return `The server ${host} cannot be found.`;
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}.`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
      return `There is no way to ${host}. Is this computer online?`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${host} broke the connection off.`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${host} does not speak TLS there.`;
    default:
      return `${host} cannot be reached: ${message}.`;
  }
}
