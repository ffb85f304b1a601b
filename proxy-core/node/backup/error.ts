/** Why a backup was not made, or not put back, in one sentence for a person. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
