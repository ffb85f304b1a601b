/** Calls, records, bans, settings and changes of an office, for component tests and pictures. */
import type { AuditInfo, CallInfo, RecordInfo, SettingInfo } from '../../../app/shared/office-admin.ts';

const party = (number: string, name = ''): RecordInfo['caller'] => ({
  ...{ aor: undefined, number, name, domain: 'office.internal' },
});
const jana = party('1002', 'Jana Dvořáková');
const kofi = party('1005', 'Kofi Mensah');

/** An answered call of two minutes that began `ago` ms before `now`. */
export function recordOf(id: number, now: number, ago: number, more: Partial<RecordInfo> = {}): RecordInfo {
  const startedAt = now - ago;
  return {
    ...{ id, callId: `call-${id}`, caller: jana, callerDevice: '', callerAddress: 'udp:192.0.2.50:5060', callee: kofi },
    ...{ startedAt, ringingAt: startedAt + 400, answeredAt: startedAt + 6_000, endedAt: startedAt + 126_000 },
    ...{ seconds: 120, outcome: 'answered', status: 200, cause: 16, reason: '', endedBy: 'caller', lost: undefined },
    ...{ isInterrupted: false, answeredBy: 0, quality: [] },
    devices: [
      {
        ...{ aor: undefined, contact: 'sip:1005@192.0.2.61', label: 'desk phone', userAgent: 'Yealink' },
        ...{ ringingAt: startedAt + 400, status: 200 },
      },
    ],
    ...more,
  };
}

export function callInfo(id: number, now: number, more: Partial<CallInfo> = {}): CallInfo {
  const { callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt } = recordOf(
    id,
    now,
    0,
  );
  return {
    ...{ id, callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt },
    ...{ devices: [], answeredBy: undefined, state: 'answered', isInterrupted: false },
    ...more,
  };
}

export function settingOf(name: string, what: string, more: Partial<SettingInfo> = {}): SettingInfo {
  return { ...{ name, what, value: 3_600, usual: 3_600, source: 'default' }, ...more };
}

export function auditOf(id: number, at: number, action: string, more: Partial<AuditInfo> = {}): AuditInfo {
  return { ...{ id, at, by: 'desktop', action, subject: '1002@office.internal', changes: [], more: 0 }, ...more };
}

/** What the pages of the office show in pictures. */
export function officeLists(now: number): Readonly<Record<string, readonly object[]>> {
  const outside = party('+420221555014');
  return {
    'calls.list': [
      callInfo(2, now, { state: 'ringing', startedAt: now - 4_000, answeredAt: 0, caller: outside }),
      callInfo(1, now, { startedAt: now - 200_000, answeredAt: now - 194_000 }),
    ],
    'records.list': [
      recordOf(9, now, 300_000),
      recordOf(8, now, 1_500_000, { outcome: 'failed', status: 500, answeredAt: 0, seconds: 0, devices: [] }),
      recordOf(7, now, 4_000_000, { outcome: 'no-answer', status: 487, answeredAt: 0, seconds: 0, caller: outside }),
      recordOf(6, now, 90_000_000, { outcome: 'busy', status: 486, answeredAt: 0, caller: kofi, callee: jana }),
      recordOf(5, now, 170_000_000, { seconds: 4_000 }),
    ],
    'bans.list': [
      {
        ...{ address: '203.0.113.77', since: now - 600_000, until: now + 300_000, times: 1 },
        reason: '20 wrong passwords',
      },
      { address: '2001:db8:77::/64', since: now - 6_000, until: now + 890_000, times: 2, reason: 'a scanner' },
    ],
    'settings.list': [
      settingOf('mode', 'How calls are passed on', {
        ...{ value: 'proxy', usual: 'proxy', choices: ['proxy', 'redirect', 'stateless'] },
      }),
      settingOf('default-expires', 'Registration of a phone that does not say', { unit: 's', min: 10, max: 604_800 }),
      settingOf('serial-ring', 'How long phones ring before those in turn do', {
        ...{ value: 30, usual: 20, source: 'stored', unit: 's', min: 1, max: 600 },
      }),
      settingOf('ban-after', 'Offences after which an address is banned', {
        value: 20,
        usual: 20,
        min: 1,
        max: 100_000,
      }),
    ],
    'domains.list': [
      { name: 'office.example', isDefault: true, users: 38, realm: 'office.example', mode: 'default' },
      { name: 'warehouse.example', isDefault: false, users: 2, realm: 'office.example', mode: 'default' },
    ],
    'aliases.list': [
      { alias: '+4930901820', number: '1002', domain: 'office.internal' },
      { alias: '+4930901821', number: '1005', domain: 'office.internal' },
    ],
    'audit.list': [
      auditOf(12, now - 60_000, 'users.rename', {
        changes: [
          {
            ...{ kind: 'user', key: '1002@office.internal', change: 'changed' },
            fields: [{ field: 'name', before: 'Jana Novotná', after: 'Jana Dvořáková' }],
          },
        ],
      }),
      auditOf(11, now - 4_000_000, 'users.setPassword', {
        by: 'root',
        changes: [
          {
            ...{ kind: 'user', key: '1005@office.internal', change: 'changed' },
            fields: [{ field: 'password' }],
          },
        ],
        subject: '1005@office.internal',
      }),
      auditOf(10, now - 90_000_000, 'settings.set', {
        undoneBy: 13,
        subject: 'serial-ring',
        changes: [{ kind: 'setting', key: 'serial-ring', change: 'added', fields: [{ field: 'value', after: '45' }] }],
      }),
    ],
  };
}
