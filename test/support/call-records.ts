/** Records of calls as the exchange would write them. */
import type { Call } from '../../proxy-core/server/calls/call.ts';
import { type CallRecord, savedOf as saved } from '../../proxy-core/server/calls/record.ts';
import type { SavedCall } from '../../proxy-core/server/calls/saved-call.ts';
import { aorOf } from '../../proxy-core/server/stores.ts';
import { DOMAIN } from './exchange-parts.ts';

/** When the first of them began. */
export const BEGAN = Date.parse('2026-03-01T09:00:00Z');

export const ANNA = { aor: aorOf('1001', DOMAIN), number: '1001', domain: DOMAIN, name: 'Anna' };
export const BEN = { aor: aorOf('1002', DOMAIN), number: '1002', domain: DOMAIN, name: 'Ben' };

const desk = {
  ...{ aor: BEN.aor, contact: 'sip:1002@192.0.2.12:5060', label: '', userAgent: 'Desk 7' },
  ...{ ringingAt: 1, status: 200 },
};

/** The call number `count`, a minute each: Anna rang Ben, and they talked for half of it. */
export function recordOf(count: number, parts: Partial<CallRecord> = {}): CallRecord {
  const startedAt = BEGAN + count * 60_000;
  return {
    ...{ id: startedAt * 1000, callId: `call-${count}`, caller: ANNA, callerDevice: '', callee: BEN },
    ...{ callerAddress: 'udp:192.0.2.11:5060', startedAt, ringingAt: startedAt + 500, answeredAt: startedAt + 5_000 },
    ...{ endedAt: startedAt + 35_000, seconds: 30, outcome: 'answered', status: 200, cause: 16, reason: '' },
    ...{ endedBy: 'caller', lost: undefined, isInterrupted: false, devices: [desk], answeredBy: 0, quality: [] },
    ...parts,
  };
}

/** The same while it lasts. */
export function liveOf(count: number): Call {
  const { id, callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt } = recordOf(count);
  const answeredBy = { ...desk, state: 'answered' as const };
  return {
    ...{ id, callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt, endedAt: 0 },
    ...{ callerTag: 'anna', calleeTag: 'ben', dialogs: ['ben'], sessionSeconds: 0, state: 'answered', end: undefined },
    ...{ isRestored: false, isCancelled: false, devices: [answeredBy], answeredBy, aors: [ANNA.aor, BEN.aor] },
  };
}

export const savedOf = (count: number): SavedCall => saved(liveOf(count));
