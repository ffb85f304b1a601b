import { describe, expect, test } from 'vitest';
import { pidfXml, readPidf } from '../../../../../proxy-core/sip/bodies/pidf.ts';
import { readXml } from '../../../../../proxy-core/sip/bodies/read-xml.ts';
import { toBytes } from '../../../../../proxy-core/sip/grammar/text.ts';

const NS =
  'xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" ' +
  'xmlns:r="urn:ietf:params:xml:ns:pidf:rpid"';
const document = (inside: string): string => `<presence ${NS} entity="sip:a@b">${inside}</presence>`;
const tuple = (basic: string, more = ''): string =>
  `<tuple id="${basic}"><status><basic>${basic}</basic>${more}</status></tuple>`;
const read = (text: string) => readPidf(toBytes(text), readXml);

describe('a presence document is read', () => {
  test.each<[string, string, unknown]>([
    ['open', tuple('open'), { isOpen: true, activities: [], note: '' }],
    ['closed', tuple('closed'), { isOpen: false, activities: [], note: '' }],
    ['open where any tuple is', tuple('closed') + tuple('open'), { isOpen: true, activities: [], note: '' }],
    ['without a status', '', { isOpen: undefined, activities: [], note: '' }],
    [
      'with the activities of the person (RFC 4480), those that are none left out',
      `${tuple('open')}<dm:person id="p"><r:activities><r:busy/><r:meeting/><r:juggling/></r:activities></dm:person>`,
      { isOpen: true, activities: ['busy', 'meeting'], note: '' },
    ],
    [
      'with activities as old phones have them',
      tuple('open', '<ep:activities xmlns:ep="urn:old"><ep:activity>away</ep:activity></ep:activities>'),
      { isOpen: true, activities: ['away'], note: '' },
    ],
    [
      'with its first note that says anything',
      `${tuple('open')}<note> </note><dm:person id="p"><dm:note>Grüße\n  aus Kiel</dm:note></dm:person>`,
      { isOpen: true, activities: [], note: 'Grüße aus Kiel' },
    ],
    [
      'with no more of a note than fits',
      `<note>${'x'.repeat(500)}</note>`,
      { isOpen: undefined, activities: [], note: 'x'.repeat(200) },
    ],
  ])('%s', (_what, inside, value) => {
    expect(read(document(inside))).toEqual({ ok: true, value });
  });

  test('only when it is one', () => {
    expect(read('<presence/>')).toEqual({ ok: false, reason: 'not a presence document' });
    expect(read('open')).toEqual({ ok: false, reason: 'not well-formed XML' });
  });
});

test('what is written is read again, whatever stands in names and notes', () => {
  const uri = 'sip:%22%3e%3cx@office.example';
  const note = '<b>"&\'\u0007 Grüße \u{1f600}';
  const xml = pidfXml(uri, { isOpen: true, activities: ['on-the-phone'], note }, 'office');
  expect(xml).toMatch(/^[\n -~]*$/);
  expect(readPidf(xml, readXml)).toEqual({
    ...{ ok: true, value: { isOpen: true, activities: ['on-the-phone'], note: '<b>"&\'? Grüße \u{1f600}' } },
  });
});
