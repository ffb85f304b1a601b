/** What is kept of an answered call, so that it is known again when the exchange was started anew. */
import type { Call, CallDevice } from './call.ts';

type KeptDevice = Omit<CallDevice, 'state'>;

export interface SavedCall
  extends Pick<
    Call,
    | 'id'
    | 'callId'
    | 'callerTag'
    | 'calleeTag'
    | 'caller'
    | 'callerDevice'
    | 'callerAddress'
    | 'callee'
    | 'startedAt'
    | 'ringingAt'
    | 'answeredAt'
  > {
  readonly devices: readonly KeptDevice[];
  /** Which of `devices`. */
  readonly answeredBy: number;
  /** Tags of the callees whose dialogs live. */
  readonly dialogs: readonly string[];
  readonly sessionSeconds: number;
}
