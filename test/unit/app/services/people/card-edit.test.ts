/** A change in a vCard touches what was changed, byte for byte nothing else. */
import { describe, expect, it } from 'vitest';
import { draftOf, editedCard, newCard } from '../../../../../app/services/people/card-edit.ts';
import type { ContactDraft } from '../../../../../app/shared/contact-files/draft.ts';

const LINES = [
  'BEGIN:VCARD',
  'VERSION:4.0',
  'UID:urn:uuid:1',
  'FN:Dr. Jana Marie Dvořáková',
  'N:Dvořáková;Jana;Marie;Dr.;',
  'ORG:Mlýn\\; syn;Účtárna',
  'item1.TEL;VALUE=uri;TYPE="cell,pref":tel:+420777123456',
  'item1.X-ABLabel:Private',
  'TEL;TYPE=work;X-EXT="a:b;c":221 000 111',
  'TEL;TYPE=home:',
  ' 233 000 1',
  ' 11',
  'EMAIL;PREF=1:jana@mlyn.example',
  'NOTE:one\\ntwo\\, three',
  'X-ODD;P="x:y":  kept   as it\\;stands',
  'PHOTO:https://mlyn.example/jana.jpg',
  'END:VCARD',
  '',
];
const CARD = LINES.join('\r\n');

function draft(text = CARD): ContactDraft {
  const read = draftOf(text);
  if (read === null) throw new Error('not read');
  return read;
}

/** The lines that are gone and that are new. */
function difference(after: Partial<ContactDraft>) {
  const text = editedCard(CARD, draft(), { ...draft(), ...after });
  const [was, is] = [CARD.split('\r\n'), text.split('\r\n')];
  return { gone: was.filter((line) => !is.includes(line)), fresh: is.filter((line) => !was.includes(line)), text };
}

describe('editedCard', () => {
  it('gives back the same bytes where nothing was changed', () => {
    expect(editedCard(CARD, draft(), draft())).toBe(CARD);
    expect(editedCard(CARD.replaceAll('\r\n', '\n'), draft(), draft())).toBe(CARD.replaceAll('\r\n', '\n'));
  });

  it.each<[what: string, after: Partial<ContactDraft>, gone: string[], fresh: string[]]>([
    [
      'a family name alone',
      { name: 'Dr. Jana Marie Nováková' },
      ['FN:Dr. Jana Marie Dvořáková', 'N:Dvořáková;Jana;Marie;Dr.;'],
      ['FN:Dr. Jana Marie Nováková', 'N:Nováková;Jana;Marie;Dr.;'],
    ],
    [
      'a whole name',
      { name: 'Petr Malý' },
      ['FN:Dr. Jana Marie Dvořáková', 'N:Dvořáková;Jana;Marie;Dr.;'],
      ['FN:Petr Malý', 'N:Malý;Petr;;;'],
    ],
    [
      'a company, but not the department',
      { company: 'Pila, a.s.' },
      ['ORG:Mlýn\\; syn;Účtárna'],
      ['ORG:Pila\\, a.s.;Účtárna'],
    ],
    ['a note', { note: 'new\nline' }, ['NOTE:one\\ntwo\\, three'], ['NOTE:new\\nline']],
    ['a note that is gone', { note: '' }, ['NOTE:one\\ntwo\\, three'], []],
    [
      'an e-mail with what is said of it',
      { emails: ['j@x.example'] },
      ['EMAIL;PREF=1:jana@mlyn.example'],
      ['EMAIL;PREF=1:j@x.example'],
    ],
    [
      'a picture',
      { photo: 'data:image/png;base64,AAAA' },
      ['PHOTO:https://mlyn.example/jana.jpg'],
      ['PHOTO:data:image/png;base64,AAAA'],
    ],
  ])('changes %s', (_, after, gone, fresh) => {
    expect(difference(after)).toMatchObject({ gone, fresh });
  });

  it('puts another number of the same kind in the place of the old one', () => {
    const numbers = draft().numbers.map((one) => (one.kind === 'mobile' ? { ...one, value: '+420 777 9' } : one));
    const { fresh, gone } = difference({ numbers });
    expect(gone).toEqual(['item1.TEL;VALUE=uri;TYPE="cell,pref":tel:+420777123456']);
    expect(fresh).toEqual(['item1.TEL;TYPE="cell,pref":+420 777 9']);
  });

  it('takes a number away with its label, over folded lines too, and adds others', () => {
    const [, work] = draft().numbers;
    if (work === undefined) throw new Error('no number');
    const { fresh, gone, text } = difference({
      numbers: [work, { kind: 'fax', value: '221 000 199' }, { kind: 'other', value: 'jana@office.example' }],
    });
    expect(gone).toEqual([LINES[6], LINES[7], LINES[9], LINES[10], LINES[11]]);
    expect(fresh).toEqual(['TEL;TYPE=FAX:221 000 199', 'IMPP:sip:jana@office.example']);
    expect(draft(text).numbers).toHaveLength(3);
  });

  it('leaves what is beyond our bounds where it is', () => {
    const many = CARD.replace('NOTE:one\\ntwo\\, three', `NOTE:${'a'.repeat(2_500)}`).replace(
      'END:VCARD',
      `${Array.from({ length: 30 }, (_, at) => `TEL:${9000 + at}`).join('\r\n')}\r\nEND:VCARD`,
    );
    const before = draft(many);
    const text = editedCard(many, before, { ...before, note: 'b', numbers: before.numbers.slice(1) });
    expect(text).toContain('TEL:9029');
    expect(text.replace(/\r\n /g, '')).toContain(`NOTE:b${'a'.repeat(500)}`);
  });

  it('makes new cards that read as they were meant, of any length', () => {
    const whole: ContactDraft = {
      ...{ name: 'عبد الرحمن بن محمد الأنصاري', company: 'A;B,C', emails: ['a@b.example'], photo: '' },
      numbers: [{ kind: 'mobile', value: '+971 4 555' }],
      note: `x\n${'é'.repeat(300)}`,
    };
    const text = newCard('u1', whole);
    expect(draft(text)).toEqual(whole);
    expect(Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(76);
  });

  it('takes groups of people for no person', () => {
    expect(draftOf(CARD.replace('NOTE:', 'X-ADDRESSBOOKSERVER-KIND:group\r\nNOTE:'))).toBeNull();
    expect(draftOf('BEGIN:VCARD\r\nnonsense')).toBeNull();
  });
});
