/** Calls, records, bans, settings and changes of an office, for component tests and pictures. */
import type { RefusalInfo } from '../../../app/renderer/store/office-types.ts';
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

export function refusalOf(address: string, last: number, more: Partial<RefusalInfo> = {}): RefusalInfo {
  return {
    ...{ key: `${address} password`, address, as: '', why: 'The password was wrong.', first: last, last, count: 1 },
    ...{ isBanned: false, isTrusted: false, ...more },
  };
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
    'refusals.list': [
      refusalOf('198.51.100.23', now - 40_000, { key: 'a', as: '1005@office.internal', count: 14 }),
      refusalOf('203.0.113.77', now - 600_000, { key: 'b', count: 20, isBanned: true }),
      refusalOf('2001:db8:77::/64', now - 4_000_000, {
        ...{ key: 'c', as: 'eve@elsewhere.example' },
        why: 'It wanted to call through this exchange to somewhere else, and is nobody of this office.',
      }),
      refusalOf('192.0.2.61', now - 30_000_000, {
        ...{ key: 'd', as: '1011@office.internal', count: 3, isTrusted: true, why: 'Nobody here has that number.' },
      }),
    ],
    'trust.list': [
      { network: '192.0.2.0/24', source: 'command line', addedAt: 0 },
      { network: '2001:db8:5::/48', source: 'kept', addedAt: now - 90_000_000 },
    ],
    'location.restless': [
      {
        ...{ number: '1005', domain: 'office.internal', name: 'Kofi Mensah', userAgent: 'Yealink', host: '192.0.2.61' },
        ...{ how: 'back', times: 6, since: now - 1_200_000, last: now - 60_000 },
      },
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
    ...lampLists(now),
    ...phoneLists(now),
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

const lamp = (number: string, name: string, state: string, note = ''): object => ({
  ...{ number, name, domain: 'office.internal', state, activities: [], note },
});

function lampLists(now: number): Readonly<Record<string, readonly object[]>> {
  const list = { domain: 'office.internal', name: 'sales' };
  const watching = { subscriber: '1002@office.internal', device: 'desk phone', target: 'sip:1002@192.0.2.50' };
  return {
    'presence.list': [
      lamp('1002', 'Jana Dvořáková', 'in-call', 'On the phone'),
      lamp('1005', 'Kofi Mensah', 'available', 'Back in the workshop at two'),
      lamp('1006', 'Olga Ivanova', 'offline'),
      lamp('1007', 'Miguel Ángel Torres', 'do-not-disturb', 'Do not disturb'),
    ],
    'lists.list': [
      { ...list, members: ['1002@office.internal', '1005@office.internal', '1007@office.internal'] },
      { ...list, name: 'workshop', members: ['1006@office.internal'] },
    ],
    'subscriptions.list': [
      { ...watching, key: 'a', event: 'dialog', resource: '1005@office.internal', expiresAt: now + 1_500_000 },
      {
        ...watching,
        key: 'b',
        event: 'presence',
        resource: 'list sip:sales@office.internal',
        expiresAt: now + 900_000,
      },
      {
        ...{ ...watching, subscriber: '1006@office.internal', device: '', key: 'c', event: 'message-summary' },
        ...{ resource: '1006@office.internal', expiresAt: now + 80_000_000 },
      },
    ],
    'presence.rules': [
      { domain: 'office.internal', watchers: 'everyone', listed: [], details: true },
      {
        ...{ domain: 'office.internal', number: '1006', watchers: 'listed', details: false },
        listed: ['1002@office.internal', '@branch.example'],
      },
    ],
  };
}

function phoneLists(now: number): Readonly<Record<string, readonly object[]>> {
  const [jana, kofi] = ['1002@office.internal', '1005@office.internal'];
  const handling = { domain: 'office.internal', noAnswerSeconds: 20, mayForwardOutside: false };
  const phone = { regId: 0, device: '', expiresAt: now + 1_200_000 };
  return {
    'location.list': [
      {
        ...{ ...phone, aor: jana, contact: 'sip:1002@192.0.2.50', received: '192.0.2.50:5060' },
        ...{ device: 'desk phone', userAgent: 'Yealink SIP-T46U 108.86.0.75' },
      },
      { ...phone, aor: jana, contact: 'sip:1002@192.0.2.61', received: '192.0.2.61:40112', userAgent: 'Tandem 0.1.0' },
      { ...phone, aor: kofi, contact: 'sip:1005@192.0.2.62', received: '192.0.2.62:5060', userAgent: 'baresip 4.0.0' },
    ],
    'devices.list': [
      { label: 'desk phone', number: '1002', domain: 'office.internal', createdAt: now, bindings: 1 },
      { label: 'gate', number: '1006', domain: 'office.internal', createdAt: now, bindings: 0 },
    ],
    'forwards.list': [
      { ...handling, number: '1002', doNotDisturb: true, forwards: {} },
      { ...handling, number: '1005', doNotDisturb: false, forwards: { busy: '1002', 'no-answer': '+420221555014' } },
    ],
    'messages.list': [
      { id: 7, recipient: kofi, sender: jana, receivedAt: now - 3_600_000, expiresAt: now + 86_400_000, bytes: 300 },
      { id: 8, recipient: jana, sender: kofi, receivedAt: now - 600_000, expiresAt: now + 86_400_000, bytes: 280 },
    ],
  };
}

/** What the page Diagnosis is answered. */
export function officeAnswers(now: number): Readonly<Record<string, object>> {
  const [jana, kofi] = ['1002@office.internal', '1005@office.internal'];
  const traced = { messages: 7, repeated: 0, addresses: ['192.0.2.50:5060'], status: 200, reason: 'OK' };
  const counted = { calls: 2, callsOnRecord: 8_412, messagesKept: 2, subscriptions: 31, bans: 2, overloaded: 0 };
  const sound = { relayedCalls: 1, packets: 512_300, bytes: 88_000_000, lost: 12, dropped: 0 };
  return {
    'trace.list': [
      { ...traced, callId: 'a1b2', method: 'INVITE', from: jana, to: kofi, startedAt: now - 9_000, lastAt: now },
      {
        ...{ ...traced, callId: 'r1', method: 'REGISTER', from: kofi, to: kofi, startedAt: now - 60_000 },
        ...{ lastAt: now, messages: 4 },
      },
      {
        ...{ ...traced, callId: 'm1', method: 'MESSAGE', from: kofi, to: jana, startedAt: now - 80_000, lastAt: now },
        ...{ status: 202, reason: 'Accepted', messages: 2 },
      },
    ],
    'trace.ladder': { hops: [], arrows: [] },
    'trace.show': [],
    status: {
      ...{ version: '0.1.0', pid: 4_711, mode: 'proxy', domains: ['office.internal'], users: 40, bindings: 31 },
      ...{ listeners: ['udp://192.0.2.10:5060', 'tcp://192.0.2.10:5060'], startedAt: now - 7_200_000 },
      events: { subscriptions: 31, publications: 4 },
    },
    stats: {
      ...{ uptime: 7_200, users: 40, registrations: 31, ...counted, ...sound },
      ...{ residentBytes: 141_000_000, heapBytes: 62_000_000, newCounter: 3 },
    },
  };
}

/** A month of calls: busy in the mornings of working days, one in six not answered. */
export function callCounts(now: number): object {
  const hours = Array.from({ length: 720 }, (_, hour) => now - (now % 3_600_000) - hour * 3_600_000);
  const items = hours.flatMap((at) => {
    const [day, hour] = [new Date(at).getDay(), new Date(at).getHours()];
    const busy = day % 6 === 0 ? 1 : [0, 0, 0, 0, 0, 0, 0, 4, 18, 31, 36, 29, 14, 22, 27, 21, 12, 5, 2][hour];
    const calls = Math.round((busy ?? 0) * (0.8 + ((at / 3_600_000) % 5) / 12));
    const missed = Math.floor(calls / 6);
    return calls === 0 ? [] : [{ at, calls: { answered: calls - missed, 'no-answer': missed } }];
  });
  return { items };
}
