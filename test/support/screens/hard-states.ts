/** What every page has to bear: being read, failing, being cut off, thousands of rows, names that are long or run from right to left. */

import type { TextMessage } from '../../../app/shared/text-message.ts';
import { auditOf, callInfo, officeLists, recordOf } from '../window/office-lists.ts';
import { accountOf, anna, contactsOf, pastOf, usersOf } from '../window/people.ts';
import { longUsers, NOW, news, office, phone, type ScreenState, userLists, users } from './states.ts';

const LOST = 'The exchange does not answer.';
const asks = ['stats', 'status', 'users.list', 'calls.list', 'records.list', 'bans.list', 'audit.list'];
const lost = Object.fromEntries([...asks, 'settings.list', 'domains.list', 'aliases.list'].map((ask) => [ask, LOST]));
const slow: ScreenState = { ...office, silent: [...asks, 'settings.list', 'domains.list', 'aliases.list'] };
const cutOff = accountOf({ state: 'failed', reason: 'The server does not answer.', retryAt: NOW + 12_000 });

const longParty = (place: number): { number: string; name: string; uri: string } => {
  const { name, number } = longUsers[place % longUsers.length] ?? { name: '', number: '' };
  return { name, number, uri: `sip:${number}@office.internal` };
};
const party = (place: number) => ({ ...longParty(place), aor: undefined, domain: 'office.internal' });
const longLists = {
  ...officeLists(NOW),
  'calls.list': [callInfo(1, NOW, { caller: party(0), callee: party(2) })],
  'records.list': [
    recordOf(9, NOW, 300_000, { caller: party(2), callee: party(0) }),
    recordOf(8, NOW, 1_500_000, { caller: party(1), callee: party(3), outcome: 'failed', status: 500, answeredAt: 0 }),
  ],
  'audit.list': [
    auditOf(12, NOW - 60_000, 'users.rename', {
      subject: 'warehouse-loading-bay-3@logistics.hohenstein-wolkenburg.example',
      changes: [
        {
          ...{ kind: 'user', key: 'warehouse-loading-bay-3@office.internal', change: 'changed' },
          fields: [{ field: 'name', before: longParty(0).name, after: longParty(2).name }],
        },
      ],
    }),
  ],
};
const none = { ...officeLists(NOW), 'bans.list': [], 'audit.list': [], 'calls.list': [], 'records.list': [] };

const text = (peer: string, minutes: number, words: string, name = ''): TextMessage => ({
  ...{ id: `${peer} ${minutes}`, accountId: anna.id, peer, name, text: words, at: NOW - minutes * 60_000 },
  ...{ direction: 'in', isRead: minutes > 2 },
});
const longMessages = [
  text('warehouse-loading-bay-3@logistics.office.example', 90, 'https://office.example/'.concat('parcels/'.repeat(24))),
  text('1001', 3, 'مرحبا، هل يمكنك الاتصال بي بعد الاجتماع؟ الغرفة رقم 4 محجوزة.', longParty(0).name),
  text('1003', 2, 'Guten Morgen', longParty(2).name),
];

export const hardStates: Readonly<Record<string, ScreenState>> = {
  'recent-loading': { ...phone, view: 'recent', silent: ['history.count', 'history.list'] },
  'recent-failed': {
    ...{ ...phone, view: 'recent', history: [pastOf()] },
    refuse: { 'history.list': '/home/anna/.config/Tandem/history.db could not be read (disk I/O error).' },
  },
  'recent-many': {
    ...{ ...phone, view: 'recent' },
    history: Array.from({ length: 4_000 }, (_, i) => {
      const [end, answeredAt] = i % 5 === 2 ? (['missed', null] as const) : (['answered', NOW] as const);
      const startedAt = NOW - i * 1_900_000 - 60_000;
      return pastOf({
        ...{ id: `p${i}`, startedAt, end, answeredAt: answeredAt && startedAt + 4_000, peer: longParty(i) },
        direction: i % 3 === 0 ? 'outgoing' : 'incoming',
      });
    }),
  },
  'people-failed': {
    ...phone,
    view: 'people',
    refuse: { 'contacts.list': '/home/anna/.config/Tandem/contacts.db could not be read (disk I/O error).' },
  },
  'people-offline': {
    ...{ ...phone, view: 'people', accounts: [cutOff], contacts: contactsOf(40) },
    news: { ...news, people: news.people.map(({ ringing: _, ...one }) => ({ ...one, state: 'unknown' as const })) },
  },
  'messages-many': {
    ...{ ...phone, view: 'messages' },
    messages: Array.from({ length: 400 }, (_, i) => text(String(2_000 + i), i * 90, `Parcel ${i} has arrived.`)),
  },
  'conversation-long': {
    ...{ ...phone, view: 'messages', messages: longMessages },
    steps: [{ press: longParty(0).name }],
  },
  'conversation-offline': {
    ...{ ...phone, view: 'messages', accounts: [cutOff], messages: longMessages },
    steps: [{ press: 'warehouse-loading-bay-3@logistics.office.example' }],
  },
  'office-loading': slow,
  'office-lost': { ...office, users: usersOf(40), refuse: lost },
  'office-long': { ...office, users: longUsers, lists: longLists },
  'office-users-loading': { ...slow, place: { page: 'users' } },
  'office-users-long': { ...users, users: longUsers },
  'office-user-long': {
    ...{ ...users, users: longUsers, lists: userLists },
    steps: [{ press: `Open ${longParty(2).name}` }],
  },
  'office-calls-none': { ...office, place: { page: 'calls' }, lists: none },
  'office-records-none': { ...office, place: { page: 'calls', failed: true }, lists: none },
  'office-records-long': { ...office, place: { page: 'calls', failed: true }, lists: longLists },
  'office-security-none': { ...office, place: { page: 'security' }, lists: none },
  'office-domains-lost': { ...office, place: { page: 'domains' }, refuse: lost },
  'office-settings-loading': { ...slow, place: { page: 'settings' } },
  'office-log-long': { ...office, place: { page: 'log' }, lists: longLists },
  'office-log-none': { ...office, place: { page: 'log' }, lists: none },
  'office-ladder-loading': { ...office, place: { page: 'calls', callId: 'a1b2' }, silent: ['trace.ladder', 'why'] },
  'office-ladder-lost': {
    ...{ ...office, place: { page: 'calls', callId: 'a1b2' } },
    refuse: { 'trace.ladder': LOST, why: LOST },
  },
  'office-rename': {
    ...{ ...users, users: usersOf(5), lists: userLists },
    steps: [{ press: 'Open Jana Dvořáková' }, { press: 'Change name…' }],
  },
  'office-password': {
    ...{ ...users, users: usersOf(5), lists: userLists },
    steps: [{ press: 'Open Jana Dvořáková' }, { press: 'Set password…' }],
  },
  'office-device': {
    ...{ ...users, users: usersOf(5), lists: userLists },
    steps: [{ press: 'Open Jana Dvořáková' }, { press: 'Add device…' }],
  },
  'office-ban': {
    ...{ ...office, place: { page: 'security' }, lists: officeLists(NOW) },
    steps: [{ press: 'Keep an address out…' }],
  },
  'office-restore': {
    ...{ ...office, place: { page: 'settings' }, lists: officeLists(NOW) },
    steps: [{ unfold: 'Backup' }, { press: 'Put a backup back…' }],
  },
  'sign-out': { ...phone, steps: [{ press: 'Account menu' }, { choose: 'Sign out…' }] },
  language: { ...phone, steps: [{ press: 'Account menu' }, { choose: 'Language…' }] },
  'settings-sound': { ...phone, view: 'settings', section: 'sound' },
};
