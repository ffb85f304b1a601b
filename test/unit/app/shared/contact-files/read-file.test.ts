/** Files of contacts as programs write them, and as nobody should. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Contact, MAX_NUMBERS } from '../../../../../app/shared/contact.ts';
import { writeCsv } from '../../../../../app/shared/contact-files/csv.ts';
import { MAX_READ } from '../../../../../app/shared/contact-files/draft.ts';
import { MAX_CONTACT_FILE, readContactFile } from '../../../../../app/shared/contact-files/read-file.ts';
import { writeVCards } from '../../../../../app/shared/contact-files/vcard.ts';
import { contactOf } from '../../../../support/window/people.ts';

const read = (text: string, language = 'en') => readContactFile(new TextEncoder().encode(text), language);
const lines = (...all: string[]) => all.join('\r\n');

describe('vCards', () => {
  test('3.0, with folded lines, groups, escapes and a picture', () => {
    const { drafts, skippedCount } = read(
      lines(
        ...['BEGIN:VCARD', 'VERSION:3.0', 'N:Malá;Eva;;;', 'FN:Eva Mal', ' á', 'ORG:Kolben\\, s.r.o.;Sales'],
        ...[
          'item1.TEL;type=WORK;type=VOICE:+420 221 555 014',
          'TEL;TYPE="cell,voice":602 000 111',
          'TEL;TYPE=fax,work:9',
        ],
        ...['EMAIL;type=INTERNET:eva@kolben.example', 'PHOTO;ENCODING=b;TYPE=JPEG:AAAA', 'NOTE:one\\ntwo\\; three'],
        ...['X-SIP:sip:eva@kolben.example', 'END:VCARD', ''],
      ),
    );
    expect(skippedCount).toBe(0);
    expect(drafts).toEqual([
      {
        ...{ name: 'Eva Malá', company: 'Kolben, s.r.o.', emails: ['eva@kolben.example'], note: 'one\ntwo; three' },
        photo: 'data:image/jpeg;base64,AAAA',
        numbers: [
          { kind: 'work', value: '+420 221 555 014' },
          { kind: 'mobile', value: '602 000 111' },
          { kind: 'fax', value: '9' },
          { kind: 'other', value: 'eva@kolben.example' },
        ],
      },
    ]);
  });

  test('4.0, with addresses for numbers, and a name in parts alone', () => {
    const { drafts } = read(
      lines(
        ...[
          'BEGIN:VCARD',
          'VERSION:4.0',
          'N:Müller;Jörg;Karl;Dr.;',
          'TEL;VALUE=uri;TYPE="home,voice":tel:+49-30-231250;ext=7',
        ],
        ...['PHOTO:data:image/png;base64,AAAA', 'IMPP:sip:jm@a.example', 'IMPP:xmpp:jm@a.example', 'END:VCARD'],
      ),
    );
    expect(drafts).toEqual([
      {
        ...{ name: 'Dr. Jörg Karl Müller', company: '', emails: [], note: '', photo: 'data:image/png;base64,AAAA' },
        numbers: [
          { kind: 'home', value: '+49-30-231250' },
          { kind: 'other', value: 'jm@a.example' },
        ],
      },
    ]);
  });

  test('a damaged one costs no other, and is named', () => {
    const { drafts, skipped, skippedCount } = read(
      lines(
        ...['BEGIN:VCARD', 'VERSION:3.0', 'FN:Adam', 'TEL:1', 'END:VCARD'],
        ...['BEGIN:VCARD', 'VERSION:3.0', 'FN:Broken', 'this is no line', 'END:VCARD'],
        ...['BEGIN:VCARD', 'VERSION:2.1', 'FN:Old', 'END:VCARD'],
        ...['BEGIN:VCARD', 'VERSION:3.0', 'FN:Cut off', 'TEL:2'],
        ...['BEGIN:VCARD', 'VERSION:3.0', 'NOTE:nobody', 'END:VCARD'],
        ...['BEGIN:VCARD', 'VERSION:3.0', 'FN:Zoe', 'END:VCARD'],
      ),
    );
    expect(drafts.map(({ name }) => name)).toEqual(expect.arrayContaining(['Adam', 'Zoe']));
    expect(skipped).toEqual(
      expect.arrayContaining([
        { place: 'card', at: 2, name: 'Broken', why: 'It is damaged.' },
        { place: 'card', at: 3, name: 'Old', why: 'It is a vCard 2.1; 3.0 and 4.0 are read.' },
        { place: 'card', at: 5, name: '', why: 'It has neither a name nor a number.' },
      ]),
    );
    expect(drafts.length + skippedCount).toBe(6);
  });
});

describe('tables', () => {
  test.each([
    [
      'Google',
      lines(
        'First Name,Middle Name,Last Name,Organization Name,Notes,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value',
        'Eva,,Malá,Kolben,,* Work,eva@kolben.example,Mobile,602 000 111,Work,221 555 014 ::: 221 555 015',
      ),
      [
        { kind: 'mobile', value: '602 000 111' },
        { kind: 'work', value: '221 555 014' },
        { kind: 'work', value: '221 555 015' },
      ],
    ],
    [
      'Outlook',
      lines(
        '"First Name","Last Name","Company","Business Fax","Business Phone","Home Phone","Mobile Phone","E-mail Address","E-mail Type","Notes"',
        '"Eva","Malá","Kolben","9","221 555 014","","602 000 111","eva@kolben.example","SMTP",""',
      ),
      [
        { kind: 'fax', value: '9' },
        { kind: 'work', value: '221 555 014' },
        { kind: 'mobile', value: '602 000 111' },
      ],
    ],
    [
      'Thunderbird',
      lines(
        'First Name,Last Name,Display Name,Primary Email,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Organization,Notes',
        'Eva,Malá,Eva Malá,eva@kolben.example,221 555 014,221 555 015,,77,602 000 111,Kolben,',
      ),
      [
        { kind: 'work', value: '221 555 014' },
        { kind: 'home', value: '221 555 015' },
        { kind: 'mobile', value: '602 000 111' },
      ],
    ],
    [
      'Czech, with semicolons',
      lines(
        'Jméno;Příjmení;Společnost;E-mail;Mobilní telefon;Telefon',
        'Eva;Malá;Kolben;eva@kolben.example;602 000 111;14',
      ),
      [
        { kind: 'mobile', value: '602 000 111' },
        { kind: 'other', value: '14' },
      ],
    ],
    [
      'Russian, with tabs',
      lines('Имя\tФамилия\tОрганизация\tАдрес эл. почты\tРабочий телефон', 'Eva\tMalá\tKolben\teva@kolben.example\t14'),
      [{ kind: 'work', value: '14' }],
    ],
  ])('%s', (_, text, numbers) => {
    expect(read(text)).toEqual({
      drafts: [{ name: 'Eva Malá', company: 'Kolben', emails: ['eva@kolben.example'], note: '', photo: '', numbers }],
      skipped: [],
      skippedCount: 0,
    });
  });

  test.each([
    ['windows-1250', 'cs-CZ', [0x4e, 0x6f, 0x76, 0xe1, 0xe8]],
    ['utf-16le', 'en', undefined],
  ])('in the letters of %s', (letters, language, name) => {
    const head = 'Name,Phone\r\n';
    const bytes =
      name === undefined
        ? Buffer.from(`\ufeff${head}Nováč,1`, 'utf16le')
        : Buffer.concat([Buffer.from(head), Buffer.from(name), Buffer.from(',1')]);
    expect(
      readContactFile(bytes, language).drafts.map((draft) => draft.name),
      letters,
    ).toEqual(['Nováč']);
  });

  test('without a column of numbers nothing is taken, and it is said why', () => {
    expect(read('a,b\r\n1,2')).toMatchObject({ drafts: [], skipped: [{ place: 'file' }] });
  });
});

describe('bounds', () => {
  test('so many people and no more', () => {
    const rows = Array.from({ length: MAX_READ + 3 }, (_, i) => `Name ${i},${i}`);
    const { drafts, skippedCount } = read(['Name,Phone', ...rows].join('\n'));
    expect([drafts.length, skippedCount]).toEqual([MAX_READ, 3]);
  });

  test('so many numbers of one', () => {
    const numbers = Array.from({ length: 500 }, (_, i) => `TEL:${i}`);
    const { drafts } = read(lines('BEGIN:VCARD', 'VERSION:3.0', 'FN:A', ...numbers, 'END:VCARD'));
    expect(drafts[0]?.numbers).toHaveLength(MAX_NUMBERS);
  });

  test('a file that is too large, and one that is no text, are refused in words', () => {
    expect(readContactFile(new Uint8Array(MAX_CONTACT_FILE + 1), 'en').skipped[0]?.why).toBe(
      'It is larger than 64 MB.',
    );
    expect(readContactFile(Buffer.from('PK\u0003\u0004\0\0'), 'en').skipped[0]?.why).toContain('It is no text');
  });

  test('a line without an end', () => {
    const { drafts, skippedCount } = read(`Name,Phone\n"${'x'.repeat(300_000)}`);
    expect(drafts).toEqual([]);
    expect(skippedCount).toBeGreaterThan(0);
  });

  it('never throws, whatever the bytes are', () => {
    const pieces = fc.constantFrom(
      'BEGIN:VCARD\n',
      'END:VCARD\n',
      'VERSION:3.0\n',
      'N:;',
      'TEL',
      ';TYPE=',
      '"',
      ',',
      '\n',
      'Name,Phone',
    );
    const text = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => {
        read(parts.join(''));
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readContactFile(bytes, 'ru');
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is written is read again', () => {
  const all: readonly Contact[] = [
    contactOf('Eva Malá', '+420 221 555 014', {
      ...{ company: 'Kolben, "s.r.o."; spol', emails: ['eva@kolben.example'], note: 'one\ntwo, three;' },
    }),
    contactOf(`${'Ж'.repeat(60)} Ж`, '1002', {
      numbers: [
        { kind: 'mobile', value: '602' },
        { kind: 'fax', value: '9' },
      ],
    }),
  ];
  const plain = all.map(({ name, company, numbers, emails, note }) => ({
    name,
    company,
    numbers,
    emails,
    note,
    photo: '',
  }));

  test('as vCards, in lines of at most 75 octets', () => {
    const text = writeVCards(all, { 'contact of Eva Malá': 'data:image/jpeg;base64,AAAA' });
    expect(Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(read(text).drafts).toEqual(
      plain.map((draft, index) => (index === 0 ? { ...draft, photo: 'data:image/jpeg;base64,AAAA' } : draft)),
    );
  });

  test('as a table', () => {
    expect(read(writeCsv(all)).drafts).toEqual(plain);
  });
});
