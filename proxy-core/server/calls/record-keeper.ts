/** Has every call put on record: when it is answered, in case we end before it does, and when it has ended. */
import type { Aor } from '../stores.ts';
import type { Call, CallListener } from './call.ts';
import type { QualityReport } from './quality.ts';
import { type CallRecord, recordOf } from './record.ts';

/** Keeps records; all of it holds at once and is made durable soon after. */
export interface RecordStore {
  /** It goes on changing; what it is like when it is written is kept. */
  answered(call: Call): void;
  ended(record: CallRecord): void;
  /** What a phone of `aor` says of a call: kept where it had a part in one that runs or ended within a day. */
  addQuality(callId: string, aor: Aor, report: QualityReport): void;
}

export class RecordKeeper implements CallListener {
  readonly #store: RecordStore;

  constructor(store: RecordStore) {
    this.#store = store;
  }

  changed(call: Call): void {
    if (call.state === 'answered') this.#store.answered(call);
    else if (call.state === 'ended') this.#store.ended(recordOf(call));
  }
}
