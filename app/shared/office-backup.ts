/** The office in one file, and what putting it back would change. */
import type { KindChange } from '../../proxy-core/node/backup/compare.ts';

export type { KindChange };

export interface MadeBackup {
  /** Without its folder. */
  readonly name: string;
  readonly bytes: number;
}

/** A backup that was read, and its difference from the office as it is. */
export interface ReadBackup {
  readonly name: string;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Of the Tandem that made it. */
  readonly version: string;
  readonly changes: readonly KindChange[];
  /** Where the office that was there is now: only after it was put back. */
  readonly kept?: string;
}
