/** The phone's state as scripts are told it (`shared/steering.ts`), and the same in words for a terminal. */
import type { AccountReport, CallReport, PhoneReport } from '../../shared/steering.ts';
import { isLive } from './line.ts';
import type { PhoneState } from './phone-store.ts';
import type { AccountSnapshot, CallSnapshot } from './types.ts';
import { clause, codecName } from './words.ts';

/** @param now ms since 1970 */
export function phoneReport({ accounts, calls }: Pick<PhoneState, 'accounts' | 'calls'>, now: number): PhoneReport {
  return {
    version: 1,
    accounts: accounts.map(accountReport),
    calls: calls.filter(isLive).map((call) => callReport(call, now)),
    ended: calls.filter((call) => !isLive(call)).map((call) => callReport(call, now)),
  };
}

function accountReport({ id, number, displayName, aor, registration }: AccountSnapshot): AccountReport {
  const reason = registration.state === 'failed' ? registration.reason : null;
  return { id, number, name: displayName, address: aor, registration: registration.state, reason };
}

export function callReport(call: CallSnapshot, now: number): CallReport {
  const { id, direction, state, peer, held, heldByPeer, muted, inConference, digits, answeredAt, quality } = call;
  const talkedMs = answeredAt === undefined ? 0 : (call.endedAt ?? now) - answeredAt;
  return {
    id,
    account: call.accountId,
    direction,
    state,
    peer: { name: peer.name, number: peer.number, uri: peer.uri },
    seconds: Math.max(0, Math.floor(talkedMs / 1_000)),
    ...{ held, heldByPeer, muted, inConference, digits },
    protection: quality?.protection || null,
    codec: quality?.codec || null,
    reconnecting: call.reconnecting === undefined ? null : Math.max(0, Math.floor((now - call.reconnecting) / 1_000)),
    notice: call.notice ?? null,
  };
}

/** One line for each account and call. */
export function reportText({ accounts, calls }: PhoneReport): string {
  const lines = accounts.map(({ number, registration, address, reason }) =>
    ['Account', number, registration, address, reason ?? ''].join(' ').trim(),
  );
  if (lines.length === 0) lines.push('No account is signed in.');
  if (calls.length === 0) lines.push('No call.');
  return [...lines, ...calls.map(callText)].join('\n');
}

/** Such as `Call 4f2a outgoing 1002 (Bea): active, 12 s, on hold, Opus, protected`. */
export function callText(call: CallReport): string {
  const { id, direction, peer, state, seconds, held, heldByPeer, muted, inConference, codec, protection } = call;
  const facts = [
    state,
    state === 'active' || seconds > 0 ? `${seconds} s` : '',
    call.reconnecting === null ? '' : `reconnecting for ${call.reconnecting} s`,
    held ? 'on hold' : '',
    heldByPeer ? 'on hold by them' : '',
    muted ? 'muted' : '',
    inConference ? 'in the conference' : '',
    codec === null ? '' : codecName(codec),
    protection === null ? '' : 'protected',
    call.notice === null ? '' : clause(call.notice),
  ];
  const name = peer.name === '' || peer.name === peer.number ? '' : ` (${peer.name})`;
  return `Call ${id} ${direction} ${peer.number || peer.uri}${name}: ${facts.filter(Boolean).join(', ')}`;
}
