/** What the administration works on. */
import type { ExchangeParts } from '../../server/parts.ts';
import type { NatStatus } from '../nat-status.ts';
import type { LiveSettings } from '../settings/live.ts';
import type { Store } from '../store/index.ts';

/** What the running exchange knows beyond its store. */
export interface RunningFacts {
  readonly version: string;
  /** ms since 1970; 0 when no exchange runs. */
  readonly startedAt: number;
  readonly listeners: readonly string[];
  readonly mode: string;
  readonly nat?: NatStatus;
  /** Networks that are never held to account, besides this computer. */
  readonly trusted?: readonly string[];
}

/** What handlers work on. */
export interface AdminParts {
  readonly store: Store;
  /** Asked anew each time. */
  readonly facts: () => RunningFacts;
  /** The parts of the running exchange; absent where the store was opened without one. */
  readonly exchange?: ExchangeParts;
  readonly settings: LiveSettings;
  /** ms since 1970. */
  readonly now: () => number;
}
