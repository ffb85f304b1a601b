/** The states of the window that are kept as pictures, and the presses that lead to each. */

import type { AccountSnapshot, NewsSnapshot, PersonSnapshot } from '../../../app/renderer/softphone/snapshots.ts';
import type { SoundView } from '../../../app/renderer/softphone/sound-devices.ts';
import type { OfficePlace } from '../../../app/renderer/store/office-pages.ts';
import type { SettingsSection, View } from '../../../app/renderer/store/view-store.ts';
import type { Account, OfficeState } from '../../../app/shared/bridge.ts';
import { codecDefaults } from '../../../app/shared/codec-settings.ts';
import { computerDefaults } from '../../../app/shared/computer.ts';
import {
  type CertificateProblem,
  certificateWords,
  type TrustedCertificate,
} from '../../../app/shared/connection-settings.ts';
import { type DesktopState, desktopDefaults } from '../../../app/shared/desktop.ts';
import type { Dialling } from '../../../app/shared/dialling.ts';
import type { DirectoryView } from '../../../app/shared/directories.ts';
import type { OfficeUser } from '../../../app/shared/office-admin.ts';
import { soundDefaults } from '../../../app/shared/sound-settings.ts';
import type { OutState, TextMessage } from '../../../app/shared/text-message.ts';
import { busyMessages, busyReason, ladderOf } from '../window/busy-call.ts';
import { type FakeState, runningOffice } from '../window/fake-ports.ts';
import { callCounts, officeAnswers, officeLists } from '../window/office-lists.ts';
import {
  accountOf,
  anna,
  booksOf,
  callOf,
  contactOf,
  contactsOf,
  pastOf,
  profileOf,
  registered,
  soundOf,
  usersOf,
} from '../window/people.ts';

/** Pictures are taken at this moment, ms since 1970. */
export const NOW = Date.UTC(2030, 0, 15, 9, 30);

export interface Step {
  readonly press?: string;
  readonly choose?: string;
  /** More of a form. */
  readonly open?: string;
  /** More of a page, where the window is too small to show it at once. */
  readonly unfold?: string;
  /** Brought into sight. */
  readonly see?: string;
  /** A switch. */
  readonly turn?: string;
  readonly fill?: readonly [field: string, text: string];
  /** A file. */
  readonly give?: readonly [field: string, name: string, text: string];
}

export interface ScreenState extends Partial<FakeState> {
  readonly view?: View;
  /** Of the settings. */
  readonly section?: SettingsSection;
  /** Within the office. */
  readonly place?: OfficePlace;
  readonly steps?: readonly Step[];
  /** How its calls sounded before, each ten seconds. */
  readonly scores?: readonly number[];
}

const away: DesktopState = { window: { focused: false, seen: false }, hasTray: true, settings: desktopDefaults };
export const phone: ScreenState = { profile: profileOf(), accounts: [registered()] };
const ladder = {
  ...{ 'trace.ladder': ladderOf(), 'trace.show': busyMessages },
  why: { kind: 'call', subject: 'a1b2', reasons: [busyReason] },
};
export const office: ScreenState = { ...phone, view: 'office', office: runningOffice };
const lists = officeLists(NOW);
const why = {
  reasons: [
    {
      ...{ key: 'phone.silent', at: NOW, callId: '', messages: [], values: {} },
      text: 'The phone of Kofi Mensah did not answer within 32 seconds, although it is registered.',
      todo: 'Look whether it is switched on, and whether a firewall keeps messages from it.',
    },
  ],
};
const diagnosis: ScreenState = { ...office, place: { page: 'diagnosis' }, lists, answers: officeAnswers(NOW) };
const told = {
  'records.webhook': { url: 'https://crm.office.example/calls', hasSecret: true, waiting: 3, givenUp: 0 },
};
export const users: ScreenState = { ...office, place: { page: 'users' } };
const jana = { number: '1002', domain: 'office.internal' };
export const userLists = {
  'aliases.list': [{ alias: '+4930901820', ...jana }],
  'devices.list': [{ label: 'desk phone', ...jana, createdAt: 0, bindings: 1 }],
  'forwards.list': [
    {
      ...{ ...jana, doNotDisturb: false, mayForwardOutside: false, noAnswerSeconds: 15 },
      forwards: { 'no-answer': '1003', unreachable: '1001' },
    },
  ],
  'location.list': [
    {
      ...{ aor: '1002@office.internal', contact: 'sip:1002@192.0.2.50', received: '192.0.2.50:5060', regId: 0 },
      ...{ userAgent: 'Yealink T46U 108.86', device: 'desk phone', expiresAt: NOW + 2_400_000 },
    },
    {
      ...{ aor: '1002@office.internal', contact: 'sip:1002@192.0.2.61', received: '192.0.2.61:40112', regId: 1 },
      ...{ userAgent: 'Tandem', device: '', expiresAt: NOW + 540_000 },
    },
  ],
};
const quality = soundOf({
  ...{ codec: 'opus', protection: 'AEAD_AES_128_GCM', received: 3_412, sent: 3_420, jitterMs: 2.4 },
  here: { lossPercent: 0, jitterMs: 2.4, mos: 4.4 },
  there: { lossPercent: 0.4, jitterMs: 5.1, mos: 4.3 },
  roundTripMs: 23.4,
});
const talking = callOf({ startedAt: NOW - 80_000, answeredAt: NOW - 72_000, quality });

const headset = { id: 'headset', label: 'Jabra Evolve2 65' };
const watched = (number: string, name: string, more: Partial<PersonSnapshot>): PersonSnapshot => ({
  ...{ accountId: anna.id, target: number, number, name, state: 'available', note: '', ...more },
});
export const news: NewsSnapshot = {
  people: [
    watched('1002', 'Jana Dvořáková', {
      state: 'ringing',
      ringing: {
        caller: 'Kofi Mensah',
        target: 'sip:1005@office.internal',
        replaces: { callId: 'c', toTag: 't', fromTag: 'f', earlyOnly: true },
      },
    }),
    watched('1003', 'Miguel Ángel Torres', { note: 'Back at two' }),
    watched('1004', 'Olga Ivanova', { state: 'in-call' }),
    watched('1005', 'Kofi Mensah', { state: 'do-not-disturb' }),
    watched('1006', 'Mei Lin', { state: 'offline' }),
    watched('1099', '', { state: 'unknown', problem: 'The server does not know this number.' }),
  ],
  mailboxes: [{ accountId: anna.id, isWaiting: true, fresh: 2, old: 1 }],
};
const said = (peer: string, minutes: number, text: string, isRead = true): TextMessage => ({
  ...{ id: `in ${peer} ${minutes}`, accountId: anna.id, peer, name: '', text, at: NOW - minutes * 60_000 },
  ...{ direction: 'in', isRead },
});
const wrote = (peer: string, minutes: number, text: string, state: OutState, reason?: string): TextMessage => ({
  ...{ id: `out ${peer} ${minutes}`, accountId: anna.id, peer, name: '', text, at: NOW - minutes * 60_000 },
  ...{ direction: 'out', state, ...(reason === undefined ? {} : { reason }) },
});
const messages: readonly TextMessage[] = [
  said('1003', 1_500, 'The keys are at the reception.'),
  wrote('1005', 55, 'Can you take my calls until four?', 'failed', 'Kofi Mensah is not available now.'),
  said('1002', 21, 'Are you coming to the meeting? Room 4 is taken, we are in the small one on the second floor.'),
  wrote('1002', 20, 'Yes, in five minutes.', 'delivered'),
  said('1002', 18, 'Good.'),
  wrote('1002', 2, 'Bring the papers, please.', 'kept'),
  said('+420221555014', 1, 'Your parcel has arrived.', false),
];
const withVoicemail = profileOf({ ...anna, calls: { voicemail: '*97' } });
const sound: SoundView = {
  settings: { ...soundDefaults, microphone: headset, speaker: headset, speakerVolume: 0.8 },
  inputs: [{ id: 'built-in', label: 'Built-in Audio Analogue Stereo' }, headset],
  outputs: [{ id: 'built-in', label: 'Built-in Audio Analogue Stereo' }, headset],
  missing: [],
};
const unplugged: SoundView = {
  ...sound,
  inputs: sound.inputs.slice(0, 1),
  outputs: sound.outputs.slice(0, 1),
  missing: ['microphone', 'speaker'],
};

const fingerprint = Array.from({ length: 32 }, (_, i) => ((i * 37 + 11) % 256).toString(16).padStart(2, '0'))
  .join(':')
  .toUpperCase();
const offered: TrustedCertificate = {
  ...{ server: 'a.office.example', fingerprint, name: 'a.office.example', authority: '' },
  until: NOW + 3_000 * 86_400_000,
};
const trusted = [offered];
function doubted(why: CertificateProblem['why']): AccountSnapshot {
  const certificate: CertificateProblem = {
    ...{ why, offered, fingerprint, names: 'a.office.example, 192.0.2.1', issuer: 'a.office.example' },
    from: NOW - 86_400_000,
  };
  return { ...accountOf({ state: 'failed', reason: certificateWords(certificate), certificate }), certificate };
}

const other = { name: 'Miguel Ángel Torres', number: '1003', uri: 'sip:1003@office.internal' };

const second = callOf({ id: 'call-2', startedAt: NOW - 9_000, answeredAt: NOW - 5_000, peer: other, quality });
const inCompany = [contactOf('Jana Dvořáková', '1002', { company: 'Kolben s.r.o.' })];
const longNames = [
  'عبد الرحمن بن محمد الأنصاري',
  'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff senior of the branch office in Philadelphia',
] as const;

const failedOffice: OfficeState = {
  state: 'failed',
  reason:
    'The database /home/anna/.config/Tandem/office/tandem.db is damaged (file is not a database): restore a backup over it, or move it and its -wal file away to begin anew.',
};

const club: Account = { ...anna, id: 'club', number: '77', displayName: 'Rowing club', server: '192.0.2.77' };
const bothAccounts = profileOf(anna, { accounts: [anna, club], hasPassword: { anna: true, club: true } });
const bothSnapshots = [registered(), { ...registered(club), aor: 'sip:77@192.0.2.77', domain: '192.0.2.77' }];

const direct: Account = { ...anna, id: 'direct', number: 'anna', server: '', settings: { registrar: false } };
const listening = {
  ...accountOf(
    { state: 'listening', address: '192.0.2.5:5060', alsoAt: '[2001:db8:42:1f:8a2e:370:7334:beef]:5060' },
    direct,
  ),
  ...{ aor: 'sip:anna@192.0.2.5:5060', domain: '' },
};

const longNamed: Account = {
  ...anna,
  number: '1007',
  displayName: 'Dr. Maximiliane Katharina von Hohenstein-Wolkenburg-Liechtenfels',
};
export const longUsers: readonly OfficeUser[] = [
  { number: '1001', domain: 'office.internal', name: 'عبد الرحمن بن محمد الأنصاري', devices: 1 },
  { number: '1002', domain: 'office.internal', name: 'נעמה בן־דוד', devices: 0 },
  { number: '1003', domain: 'office.internal', name: longNamed.displayName, devices: 3 },
  { number: 'warehouse-loading-bay-3', domain: 'office.internal', name: '', devices: 1 },
];

const officeOf = (users: readonly OfficeUser[]): NewsSnapshot => ({
  ...{ people: [], mailboxes: [] },
  offices: [
    {
      ...{ accountId: anna.id, domain: 'office.internal', people: users },
      lamps: new Map(users.map(({ number }, at) => [number, STATES[at % STATES.length] ?? 'offline'])),
    },
  ],
});
const STATES = ['available', 'in-call', 'ringing', 'do-not-disturb', 'offline'] as const;
const officeNews = officeOf([...longUsers, ...usersOf(14).slice(3)]);
const manyNews = officeOf(usersOf(4_000));

const importedTable = [
  'Name,Phone,Company',
  'Adam Novák,221000000,Kolben s.r.o.',
  'Reception,+420 221 000 007,',
  'Eva Malá,602 000 111,Kolben s.r.o.',
  ',,',
  ' , ,x\u0007',
  ...Array.from({ length: 80 }, (_, i) => `Colleague ${i},3${i},`),
].join('\n');
const longContacts = [
  contactOf('عبد الرحمن بن محمد الأنصاري', '+971 4 555 0100', { company: 'شركة الخليج للتجارة', favourite: true }),
  contactOf(longNamed.displayName, 'warehouse-loading-bay-3@logistics.office.example', {
    company: 'Hohenstein-Wolkenburgische Vermögensverwaltungsgesellschaft',
  }),
  contactOf('נעמה בן־דוד', '03-555-0199'),
];

const outsideLine: Dialling = {
  country: 'CZ',
  rules: [
    { kind: 'replace', prefix: '8', by: '' },
    { kind: 'outside', prefix: '0', digits: 7 },
  ],
};
const janaInBook = contactOf('Jana Dvořáková', '+420 221 000 111', { source: 'office', company: 'Mlýn a syn' });
const withBooks: ScreenState = {
  ...{ ...phone, view: 'people', books: [booksOf()] },
  contacts: [
    janaInBook,
    contactOf('Kofi Mensah', '1005'),
    contactOf('Board', '100', { source: 'board' }),
    ...longContacts,
  ],
};
const openBooks: readonly Step[] = [{ press: 'More for people' }, { choose: 'Address books and directories…' }];

const company: DirectoryView = {
  ...{ id: 'ldap', name: 'Company', server: 'ldap.office.example', way: 'tls', base: 'dc=office,dc=example', user: '' },
  ...{ kind: 'standard', filter: '', numbers: '', reason: '' },
};
const found = [
  contactOf('Karel Novotný', '+420 777 123 456', { id: 'ldap/1', source: 'ldap', company: 'Sklad' }),
  contactOf('عبد الرحمن بن محمد الأنصاري', '+971 4 555 0100', { id: 'ldap/2', source: 'ldap' }),
];

export const states: Readonly<Record<string, ScreenState>> = {
  'people-groups': {
    ...withBooks,
    office: runningOffice,
    users: [...usersOf(4), ...longUsers],
    directories: [company],
  },
  'people-directory': {
    ...{ ...withBooks, directories: [company], inDirectories: found },
    steps: [{ fill: ['Find people', 'a'] }, { fill: ['Find people', 'ka'] }],
  },
  directories: {
    ...{ ...withBooks, steps: openBooks },
    directories: [company, { ...company, id: 'away', name: '', reason: 'Nothing answers at ldap.office.example.' }],
  },
  'directory-add': {
    ...{ ...phone, view: 'people' },
    steps: [...openBooks, { press: 'Add directory…' }, { press: 'More' }],
  },
  'people-books': withBooks,
  'address-books': { ...withBooks, steps: openBooks },
  'address-books-none': { ...phone, view: 'people', steps: openBooks },
  'address-books-away': {
    ...withBooks,
    steps: openBooks,
    books: [
      booksOf({ state: 'offline', reason: 'Nothing answers at cloud.example.', unread: 3 }),
      booksOf({
        ...{ id: 'b', server: 'https://groupware.hohenstein-wolkenburg.example/SOGo/dav', user: 'm.k' },
        ...{
          state: 'failed',
          reason: 'groupware.hohenstein-wolkenburg.example does not accept this name and password.',
        },
        syncedAt: 0,
        books: [],
      }),
    ],
  },
  'address-books-add': {
    ...{ ...phone, view: 'people' },
    steps: [...openBooks, { press: 'Add address books…' }, { fill: ['Server or e-mail address', 'http://nas.local'] }],
  },
  'sign-in': {},
  'sign-in-found': {
    offices: [
      { name: 'Ateliér Novák', server: '192.0.2.10:5060' },
      { name: 'warehouse.example', server: '192.0.2.77:5060' },
    ],
    steps: [{ fill: ['Code', 'K7M-4QP-9XT'] }],
  },
  'sign-in-address': { steps: [{ fill: ['Code', 'K7M-4QP-9XT'] }, { press: 'Join' }] },
  'sign-in-code-refused': {
    offices: [{ name: 'Ateliér Novák', server: '192.0.2.10:5060' }],
    refuse: {
      'joining.join':
        'The office does not know this code: it was mistyped, or used already, or is too old. Look at it once more, or ask for a new one.',
    },
    steps: [{ fill: ['Code', 'K7M-4QP-9XT'] }, { press: 'Join' }],
  },
  welcome: {
    ...phone,
    offices: [{ name: 'Ateliér Novák', server: '192.0.2.10:5060' }],
    profile: { accounts: [], codecs: codecDefaults, secrets: 'keychain', hasPassword: {} },
    steps: [{ fill: ['Code', 'K7M-4QP-9XT'] }, { press: 'Join' }],
  },
  'sign-in-errors': {
    steps: [{ press: 'Sign in' }],
    profile: { accounts: [], codecs: codecDefaults, secrets: 'asked', hasPassword: {} },
  },
  'password-asked': { profile: profileOf(anna, { secrets: 'asked', hasPassword: {} }) },
  'password-refused': {
    ...phone,
    accounts: [
      accountOf({
        state: 'failed',
        reason: 'The password is wrong, or the server does not know this number.',
        wrongPassword: true,
      }),
    ],
  },
  idle: { ...phone, steps: [{ fill: ['Name or number', '1002'] }] },
  'idle-empty': phone,
  'dial-search': {
    ...phone,
    profile: profileOf({ ...anna, dialling: outsideLine }),
    news,
    contacts: [
      contactOf('Jana Dvořáková', '+420 221 555 014', { company: 'Kolben s.r.o.', favourite: true }),
      contactOf('Jana Maximiliana von Hohenberg-Wittelsbach zu Rosenthal', '601 234 567', {
        company: 'Šťáva a synové',
      }),
      contactOf('ג׳נט jan כהן', '+972 2 123 4567'),
      ...contactsOf(400),
    ],
    steps: [{ fill: ['Name or number', 'jan'] }],
  },
  'dial-prefix': {
    ...phone,
    profile: profileOf({ ...anna, dialling: outsideLine }),
    contacts: [contactOf('Jana Dvořáková', '+420 221 555 014')],
    steps: [{ fill: ['Name or number', '221 555 014'] }],
  },
  dialling: {
    ...phone,
    profile: profileOf({ ...anna, dialling: outsideLine }),
    steps: [
      { press: 'Account menu' },
      { choose: 'Dialling…' },
      { fill: ['Try a number', '221 555 014'] },
      { press: 'Add rule' },
    ],
  },
  registering: { ...phone, accounts: [accountOf({ state: 'registering' })] },
  offline: {
    ...phone,
    accounts: [accountOf({ state: 'failed', reason: 'The server does not answer.', retryAt: NOW + 12_000 })],
  },
  incoming: { ...phone, calls: [callOf({ state: 'incoming', direction: 'incoming', startedAt: NOW - 4_000 })] },
  'small-incoming': {
    ...{ ...phone, desktop: away, profile: bothAccounts, accounts: bothSnapshots },
    contacts: [contactOf('Jana Dvořáková', '1002', { company: 'Kolben s.r.o.' })],
    calls: [
      callOf({ state: 'incoming', direction: 'incoming', startedAt: NOW - 4_000 }),
      callOf({
        ...{ id: 'second', state: 'incoming', direction: 'incoming', startedAt: NOW - 2_000, accountId: club.id },
        peer: { name: longNamed.displayName, number: '+49 30 901820', uri: 'sip:+4930901820@192.0.2.77' },
        detour: 'Forwarded by 1005, who was busy.',
      }),
    ],
  },
  'small-bar': { ...phone, desktop: away, calls: [{ ...talking, muted: true }, callOf({ id: 'second', held: true })] },
  'small-bar-keypad': {
    ...{ ...phone, desktop: away, calls: [{ ...talking, digits: '4711#' }] },
  },
  'small-bar-trouble': {
    ...{ ...phone, desktop: away },
    calls: [
      {
        ...talking,
        peer: { ...talking.peer, name: 'عبد الرحمن بن محمد الأنصاري من المكتب الرئيسي' },
        notice: 'No sound arrives from the other side.',
      },
    ],
  },
  'incoming-message': {
    ...phone,
    calls: [callOf({ state: 'incoming', direction: 'incoming', startedAt: NOW - 4_000 })],
    steps: [{ press: 'Message…' }],
  },
  'incoming-send': {
    ...{ ...phone, profile: withVoicemail, contacts: contactsOf(40), news },
    calls: [callOf({ state: 'incoming', direction: 'incoming', startedAt: NOW - 4_000 })],
    steps: [{ press: 'Send elsewhere…' }, { fill: ['Send to', 'ja'] }],
  },
  'incoming-elsewhere': {
    ...office,
    users: usersOf(5),
    calls: [callOf({ state: 'incoming', direction: 'incoming', startedAt: NOW - 4_000 })],
  },
  ringing: { ...phone, calls: [callOf({ state: 'ringing', startedAt: NOW - 3_000 })] },
  'in-call': { ...phone, calls: [talking] },
  'call-sound': {
    ...{ ...phone, calls: [{ ...talking, secure: true }], scores: [4.4, 4.4, 4.3, 4.4, 3.4, 2.6, 3.9, 4.2, 4.3, 4.4] },
    steps: [{ press: 'Good sound, Protected' }],
  },
  keypad: { ...phone, calls: [{ ...talking, digits: '4711#' }], steps: [{ press: 'Keypad' }] },
  'no-sound': {
    ...phone,
    microphone: 'denied',
    calls: [
      {
        ...talking,
        notice:
          'No sound arrives from the other side, and 198.51.100.7 port 16420 refuses ours: that port is closed or blocked.',
        muted: true,
        quality: soundOf({
          ...{ codec: 'PCMA', received: 310, sent: 3_420, lost: 31, jitterMs: 14 },
          here: { lossPercent: 9.1, jitterMs: 14, mos: 3.5 },
        }),
      },
    ],
  },
  'two-calls': {
    ...phone,
    calls: [
      callOf({
        id: 'call-2',
        state: 'incoming',
        direction: 'incoming',
        startedAt: NOW - 2_000,
        peer: { name: '', number: '+420 221 555 014', uri: 'sip:+420221555014@office.internal' },
      }),
      talking,
    ],
  },
  'two-talks': { ...phone, contacts: inCompany, calls: [{ ...talking, held: true }, second] },
  elsewhere: {
    ...phone,
    news: {
      ...{ people: [], mailboxes: [] },
      elsewhere: [
        {
          ...{ accountId: anna.id, id: '1', peer: other },
          replaces: { callId: 'c', toTag: 'r', fromTag: 'l', earlyOnly: false },
        },
      ],
    },
  },
  'call-devices': {
    ...{ ...phone, contacts: inCompany, calls: [{ ...talking, held: true }, second] },
    news: {
      ...{ people: [], mailboxes: [] },
      devices: [
        {
          accountId: anna.id,
          devices: ['kitchen-pc', 'snomD785', 'Telefon v zasedací místnosti u recepce ve třetím patře'].map((name) => ({
            id: name,
            name,
          })),
        },
      ],
    },
    steps: [{ press: 'More for the call with Miguel Ángel Torres' }],
  },
  'call-menu': {
    ...{ ...phone, contacts: inCompany, calls: [{ ...talking, held: true }, second] },
    steps: [{ press: 'More for the call with Miguel Ángel Torres' }],
  },
  'conference-eight': {
    ...phone,
    calls: usersOf(9)
      .slice(1)
      .map(({ number, name }, i) =>
        callOf({
          ...{ id: `call-${i}`, inConference: true, startedAt: NOW - 90_000, answeredAt: NOW - 80_000 + i * 7_000 },
          peer: {
            name: i === 3 ? longNames[0] : i === 4 ? longNames[1] : name,
            number,
            uri: `sip:${number}@office.internal`,
          },
        }),
      ),
  },
  reconnecting: { ...phone, calls: [{ ...talking, reconnecting: NOW - 12_000 }] },
  held: { ...phone, calls: [{ ...talking, held: true, detour: 'Forwarded by 1005, who was busy.' }] },
  transfer: { ...phone, calls: [talking], steps: [{ press: 'Transfer' }, { fill: ['To', '1003'] }] },
  'transfer-two': {
    ...phone,
    calls: [{ ...talking, held: true }, callOf({ id: 'call-2', startedAt: NOW - 9_000, peer: other })],
    steps: [{ press: 'Resume' }],
  },
  asked: {
    ...phone,
    calls: [{ ...talking, question: 'Jana Dvořáková wants to connect you with +420 221 555 014.' }],
  },
  conference: {
    ...phone,
    calls: [
      { ...talking, inConference: true },
      callOf({ id: 'call-2', inConference: true, startedAt: NOW - 60_000, answeredAt: NOW - 50_000, peer: other }),
      callOf({
        id: 'call-3',
        held: true,
        startedAt: NOW - 9_000,
        answeredAt: NOW - 5_000,
        peer: { name: 'Kofi Mensah', number: '1005', uri: 'sip:1005@office.internal' },
      }),
    ],
  },
  ended: {
    ...phone,
    calls: [
      callOf({ state: 'ended', startedAt: NOW - 9_000, endedAt: NOW - 1_000, notice: 'Jana Dvořáková is busy.' }),
      callOf({
        id: 'call-0',
        state: 'ended',
        direction: 'incoming',
        startedAt: NOW - 60_000,
        endedAt: NOW - 40_000,
        peer: { name: '', number: '1015', uri: 'sip:1015@office.internal' },
      }),
    ],
  },
  recent: {
    ...phone,
    view: 'recent',
    history: [
      pastOf({
        ...{ id: 'p5', direction: 'incoming', end: 'missed', answeredAt: null, startedAt: NOW - 1_200_000 },
        peer: { name: 'Kofi Mensah', number: '1005', uri: 'sip:1005@office.internal' },
      }),
      pastOf({
        ...{ id: 'p4', startedAt: NOW - 4_000_000 },
        recordings: [{ id: 'r1', seconds: 88, fault: '' }],
        quality: {
          ...{ codec: 'opus', protection: 'AEAD_AES_128_GCM', roundTripMs: 31 },
          here: { lossPercent: 0.2, jitterMs: 3.1, mos: 4.4 },
          there: { lossPercent: 6.5, jitterMs: 12, mos: 3.8 },
        },
      }),
      pastOf({
        ...{ id: 'p3', end: 'unanswered', answeredAt: null, reason: 'Miguel Ángel Torres is busy.', peer: other },
        startedAt: NOW - 90_000_000,
      }),
      pastOf({
        ...{ id: 'p2', direction: 'incoming', end: 'declined', answeredAt: null, startedAt: NOW - 300_000_000 },
        peer: { name: '', number: '+420 221 555 014', uri: 'sip:+420221555014@office.internal' },
      }),
      pastOf({
        ...{ id: 'p1', direction: 'incoming', startedAt: NOW - 40_000_000_000 },
        peer: { name: 'عبد الرحمن بن محمد الأنصاري', number: '1009', uri: 'sip:1009@office.internal' },
      }),
    ],
  },
  'recent-none': { ...phone, view: 'recent' },
  'office-down': { ...phone, office: failedOffice },
  'sign-in-office-down': { office: failedOffice },
  'office-off': { view: 'office' },
  'office-failed': { view: 'office', office: failedOffice },
  'office-empty': { view: 'office', office: runningOffice },
  'office-added': {
    view: 'office',
    office: runningOffice,
    steps: [
      { press: 'Add user' },
      { fill: ['Name', 'Anna Lindqvist'] },
      { fill: ['Password', 'k7mw-p3xe-9dnh-tq4r'] },
      { press: 'Add user' },
    ],
  },
  'office-overview': { ...office, users: usersOf(40), lists, answers: { 'records.counts': callCounts(NOW) } },
  'office-month': {
    ...{ ...office, users: usersOf(40), lists, answers: { 'records.counts': callCounts(NOW) } },
    steps: [{ press: '30 days' }],
  },
  'office-well': { ...office, users: usersOf(3) },
  'office-calls': { ...office, place: { page: 'calls' }, lists },
  'office-records': { ...office, place: { page: 'calls', failed: true }, lists },
  'office-record': {
    ...office,
    ...{ place: { page: 'calls', failed: true }, lists, answers: { why } },
    steps: [{ press: 'Open Jana Dvořáková → Kofi Mensah' }],
  },
  'office-ladder': { ...office, place: { page: 'calls', callId: 'a1b2' }, lists, answers: ladder },
  'office-ladder-message': {
    ...office,
    ...{ place: { page: 'calls', callId: 'a1b2' }, lists, answers: ladder },
    steps: [{ press: 'INVITE with sound, from 1001 to Tandem, after 0.0 s: asks for a call' }],
  },
  'office-ladder-gone': {
    ...office,
    ...{ place: { page: 'calls', callId: 'a1b2' }, lists },
    answers: { ...ladder, 'trace.ladder': { ...ladder['trace.ladder'], arrows: [] } },
  },
  'office-lamps': { ...office, place: { page: 'lamps' }, lists },
  'office-lamp-lists': { ...office, place: { page: 'lamps' }, lists, steps: [{ press: 'Lists' }] },
  'office-watchers': { ...office, place: { page: 'lamps' }, lists, steps: [{ press: 'Who watches' }] },
  'office-lamp-rules': { ...office, place: { page: 'lamps' }, lists, steps: [{ press: 'Who may' }] },
  'office-lamp-list': {
    ...office,
    ...{ place: { page: 'lamps' }, lists },
    steps: [{ press: 'Lists' }, { press: 'Change the list sales' }],
  },
  'office-security': { ...office, place: { page: 'security' }, lists },
  'office-refused': { ...office, place: { page: 'security', part: 'refused' }, lists },
  'office-trusted': { ...office, place: { page: 'security', part: 'trusted' }, lists },
  'office-why': {
    ...office,
    ...{ place: { page: 'security' }, lists, answers: { why } },
    steps: [{ press: 'Why is 203.0.113.77 kept out' }],
  },
  'office-domains': { ...office, place: { page: 'domains' }, lists },
  'office-settings': { ...office, place: { page: 'settings' }, lists },
  'office-setting': {
    ...office,
    ...{ place: { page: 'settings' }, lists },
    steps: [{ press: 'Change How long phones ring before those in turn do' }],
  },
  'office-kept': { ...office, place: { page: 'calls' }, lists, answers: told, steps: [{ press: 'Keeping' }] },
  'office-webhook': {
    ...office,
    ...{ place: { page: 'calls' }, lists, answers: told },
    steps: [{ press: 'Keeping' }, { press: 'Change who is told of calls' }],
  },
  'office-diagnosis': {
    ...{ ...diagnosis, answers: { ...officeAnswers(NOW), why } },
    steps: [{ fill: ['What does not work?', '1002'] }, { press: 'Ask why' }],
  },
  'office-phones': { ...diagnosis, steps: [{ press: 'Phones' }] },
  'office-forwards': { ...diagnosis, steps: [{ press: 'Forwards' }] },
  'office-traffic': { ...diagnosis, steps: [{ press: 'Traffic' }] },
  'office-waiting': { ...diagnosis, steps: [{ press: 'Waiting' }] },
  'office-figures': { ...diagnosis, steps: [{ press: 'Figures' }] },
  'office-log': { ...office, place: { page: 'log' }, lists },
  'office-users': { ...users, users: usersOf(40) },
  'office-4000': { ...users, users: usersOf(4_000) },
  'office-users-none': users,
  'office-users-failed': { ...users, refuse: { 'users.list': 'The exchange does not answer.' } },
  'office-user': {
    ...users,
    users: usersOf(5),
    lists: userLists,
    steps: [{ press: 'Open Jana Dvořáková' }],
  },
  'office-code': {
    ...users,
    users: usersOf(5),
    lists: userLists,
    steps: [{ press: 'Open Jana Dvořáková' }, { press: 'New code…' }],
  },
  'office-forward': {
    ...users,
    users: usersOf(5),
    lists: userLists,
    steps: [{ press: 'Open Jana Dvořáková' }, { press: 'Forward: When busy' }, { fill: ['Forward to', '1003'] }],
  },
  'office-done': {
    ...users,
    users: usersOf(5),
    steps: [{ press: 'More for Kofi Mensah' }, { choose: 'Remove…' }, { press: 'Remove' }],
  },
  'add-user': {
    ...office,
    users: usersOf(5),
    steps: [
      { press: 'Add user' },
      { fill: ['Number', '1002'] },
      { fill: ['Name', 'Kofi Mensah'] },
      { fill: ['Password', 'k7mw-p3xe-9dnh-tq4r'] },
      { press: 'Add user' },
    ],
  },
  'menu-user': { ...users, users: usersOf(5), steps: [{ press: 'More for Kofi Mensah' }] },
  'remove-user': { ...users, users: usersOf(5), steps: [{ press: 'More for Kofi Mensah' }, { choose: 'Remove…' }] },
  'two-accounts': {
    profile: bothAccounts,
    accounts: bothSnapshots,
    steps: [{ fill: ['Name or number', '1002'] }],
  },
  'two-accounts-one-failed': {
    profile: bothAccounts,
    accounts: [
      registered(),
      accountOf({ state: 'failed', reason: 'The server does not answer.', retryAt: NOW + 12_000 }, club),
    ],
  },
  'two-accounts-incoming': {
    profile: bothAccounts,
    accounts: bothSnapshots,
    calls: [callOf({ state: 'incoming', direction: 'incoming', startedAt: NOW - 4_000, accountId: club.id })],
  },
  'direct-account': { profile: profileOf(direct, { hasPassword: {} }), accounts: [listening] },
  'add-direct-account': {
    ...phone,
    steps: [{ press: 'Account menu' }, { choose: 'Add account…' }, { open: 'More' }, { turn: 'Without signing in' }],
  },
  'account-menu': {
    profile: bothAccounts,
    accounts: bothSnapshots,
    steps: [{ press: 'Account menu of 77, 192.0.2.77' }],
  },
  'change-account': { ...phone, steps: [{ press: 'Account menu' }, { choose: 'Change account…' }] },
  'people-none': { ...phone, view: 'people' },
  'people-office': { ...phone, view: 'people', news: officeNews, contacts: [contactOf('Eva Malá', '602 000 111')] },
  'people-here': { ...phone, view: 'people', news: officeNews, steps: [{ press: 'Here now' }] },
  'people-office-many': { ...phone, view: 'people', news: manyNews },
  'dial-office': { ...phone, news: officeNews, steps: [{ fill: ['Name or number', 'm'] }] },
  people: { ...phone, view: 'people', news, contacts: contactsOf(12), profile: withVoicemail },
  'people-many': { ...phone, view: 'people', news, contacts: contactsOf(4_000) },
  'people-long': { ...phone, view: 'people', contacts: longContacts },
  'contacts-import': {
    ...{ ...phone, view: 'people', contacts: contactsOf(12) },
    steps: [{ give: ['File of contacts', 'phone-book.csv', importedTable] }, { open: 'Who is known' }],
  },
  'contact-edit': {
    ...{ ...phone, view: 'people', contacts: contactsOf(3) },
    steps: [{ press: 'More for Běla Svobodová' }, { choose: 'Edit…' }],
  },
  'contact-new': { ...phone, view: 'people', contacts: contactsOf(3), steps: [{ press: 'Add contact' }] },
  'people-mailbox': { ...phone, news, profile: withVoicemail },
  watch: {
    ...phone,
    view: 'people',
    news,
    steps: [{ press: 'More for people' }, { choose: 'Watch somebody…' }, { fill: ['Number', '1007'] }],
  },
  codecs: {
    ...phone,
    steps: [
      { press: 'Account menu' },
      { choose: 'Calls…' },
      { open: 'For unusual servers' },
      { see: 'Sound in a packet' },
    ],
  },
  'messages-none': { ...phone, view: 'messages' },
  messages: { ...phone, view: 'messages', messages, news },
  conversation: { ...phone, view: 'messages', messages, news, steps: [{ press: 'Jana Dvořáková' }] },
  'messages-found': { ...phone, view: 'messages', messages, news, steps: [{ fill: ['Find a message', 'the'] }] },
  'conversation-failed': { ...phone, view: 'messages', messages, news, steps: [{ press: 'Kofi Mensah' }] },
  write: { ...phone, view: 'messages', messages, news, steps: [{ press: 'Write' }] },
  'call-settings': { ...phone, steps: [{ press: 'Account menu' }, { choose: 'Calls…' }] },
  settings: { ...phone, view: 'settings' },
  'settings-found': { ...phone, view: 'settings', steps: [{ fill: ['Find a setting', 'encryption'] }] },
  'settings-keys': {
    ...{ ...phone, view: 'settings', section: 'keys' },
    computer: {
      settings: { ...computerDefaults, keys: { answer: 'Control+Alt+A', mute: 'F9' } },
      startsWithSystem: false,
      opensLinks: false,
      keyboard: {
        ...{ onWayland: false, reads: 'selected' },
        problems: { mute: 'Another program has this key, or the system keeps it for itself.' },
      },
    },
  },
  'settings-accounts': { ...phone, view: 'settings', section: 'accounts' },
  sound: { ...phone, sound, level: 0.62, steps: [{ press: 'Account menu' }, { choose: 'Sound…' }] },
  'echo-test': {
    ...phone,
    echo: {
      ...{ state: 'talking', mine: 0.55, back: 0.7, heard: true },
      verdict: 'Your voice came back: calls will work on this computer.',
    },
    steps: [{ press: 'Account menu' }, { choose: 'Sound…' }, { press: 'Test call to yourself' }],
  },
  recording: {
    ...phone,
    calls: [
      { ...talking, recording: { state: 'on', since: NOW - 42_000, id: 'r1', name: '2030-01-15 09.29.18 Jana.webm' } },
    ],
  },
  recorded: {
    ...phone,
    calls: [
      callOf({
        ...{ state: 'ended', startedAt: NOW - 99_000, answeredAt: NOW - 90_000, endedAt: NOW - 2_000 },
        recording: { state: 'kept', id: 'r1', name: '2030-01-15 09.27.00 Jana.webm', seconds: 83 },
      }),
      callOf({
        ...{ id: 'call-0', state: 'ended', startedAt: NOW - 60_000, answeredAt: NOW - 50_000, endedAt: NOW - 9_000 },
        peer: other,
        recording: { state: 'failed', reason: 'The recording broke off. The disk is full.' },
      }),
      callOf({
        ...{ id: 'call-x', state: 'ended', startedAt: NOW - 60_000, answeredAt: NOW - 50_000, endedAt: NOW - 20_000 },
        peer: { name: '', number: '1015', uri: 'sip:1015@office.internal' },
        recording: {
          ...{ state: 'kept', id: 'r2', name: '2030-01-15 09.20.00 1015.webm', seconds: 30 },
          fault: 'Recorded, but nothing is to be heard in it.',
        },
      }),
    ],
  },
  'device-gone': { ...phone, sound: unplugged },
  connection: {
    ...phone,
    profile: profileOf({
      ...anna,
      ...{ outboundProxy: 'sip:a.office.example;transport=tls, sip:b.office.example;transport=tls', trusted },
    }),
    accounts: [
      {
        ...registered(),
        connectedBy: [
          { transport: 'TLS', host: '192.0.2.1', port: 5061 },
          { transport: 'TLS', host: '192.0.2.2', port: 5061 },
        ],
      },
    ],
    steps: [{ press: 'Account menu' }, { choose: 'Connection…' }],
  },
  'certificate-unknown': {
    ...phone,
    accounts: [doubted('unknown')],
  },
  certificate: {
    ...phone,
    accounts: [doubted('unknown')],
    steps: [{ press: 'Look at it…' }],
  },
  'certificate-changed': {
    ...phone,
    accounts: [doubted('changed')],
    steps: [{ press: 'Look at it…' }],
  },
  'do-not-disturb-hour': {
    ...{ ...phone, profile: profileOf({ ...anna, calls: { doNotDisturb: true, doNotDisturbUntil: NOW + 3_600_000 } }) },
  },
  'account-menu-one': { ...phone, steps: [{ press: 'Account menu' }] },
  'do-not-disturb': { ...phone, profile: profileOf({ ...anna, calls: { doNotDisturb: true } }) },
  'long-names': {
    ...office,
    profile: profileOf(longNamed),
    accounts: [registered(longNamed)],
    users: longUsers,
  },
  'long-call': {
    ...phone,
    profile: profileOf(longNamed),
    accounts: [registered(longNamed)],
    calls: [
      callOf({
        startedAt: NOW - 8_000_000,
        answeredAt: NOW - 7_990_000,
        quality,
        peer: { name: 'عبد الرحمن بن محمد الأنصاري', number: '1001', uri: 'sip:1001@office.internal' },
      }),
    ],
  },
};
