/** Why the administration did not do what it was asked to. */

export type AdminErrorKind = 'invalid' | 'exists' | 'unknown' | 'storage' | 'unreachable' | 'internal';

/** The message is one sentence for a person. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly kind: AdminErrorKind;

  constructor(kind: AdminErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
