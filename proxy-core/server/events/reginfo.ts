/** The document of the reg event package: registration information in XML (RFC 3680 §5, GRUUs by RFC 5628). */

import { DEVICE_SPACE } from '../../sip/bodies/reg-info.ts';
import { escaped, XML_HEAD } from '../../sip/bodies/xml.ts';
import { toText } from '../../sip/grammar/text.ts';
import type { Binding } from '../stores.ts';

export type ContactEvent = 'registered' | 'refreshed' | 'shortened' | 'expired' | 'unregistered' | 'deactivated';

export interface ContactInfo {
  readonly id: number;
  readonly binding: Binding;
  readonly event: ContactEvent;
  readonly publicGruu: string | undefined;
}

export interface RegInfo {
  readonly version: number;
  readonly isFull: boolean;
  /** The address of record as a URI. */
  readonly aor: string;
  readonly state: 'init' | 'active' | 'terminated';
  readonly contacts: readonly ContactInfo[];
  /** ms since 1970. */
  readonly now: number;
}

/** ASCII only: what is outside stands as character references. */
export function regInfoXml({ version, isFull, aor, state, contacts, now }: RegInfo): string {
  return (
    XML_HEAD +
    '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:gr="urn:ietf:params:xml:ns:gruuinfo"' +
    ` version="${version}" state="${isFull ? 'full' : 'partial'}">\n` +
    `  <registration aor="${escaped(aor)}" id="r1" state="${state}">\n` +
    contacts.map((contact) => contactXml(contact, now)).join('') +
    '  </registration>\n</reginfo>\n'
  );
}

function contactXml({ id, binding, event, publicGruu }: ContactInfo, now: number): string {
  const isOver = event === 'expired' || event === 'unregistered' || event === 'deactivated';
  const expires = isOver ? 0 : Math.max(0, Math.ceil((binding.expiresAt - now) / 1000));
  const unknown = (name: string, value: string): string =>
    `      <unknown-param name="${name}">${escaped(value)}</unknown-param>\n`;
  return (
    `    <contact id="c${id}" state="${isOver ? 'terminated' : 'active'}" event="${event}" expires="${expires}"` +
    ` q="${binding.q / 1000}" callid="${escaped(binding.callId)}" cseq="${binding.cseq}">\n` +
    `      <uri>${escaped(binding.contact)}</uri>\n` +
    (binding.instance === '' ? '' : unknown('+sip.instance', `"<${binding.instance}>"`)) +
    (binding.regId === 0 ? '' : unknown('reg-id', String(binding.regId))) +
    (publicGruu === undefined || isOver ? '' : `      <gr:pub-gruu uri="${escaped(publicGruu)}"/>\n`) +
    (isOver ? '' : deviceXml(binding)) +
    '    </contact>\n'
  );
}

/** No word of RFC 3680 tells which device it is: what the office calls it, and the program that registered. */
function deviceXml({ device, userAgent }: Binding): string {
  const attribute = (name: string, value: string): string => (value === '' ? '' : ` ${name}="${escaped(value)}"`);
  const facts = attribute('label', device) + attribute('program', toText(userAgent));
  return facts === '' ? '' : `      <device xmlns="${DEVICE_SPACE}"${facts}/>\n`;
}
