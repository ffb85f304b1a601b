/** A call as one of its users has it: the dialog that a lamp shows (RFC 4235 §3.7.1). */
import type { Call } from '../../calls/call.ts';
import type { Aor } from '../../stores.ts';

export interface DialogView {
  /** Unique among those of the user. */
  readonly id: string;
  readonly callId: string;
  readonly localTag: string | undefined;
  readonly remoteTag: string | undefined;
  readonly direction: 'initiator' | 'recipient';
  readonly state: 'trying' | 'early' | 'confirmed' | 'terminated';
  /** Why it is over (RFC 4235 §3.7.1); undefined while it is not. */
  readonly event: 'cancelled' | 'rejected' | 'local-bye' | 'remote-bye' | 'timeout' | 'error' | undefined;
  /** The other side. */
  readonly remote: { readonly number: string; readonly domain: string; readonly name: string };
}

/** The dialogs that a call is to one of its users: two where he called himself. */
export function dialogsOf(call: Call, aor: Aor): DialogView[] {
  const views: DialogView[] = [];
  if (call.caller.aor === aor) views.push(asCaller(call));
  const asked = asCallee(call, aor);
  if (asked !== undefined) views.push(asked);
  return views;
}

function asCaller(call: Call): DialogView {
  const states = { trying: 'trying', ringing: 'early', answered: 'confirmed', ended: 'terminated' } as const;
  return {
    ...{ id: `${call.id}o`, callId: call.callId, localTag: call.callerTag, remoteTag: call.calleeTag },
    ...{ direction: 'initiator', state: states[call.state], remote: call.callee },
    event: call.state === 'ended' ? eventOf(call, 'caller') : undefined,
  };
}

function asCallee(call: Call, aor: Aor): DialogView | undefined {
  const devices = call.devices.filter((device) => device.aor === aor);
  if (devices.length === 0) return undefined;
  const state = calleeState(call, aor, devices);
  // Any of those that ring will do: the caller ends them all for whoever takes the place of one.
  const early = state === 'early' ? devices.find((device) => device.state === 'ringing')?.tag : undefined;
  return {
    ...{ id: `${call.id}i`, callId: call.callId, localTag: call.calleeTag ?? early, remoteTag: call.callerTag },
    ...{ direction: 'recipient', state, remote: call.caller },
    event: state === 'terminated' ? eventOf(call, 'callee') : undefined,
  };
}

function calleeState(call: Call, aor: Aor, devices: Call['devices']): DialogView['state'] {
  if (call.state === 'ended') return 'terminated';
  if (call.state === 'answered') return call.answeredBy?.aor === aor ? 'confirmed' : 'terminated';
  if (devices.some(({ state }) => state === 'ringing')) return 'early';
  return devices.some(({ state }) => state === 'trying') ? 'trying' : 'terminated';
}

function eventOf({ answeredAt, end, isCancelled }: Call, side: 'caller' | 'callee'): DialogView['event'] {
  if (answeredAt > 0 && end !== undefined) {
    if (end.by === 'exchange') return 'timeout';
    return end.by === side ? 'local-bye' : 'remote-bye';
  }
  if (isCancelled || end === undefined || answeredAt > 0) return 'cancelled';
  return end.by === 'exchange' ? 'timeout' : end.status >= 500 && end.status < 600 ? 'error' : 'rejected';
}
