import { expect, test } from 'vitest';
import { applyRegistration } from '../../../../proxy-core/server/registrar.ts';
import type { AskedContact, Registration } from '../../../../proxy-core/server/registration.ts';
import { defaultSettings } from '../../../../proxy-core/server/settings.ts';
import { aorOf, type Binding } from '../../../../proxy-core/server/stores.ts';
import { parseUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import { bindingOf } from '../../../support/memory-stores.ts';

const aor = aorOf('1001', 'office.example');
const NOW = 1_000_000;

function asked(text: string, parts: Partial<AskedContact> = {}): AskedContact {
  const uri = parseUri(text);
  if (!uri.ok) throw new Error(uri.error);
  return { text, uri: uri.value, q: 1000, expires: 600, instance: '', regId: 0, ...parts };
}

function apply(known: readonly Binding[], contacts: Registration['contacts'], parts: Partial<Registration> = {}) {
  const registration = {
    callId: 'new',
    cseq: 5,
    contacts,
    path: [],
    userAgent: '',
    received: '',
    listener: '',
    knowsGruu: false,
    knowsOutbound: false,
    isDirect: true,
    ...parts,
  };
  const settings = { ...defaultSettings, contactsPerUser: 3 };
  return applyRegistration({ aor, known, registration, device: '', now: NOW, settings });
}

const uris = (result: ReturnType<typeof apply>): string[] | number =>
  result.ok ? result.value.map(({ contact }) => contact) : result.error.status;

const A = 'sip:a@192.0.2.1';
const B = 'sip:b@192.0.2.1';
const known = (text: string, parts: Partial<Binding> = {}): Binding => bindingOf(aor, text, parts);

const cases: [
  what: string,
  known: Binding[],
  contacts: Registration['contacts'],
  parts: Partial<Registration>,
  result: string[] | number,
][] = [
  ['another contact joins', [known(A)], [asked(B)], {}, [B, A]],
  ['the same contact takes its own place', [known(A)], [asked(A)], {}, [A]],
  [
    'an equivalent URI is the same contact',
    [known('sip:a@PHONE.example')],
    [asked('sip:%61@phone.example')],
    {},
    ['sip:%61@phone.example'],
  ],
  ['another transport is another contact', [known(A)], [asked(`${A};transport=tcp`)], {}, [`${A};transport=tcp`, A]],
  ['highest q first', [known(A, { q: 500 })], [asked(B, { q: 100 })], {}, [A, B]],
  [
    'more contacts than all that there may be, most of them going',
    [known(A)],
    ['b', 'c', 'd', 'e', 'f'].map((user) => asked(`sip:${user}@192.0.2.1`, { expires: user === 'f' ? 600 : 0 })),
    {},
    403,
  ],
  ['one that goes', [known(A), known(B)], [asked(A, { expires: 0 })], {}, [B]],
  ['one that goes and was not there', [known(B)], [asked(A, { expires: 0 })], {}, [B]],
  ['an older CSeq of the same Call-ID', [known(A, { callId: 'new', cseq: 6 })], [asked(A)], {}, 500],
  ['the same CSeq of the same Call-ID', [known(A, { callId: 'new', cseq: 5 })], [asked(A)], {}, 500],
  ['a later CSeq of the same Call-ID', [known(A, { callId: 'new', cseq: 4 })], [asked(A)], {}, [A]],
  ['one of two out of order: nothing happens', [known(B, { callId: 'new', cseq: 9 })], [asked(A), asked(B)], {}, 500],
  ['* out of order', [known(A), known(B, { callId: 'new', cseq: 9 })], 'all', {}, 500],
  ['* in order', [known(A), known(B, { callId: 'new', cseq: 2 })], 'all', {}, []],
  ['one twice in one request', [], [asked(A), asked(A)], {}, [A]],
  [
    'a device that started anew',
    [known(A, { instance: 'urn:uuid:1' })],
    [asked(B, { instance: 'urn:uuid:1' })],
    {},
    [B],
  ],
  [
    'two contacts that a device registers together stay',
    [known(A, { instance: 'urn:uuid:1', callId: 'new', cseq: 1 })],
    [asked(B, { instance: 'urn:uuid:1' })],
    {},
    [B, A],
  ],
  [
    'one flow of a device takes its own place only',
    [known(A, { instance: 'i', regId: 1 }), known(B, { instance: 'i', regId: 2 })],
    [asked('sip:c@192.0.2.1', { instance: 'i', regId: 2 })],
    {},
    ['sip:c@192.0.2.1', A],
  ],
  ['more devices than allowed', [known('sip:1@h'), known('sip:2@h'), known('sip:3@h')], [asked(A)], {}, 403],
  [
    'one of as many as allowed',
    [known('sip:1@h'), known('sip:2@h'), known(A)],
    [asked(A)],
    {},
    [A, 'sip:1@h', 'sip:2@h'],
  ],
  ['too short', [known(B)], [asked(A, { expires: 59 })], {}, 423],
];

test.each(cases)('%s', (_what, before, contacts, parts, result) => {
  expect(uris(apply(before, contacts, parts))).toEqual(result);
});

test('a query gives what is there, untouched', () => {
  const before = [known(A)];
  const result = apply(before, []);
  expect(result.ok && result.value).toBe(before);
});

test('the time is counted from now', () => {
  const result = apply([], [asked(A, { expires: 100 })]);
  expect(result.ok && result.value[0]?.expiresAt).toBe(NOW + 100_000);
});
