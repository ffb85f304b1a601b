/** What is left of a call: its record, and what is kept of it while it lasts. */
import type { Call, CallDevice, CallEnd, CallEnder, CallParty } from './call.ts';
import { causeOf, type Outcome, outcomeOf } from './outcome.ts';
import type { QualityReport } from './quality.ts';
import type { SavedCall } from './saved-call.ts';

export interface RecordDevice extends Omit<CallDevice, 'state'> {
  /** It rang, or was about to, when another one answered. */
  readonly isElsewhere?: true;
}

/** One call that has ended. Times are in ms since 1970; 0 for what did not happen or is not known. */
export interface CallRecord {
  /** Grows with the time at which calls began. */
  readonly id: number;
  readonly callId: string;
  readonly caller: CallParty;
  /** Label of the device whose password the caller used, and where his request came from. */
  readonly callerDevice: string;
  readonly callerAddress: string;
  /** Who was dialled. */
  readonly callee: CallParty;
  readonly startedAt: number;
  readonly ringingAt: number;
  readonly answeredAt: number;
  /** 0 where the exchange was stopped before the call ended, and nothing was heard of it since. */
  readonly endedAt: number;
  /** From answer to end; 0 where nobody answered, or its end is not known. */
  readonly seconds: number;
  readonly outcome: Outcome;
  /** The final response that the caller got (RFC 3261 §21). */
  readonly status: number;
  /** Q.850; undefined where it is not known how it ended. */
  readonly cause: number | undefined;
  /** Reason as it was given (RFC 3326); else empty. */
  readonly reason: string;
  readonly endedBy: CallEnder;
  /** Why the end is the exchange's guess; undefined where somebody hung up. */
  readonly lost: CallEnd['lost'] | 'restart';
  /** The exchange was started anew while the call lasted. */
  readonly isInterrupted: boolean;
  /** Those that were tried, in that order. */
  readonly devices: readonly RecordDevice[];
  /** Index in `devices`; undefined where nobody answered. */
  readonly answeredBy: number | undefined;
  /** What phones said about the sound (RFC 6035). */
  readonly quality: readonly QualityReport[];
}

/** Of a call that has ended. Written out field by field: it is made for every call, and spreading takes five times as long. */
export function recordOf(call: Call): CallRecord {
  const { answeredBy, answeredAt, endedAt, end } = call;
  const answered = answeredBy === undefined ? -1 : call.devices.indexOf(answeredBy);
  return {
    id: call.id,
    callId: call.callId,
    caller: call.caller,
    callerDevice: call.callerDevice,
    callerAddress: call.callerAddress,
    callee: call.callee,
    startedAt: call.startedAt,
    ringingAt: call.ringingAt,
    answeredAt,
    endedAt,
    seconds: answeredAt === 0 ? 0 : Math.round((endedAt - answeredAt) / 1000),
    outcome: outcomeOf(call),
    status: end?.status ?? 0,
    cause: causeOf(call),
    reason: end?.reason ?? '',
    endedBy: end?.by ?? 'exchange',
    lost: end?.lost,
    isInterrupted: call.isRestored,
    devices: call.devices.map((device) => deviceOf(device, answered >= 0)),
    answeredBy: answered < 0 ? undefined : answered,
    quality: NONE,
  };
}

const NONE: readonly never[] = [];

/** Of a call that was answered. */
export function savedOf(call: Call): SavedCall {
  const { id, callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt } = call;
  const { callerTag, calleeTag, dialogs, sessionSeconds, answeredBy, devices } = call;
  return {
    ...{ id, callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt },
    ...{ callerTag, calleeTag, sessionSeconds, dialogs: [...dialogs] },
    devices: devices.map((device) => deviceOf(device, true)),
    answeredBy: answeredBy === undefined ? -1 : devices.indexOf(answeredBy),
  };
}

/** What is on record of a call whose exchange was stopped before it ended. */
export function interruptedRecordOf(saved: SavedCall): CallRecord {
  const { callerTag: _tag, calleeTag: _other, dialogs: _dialogs, sessionSeconds: _seconds, ...common } = saved;
  return {
    ...common,
    answeredBy: saved.answeredBy < 0 ? undefined : saved.answeredBy,
    ...{ endedAt: 0, seconds: 0, outcome: 'answered', status: 200, cause: undefined, reason: '', endedBy: 'exchange' },
    ...{ lost: 'restart', isInterrupted: true, quality: NONE },
  };
}

/** @param isAnswered somebody answered, so that all others were stopped for that. */
export function deviceOf(device: CallDevice, isAnswered: boolean): RecordDevice {
  const { aor, contact, label, userAgent, ringingAt, status } = device;
  return isAnswered && status === 487
    ? { aor, contact, label, userAgent, ringingAt, status, isElsewhere: true }
    : { aor, contact, label, userAgent, ringingAt, status };
}
