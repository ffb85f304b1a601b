/** The document of the reg event package as whoever watches reads it (RFC 3680 §5, GRUUs by RFC 5628). */

import { toBytes, toText } from '../grammar/text.ts';
import { parseUri } from '../grammar/uri.ts';
import type { ReadXml, XmlElement } from './xml.ts';

export const REGINFO = 'application/reginfo+xml';
/** Of the element by which an exchange of ours says what the office calls a device, and by which program it registered. */
export const DEVICE_SPACE = 'tag:tandem.invalid,2026:device';

const SPACE = 'urn:ietf:params:xml:ns:reginfo';
const GRUU_SPACE = 'urn:ietf:params:xml:ns:gruuinfo';
/** Contacts of one document; nobody has as many devices. */
const MAX_CONTACTS = 64;
/** Longer addresses and names are nobody's. */
const MAX_URI = 1_000;
const MAX_NAME = 200;

export interface SeenContact {
  /** In the documents of one notifier. */
  readonly id: string;
  readonly isActive: boolean;
  /** Where the device is called: its public GRUU, else its Contact. A SIP address, as a binary string. */
  readonly uri: string;
  readonly isGruu: boolean;
  /** The Contact, which says where it stands. */
  readonly contact: string;
  /** `+sip.instance` without the angle brackets; empty where the device has none. */
  readonly instance: string;
  /** As people call it, and the program that registered; both may be empty. */
  readonly name: string;
  readonly program: string;
}

export interface RegInfo {
  readonly version: number;
  /** Whether contacts that are not in it are gone. */
  readonly isFull: boolean;
  readonly contacts: readonly SeenContact[];
}

export type RegInfoRead =
  | { readonly ok: true; readonly value: RegInfo }
  | { readonly ok: false; readonly reason: string };

export function readRegInfo(bytes: string, readXml: ReadXml): RegInfoRead {
  const read = readXml(toText(bytes));
  if (!read.ok) return read;
  const { root } = read;
  if (root.name !== 'reginfo' || root.space !== SPACE) return { ok: false, reason: 'not a registration document' };
  const version = /^\d{1,10}$/.exec(root.attributes.get('version') ?? '')?.[0];
  const contacts: SeenContact[] = [];
  for (const registration of named(root, 'registration', SPACE)) {
    const whose = registration.attributes.get('id') ?? '';
    for (const element of named(registration, 'contact', SPACE)) {
      const contact = readContact(element, whose);
      if (contact === undefined) continue;
      if (contacts.length >= MAX_CONTACTS) return { ok: false, reason: 'too many contacts' };
      contacts.push(contact);
    }
  }
  return {
    ok: true,
    value: { version: Number(version ?? 0), isFull: root.attributes.get('state') !== 'partial', contacts },
  };
}

/** Undefined where it says nothing that a call could be led to. */
function readContact(element: XmlElement, whose: string): SeenContact | undefined {
  const id = element.attributes.get('id') ?? '';
  const state = element.attributes.get('state');
  const contact = addressIn(named(element, 'uri', SPACE)[0]?.text.trim());
  if (id === '' || contact === undefined || (state !== 'active' && state !== 'terminated')) return undefined;
  const gruu = addressIn(named(element, 'pub-gruu', GRUU_SPACE)[0]?.attributes.get('uri'));
  const isGruu = gruu !== undefined && /;gr=/i.test(gruu);
  const param = (name: string): string =>
    named(element, 'unknown-param', SPACE).find(({ attributes }) => attributes.get('name')?.toLowerCase() === name)
      ?.text ?? '';
  const device = named(element, 'device', DEVICE_SPACE)[0]?.attributes;
  const shown = named(element, 'display-name', SPACE)[0]?.text;
  return {
    ...{ id: `${whose} ${id}`, isActive: state === 'active', contact, isGruu, uri: isGruu ? gruu : contact },
    instance: (/^"?<([^<>"\s]{1,200})>"?$/.exec(param('+sip.instance').trim())?.[1] ?? '').toLowerCase(),
    // What a device says of itself (RFC 3840 §10.17), where nobody else says how it is called.
    name: plain(device?.get('label')) || plain(shown) || plain(/^"?<(.*)>"?$/.exec(param('description'))?.[1]),
    program: plain(device?.get('program')),
  };
}

const named = ({ children }: XmlElement, name: string, space: string): readonly XmlElement[] =>
  children.filter((child) => child.name === name && child.space === space);

/** Of a SIP address that may be called and written between angle brackets. */
function addressIn(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_URI || /[<>"\s\p{Cc}]/u.test(text)) return undefined;
  const uri = parseUri(toBytes(text));
  if (!uri.ok || !uri.value.isSip || uri.value.host === '') return undefined;
  // Headers would be said by the one who calls it.
  return uri.value.with({ headers: '', password: undefined }).withoutParam('method').toString();
}

/** Fit to stand within a sentence: nothing that breaks a line, or turns round the letters after it. */
const plain = (text = ''): string =>
  text
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, ' ')
    .trim()
    .slice(0, MAX_NAME);
