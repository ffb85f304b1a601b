/** Accounts, calls and users for component tests and pictures. */
import type {
  AccountSnapshot,
  AccountState,
  CallQuality,
  CallSnapshot,
} from '../../../app/renderer/softphone/snapshots.ts';
import type { BooksView } from '../../../app/shared/address-books.ts';
import type { Account, Profile } from '../../../app/shared/bridge.ts';
import { codecDefaults } from '../../../app/shared/codec-settings.ts';
import type { Contact } from '../../../app/shared/contact.ts';
import type { PastCall } from '../../../app/shared/history.ts';
import type { OfficeUser } from '../../../app/shared/office-admin.ts';

export const anna: Account = {
  id: 'anna',
  number: '1001',
  displayName: 'Anna Lindqvist',
  server: '192.0.2.10',
  outboundProxy: '',
};

export function profileOf(account: Account = anna, more: Partial<Profile> = {}): Profile {
  return {
    accounts: [account],
    codecs: codecDefaults,
    secrets: 'keychain',
    hasPassword: { [account.id]: true },
    ...more,
  };
}

export function accountOf(registration: AccountState, account: Account = anna): AccountSnapshot {
  const { id, number, displayName } = account;
  return {
    id,
    number,
    displayName,
    aor: `sip:${number}@office.internal`,
    domain: 'office.internal',
    registration,
    connectedBy: [],
    certificate: undefined,
    soundTrouble: '',
  };
}

export const registered = (account: Account = anna): AccountSnapshot =>
  accountOf({ state: 'registered', expiresAt: 0 }, account);

/** Sound of which nothing but this is known. */
export function soundOf(more: Partial<CallQuality> = {}): CallQuality {
  return {
    ...{ codec: 'PCMU', protection: '', received: 100, sent: 100, lost: 0, jitterMs: 1 },
    ...{ ice: null, here: null, there: null, roundTripMs: null },
    ...more,
  };
}

export function callOf(more: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    id: 'call-1',
    accountId: 'anna',
    direction: 'outgoing',
    state: 'active',
    peer: { name: 'Jana Dvořáková', number: '1002', uri: 'sip:1002@office.internal' },
    startedAt: 1_000,
    muted: false,
    held: false,
    heldByPeer: false,
    inConference: false,
    digits: '',
    ...more,
  };
}

const NAMES = [
  'Anna Lindqvist',
  'Jana Dvořáková',
  'Miguel Ángel Torres',
  'Olga Ivanova',
  'Kofi Mensah',
  'Mei Lin',
  'Priya Raman',
  'Tom Baker',
  'Reception',
  'Léa Moreau',
];

/** An answered call from here that lasted a minute and a half. */
export function pastOf(more: Partial<PastCall> = {}): PastCall {
  const startedAt = more.startedAt ?? 1_000;
  return {
    ...{ id: 'past-1', accountId: 'anna', direction: 'outgoing', end: 'answered', reason: '', quality: null },
    recordings: [],
    peer: { name: 'Jana Dvořáková', number: '1002', uri: 'sip:1002@office.internal' },
    ...{ startedAt, answeredAt: startedAt + 4_000, endedAt: startedAt + 94_000 },
    ...more,
  };
}

export function usersOf(count: number): readonly OfficeUser[] {
  return Array.from({ length: count }, (_, index) => ({
    number: String(1001 + index),
    domain: 'office.internal',
    name: `${NAMES[index % NAMES.length]}${index < NAMES.length ? '' : ` ${Math.floor(index / NAMES.length) + 1}`}`,
    devices: index % 4 === 3 ? 0 : index % 5 === 1 ? 2 : 1,
  }));
}

export function contactOf(name: string, number: string, more: Partial<Contact> = {}): Contact {
  return {
    ...{
      id: `contact of ${name}`,
      name,
      company: '',
      numbers: [{ kind: 'work', value: number }],
      emails: [],
      note: '',
    },
    ...{ favourite: false, source: '', hasPhoto: false, ...more },
  };
}

/** A server with a book that may be written, `office`, and one that may not, `board`. */
export function booksOf(more: Partial<BooksView> = {}): BooksView {
  return {
    ...{ id: 'cloud', server: 'https://cloud.example/', user: 'anna', state: 'ready', reason: '', unread: 0 },
    syncedAt: Date.UTC(2030, 0, 15, 9, 12),
    books: [
      { id: 'office', name: 'Office', used: true, writable: true, count: 2 },
      { id: 'board', name: 'Board', used: true, writable: false, count: 1 },
    ],
    ...more,
  };
}

const FIRST = ['Adam', 'Běla', 'Čeněk', 'Dana', 'Emil', 'Františka', 'Gita', 'Hana', 'Ivo', 'Jana', 'Karel', 'Lucie'];
const LAST = ['Novák', 'Svobodová', 'Dvořák', 'Černá', 'Procházka', 'Kučerová', 'Veselý'];

/** So many contacts, no two with the same number. */
export function contactsOf(count: number): readonly Contact[] {
  return Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / (FIRST.length * LAST.length));
    const name = `${FIRST[i % FIRST.length]} ${LAST[i % LAST.length]}${round === 0 ? '' : ` ${round + 1}`}`;
    const digits = String(221_000_000 + i * 7);
    const number = `+420 ${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
    return contactOf(name, number, { id: `c${i}`, company: i % 3 === 0 ? 'Kolben s.r.o.' : '', favourite: i === 4 });
  });
}
