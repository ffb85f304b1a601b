/** What a response context asks when a call that could not be taken may go elsewhere (`diversion.ts` answers). */
import type { HeaderLine } from '../../sip/message/build.ts';
import type { User } from '../stores.ts';
import type { Target } from '../targets.ts';

export interface CalleeWishes {
  /** How long the callee's devices ring, in ms; undefined: as long as the caller likes. */
  readonly ringTime: number | undefined;
  /** They rang for that long. */
  unanswered(): Diverted | Promise<Diverted>;
  /** The call ended with this status; `rang`: somebody heard it. Undefined where that is for the caller to hear. */
  after(status: number, rang: boolean): Diverted | Promise<Diverted> | undefined;
}

/** Where a call goes instead. */
export interface Diverted {
  /** Empty where it goes nowhere: `status` says why. */
  readonly targets: readonly Target[];
  /** Whose devices those are; undefined outside the office. */
  readonly callee: User | undefined;
  /** What that user wishes in turn. */
  readonly wishes: CalleeWishes | undefined;
  readonly status: number;
  readonly reason: string | undefined;
  /** For the 181 that tells the caller; undefined where the call was not forwarded. */
  readonly notice: readonly HeaderLine[] | undefined;
}
