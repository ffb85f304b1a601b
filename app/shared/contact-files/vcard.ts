/** vCards 3.0 and 4.0 (RFC 2426, RFC 6350), each read on its own, so that a damaged one costs no other; and written. */
import ICAL from 'ical.js';
import type { Contact, NumberKind } from '../contact.ts';
import { type ContactDraft, createReading, type ReadContacts } from './draft.ts';

/** Characters of one card, its picture among them. */
const MAX_CARD = 4_000_000;

type Property = readonly [name: string, params: Readonly<Record<string, unknown>>, type: string, ...values: unknown[]];

export function readVCards(text: string): ReadContacts {
  const reading = createReading();
  let count = 0;
  for (const card of cardsOf(text)) {
    count += 1;
    const where = { place: 'card', at: count } as const;
    if (card.length > MAX_CARD) reading.skip(where, 'It is too large.');
    else if (/^VERSION:2\.1\s*$/im.test(card))
      reading.skip(where, 'It is a vCard 2.1; 3.0 and 4.0 are read.', nameIn(card));
    else {
      try {
        const [kind, properties] = ICAL.parse(card) as [string, readonly Property[], unknown];
        if (kind !== 'vcard') throw new Error('no vCard');
        reading.take(draftOf(properties), where);
      } catch {
        reading.skip(where, 'It is damaged.', nameIn(card));
      }
    }
  }
  if (count === 0) reading.skip({ place: 'file', at: 1 }, 'There is no vCard in it.');
  return reading.done();
}

/** The cards of a file one after another: from each BEGIN to the next END, or to where another begins. */
function* cardsOf(text: string): Generator<string> {
  const begin = /^BEGIN:VCARD[^\S\n]*$/gim;
  for (let found = begin.exec(text); found !== null; ) {
    const next = begin.exec(text);
    const card = text.slice(found.index, next?.index ?? text.length);
    const end = /^END:VCARD[^\S\n]*$/im.exec(card);
    yield end === null ? card : card.slice(0, end.index + end[0].length);
    found = next;
  }
}

const nameIn = (card: string): string => /^(?:\w+\.)?FN[^:\n]*:(.*)$/im.exec(card.slice(0, 10_000))?.[1]?.trim() ?? '';

function draftOf(properties: readonly Property[]): ContactDraft {
  const all = (name: string) => properties.filter(([each]) => each === name);
  const first = (name: string) => textOf(all(name)[0]?.[3]);
  const [family = '', given = '', additional = '', prefix = ''] = partsOf(all('n')[0]?.[3]);
  const [organisation = ''] = partsOf(all('org')[0]?.[3]);
  const addresses = [...all('impp'), ...all('x-sip')]
    .map(([, , , value]) => textOf(value))
    .filter((value) => /^sips?:/i.test(value));
  return {
    name: first('fn') || [prefix, given, additional, family].filter(Boolean).join(' '),
    company: organisation,
    numbers: [
      ...all('tel').map(([, params, , value]) => ({
        kind: kindOf(params.type),
        value: textOf(value).replace(/^tel:/i, '').replace(/;.*$/s, ''),
      })),
      ...addresses.map((value) => ({ kind: 'other' as const, value: value.replace(/^sip:/i, '') })),
    ],
    emails: all('email').map(([, , , value]) => textOf(value)),
    note: first('note'),
    photo: photoOf(all('photo')[0]),
  };
}

function kindOf(type: unknown): NumberKind {
  const types = [type].flat().map((one) => String(one).toLowerCase());
  if (types.includes('fax')) return 'fax';
  if (types.includes('cell') || types.includes('mobile')) return 'mobile';
  if (types.includes('work') || types.includes('main')) return 'work';
  return types.includes('home') ? 'home' : 'other';
}

function photoOf(property: Property | undefined): string {
  if (property === undefined) return '';
  const [, params, , value] = property;
  const written = textOf(value);
  if (/^data:image\//i.test(written)) return written;
  const kind = /^image\/(\w+)$|^(\w+)$/.exec(String(params.type ?? 'jpeg').toLowerCase());
  const isInline = params.encoding !== undefined && kind !== null;
  return isInline ? `data:image/${kind[1] ?? kind[2]};base64,${written.replace(/\s/g, '')}` : '';
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/\\([,;:\\])/g, '$1') : Array.isArray(value) ? textOf(value[0]) : '';

const partsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(textOf);

const TYPES: Readonly<Record<NumberKind, string>> = {
  ...{ work: 'WORK,VOICE', mobile: 'CELL,VOICE', home: 'HOME,VOICE', fax: 'FAX', other: 'VOICE' },
};

/** As vCard 3.0, which most programs read. @param photos `data:` addresses by id */
export function writeVCards(contacts: readonly Contact[], photos: Readonly<Record<string, string>>): string {
  return contacts.map((contact) => card(contact, photos[contact.id])).join('');
}

function card({ name, company, numbers, emails, note }: Contact, photo: string | undefined): string {
  const words = name.split(' ');
  const picture = /^data:image\/(\w+);base64,(.*)$/.exec(photo ?? '');
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:${escaped(name || company || numbers[0]?.value || emails[0] || '')}`,
    `N:${escaped(words.at(-1) ?? '')};${escaped(words.slice(0, -1).join(' '))};;;`,
    ...(company ? [`ORG:${escaped(company)}`] : []),
    ...numbers.map(({ kind, value }) =>
      value.includes('@') ? `IMPP:sip:${escaped(value)}` : `TEL;TYPE=${TYPES[kind]}:${escaped(value)}`,
    ),
    ...emails.map((email) => `EMAIL;TYPE=INTERNET:${escaped(email)}`),
    ...(note ? [`NOTE:${escaped(note)}`] : []),
    ...(picture ? [`PHOTO;ENCODING=b;TYPE=${picture[1]?.toUpperCase()}:${picture[2]}`] : []),
    'END:VCARD',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

const escaped = (text: string): string => text.replace(/[\\,;]/g, '\\$&').replace(/\r?\n/g, '\\n');

/** In lines of at most 75 octets (§2.6 of RFC 2425); a character takes up to four. */
function folded(line: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(line);
  return line.replace(isPlain ? /.{74}(?=.)/g : /(?:.{18})(?=.)/gu, '$&\r\n ');
}
