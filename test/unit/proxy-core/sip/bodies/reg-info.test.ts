import { describe, expect, it } from 'vitest';
import { regInfoXml } from '../../../../../proxy-core/server/events/reginfo.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { readXml } from '../../../../../proxy-core/sip/bodies/read-xml.ts';
import { readRegInfo } from '../../../../../proxy-core/sip/bodies/reg-info.ts';
import { bindingOf } from '../../../../support/memory-stores.ts';

const read = (text: string) => readRegInfo(text, readXml);
const info = (contacts: string, attributes = 'version="3" state="full"') =>
  '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:gr="urn:ietf:params:xml:ns:gruuinfo" ' +
  `${attributes}><registration aor="sip:a@x" id="r" state="active">${contacts}</registration></reginfo>`;
const contact = (inside: string, attributes = 'id="1" state="active" event="registered"') =>
  `<contact ${attributes}>${inside}</contact>`;
/** What is read of one contact. */
const one = (inside: string) => {
  const found = read(info(contact(inside)));
  return found.ok ? found.value.contacts[0] : found.reason;
};
const URI = '<uri>sip:a@192.0.2.7:5062</uri>';

describe('a registration document', () => {
  it('of our exchange is read as it was written', () => {
    const binding = bindingOf(aorOf('1001', 'office.example'), 'sip:1001@192.0.2.7:5062;transport=tcp', {
      ...{ instance: 'urn:uuid:1', regId: 2, device: 'Büro <2>', userAgent: 'snomD785/10.1' },
    });
    const publicGruu = 'sip:1001@office.example;gr=urn:uuid:1';
    const told = { id: 3, binding, publicGruu };
    const registration = { aor: 'sip:1001@office.example', state: 'active' as const, now: 0 };
    const write = (event: 'registered' | 'expired') =>
      regInfoXml({ ...registration, version: 4, isFull: false, contacts: [{ ...told, event }] });
    const seen = { id: 'r1 c3', contact: binding.contact, instance: 'urn:uuid:1' };
    expect(read(write('registered'))).toEqual({
      ok: true,
      value: {
        ...{ version: 4, isFull: false },
        contacts: [
          { ...seen, isActive: true, uri: publicGruu, isGruu: true, name: 'Büro <2>', program: 'snomD785/10.1' },
        ],
      },
    });
    expect(read(write('expired'))).toMatchObject({ value: { contacts: [{ id: 'r1 c3', isActive: false }] } });
  });

  it('of another server names a device by its display name, or by what it says of itself', () => {
    expect(one(`${URI}<display-name>Kitchen</display-name>`)).toMatchObject({
      ...{ uri: 'sip:a@192.0.2.7:5062', isGruu: false, name: 'Kitchen', program: '', instance: '' },
    });
    const described = '<unknown-param name="Description">"&lt;The PC&gt;"</unknown-param>';
    expect(one(URI + described)).toMatchObject({ name: 'The PC' });
    expect(read(info(contact(URI), ''))).toMatchObject({ value: { version: 0, isFull: true } });
  });

  it.each([
    ['no name of the registrar', '<gr:pub-gruu uri="sip:a@x"/>'],
    ['no SIP address', '<gr:pub-gruu uri="tel:+1;gr=1"/>'],
    ['more than an address', '<gr:pub-gruu uri="sip:a@x;gr=1&gt;;tag=1"/>'],
    ['longer than any', `<gr:pub-gruu uri="sip:${'a'.repeat(1_000)}@x;gr=1"/>`],
    ['of another kind', '<pub-gruu uri="sip:a@x;gr=1"/>'],
  ])('is read without a GRUU that is %s', (_, gruu) =>
    expect(one(URI + gruu)).toMatchObject({ isGruu: false, uri: 'sip:a@192.0.2.7:5062' }),
  );

  it('gives no address more than an address may have', () => {
    const uri = '<uri>sip:a:secret@x;method=BYE?Replaces=1&amp;Route=%3Csip:evil%3E</uri>';
    expect(one(`${uri}<gr:pub-gruu uri="sip:a@x;gr=1?Subject=x"/>`)).toMatchObject({
      ...{ contact: 'sip:a@x', uri: 'sip:a@x;gr=1' },
    });
  });

  it('gives no name that would break a sentence', () => {
    const device = (label: string) => `${URI}<device xmlns="tag:tandem.invalid,2026:device" label="${label}"/>`;
    expect(one(device('A&#10;B&#x202e;C'))).toMatchObject({ name: 'A B C' });
    expect(one(device('x'.repeat(5_000)))).toMatchObject({ name: 'x'.repeat(200) });
    expect(one(`${URI}<device label="not ours"/>`)).toMatchObject({ name: '' });
  });

  it.each([
    ['no address', contact('')],
    ['an address that cannot be called', contact('<uri>mailto:a@x</uri>')],
    ['two lines', contact('<uri>sip:a@x&#10;sip:b@x</uri>')],
    ['no state', contact(URI, 'id="1"')],
    ['a state of its own', contact(URI, 'id="1" state="dancing"')],
    ['no id', contact(URI, 'state="active"')],
    ['another name', `<contract id="1" state="active">${URI}</contract>`],
  ])('is read without a contact that has %s', (_, text) =>
    expect(read(info(text))).toMatchObject({ ok: true, value: { contacts: [] } }),
  );

  it.each([
    ['hello', 'not well-formed XML'],
    ['<reginfo version="1" state="full"/>', 'not a registration document'],
    ['<!DOCTYPE x><reginfo xmlns="urn:ietf:params:xml:ns:reginfo"/>', 'XML with a DOCTYPE'],
    [info(contact(URI).repeat(65)), 'too many contacts'],
    [info('<contact/>'.repeat(2_100)), 'XML with too many elements'],
  ])('is refused: %.20s', (text, reason) => {
    expect(read(text)).toEqual({ ok: false, reason });
  });
});
