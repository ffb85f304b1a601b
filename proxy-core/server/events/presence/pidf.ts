/** Presence documents: PIDF (RFC 3863) with the activities of a person (RFC 4479, RFC 4480), read and written. */
import { toText } from '../../../sip/grammar/text.ts';
import { escaped, type ReadXml, XML_HEAD, type XmlElement } from '../xml.ts';
import type { Presence, PublishedPresence } from './presence-state.ts';

export const PIDF = 'application/pidf+xml';

const SPACE = 'urn:ietf:params:xml:ns:pidf';
const PERSON = `${SPACE}:data-model`;
const RPID = `${SPACE}:rpid`;

/** RFC 4480 §3.2; what else phones make up is not passed on. */
const ACTIVITIES: ReadonlySet<string> = new Set(
  (
    'appointment away breakfast busy dinner holiday in-transit looking-for-work lunch meal meeting on-the-phone ' +
    'performance permanent-absence playing presentation shopping sleeping spectator steering travel tv vacation ' +
    'working worship'
  ).split(' '),
);
const MAX_ACTIVITIES = 8;
const LONGEST_NOTE = 200;

export type PidfRead =
  | { readonly ok: true; readonly value: PublishedPresence }
  | { readonly ok: false; readonly reason: string };

export function readPidf(bytes: string, readXml: ReadXml): PidfRead {
  const read = readXml(toText(bytes));
  if (!read.ok) return read;
  const { root } = read;
  if (root.name !== 'presence' || root.space !== SPACE) return { ok: false, reason: 'not a presence document' };
  let isOpen: boolean | undefined;
  const activities = new Set<string>();
  const notes: string[] = [];
  // Old phones put the activities into the tuple, or into a namespace of drafts.
  const visit = (element: XmlElement, parent: string): void => {
    const { name, space } = element;
    if (name === 'basic' && space === SPACE && parent === 'status') {
      const word = element.text.trim();
      if (word === 'open') isOpen = true;
      else if (word === 'closed') isOpen ??= false;
    } else if (name === 'note' && parent !== 'activities') notes.push(element.text);
    else if (name === 'activities') {
      for (const child of element.children) activities.add(child.name === 'activity' ? child.text.trim() : child.name);
    }
    for (const child of element.children) visit(child, name);
  };
  visit(root, '');
  const note = notes.map((text) => text.trim().replaceAll(/\s+/g, ' ')).find((text) => text !== '') ?? '';
  return {
    ok: true,
    value: {
      isOpen,
      activities: [...activities].filter((one) => ACTIVITIES.has(one)).slice(0, MAX_ACTIVITIES),
      note: note.slice(0, LONGEST_NOTE),
    },
  };
}

/** @param uri of the user, as `sip:1002@office.example`. */
export function pidfXml(uri: string, { lamp, activities, note }: Presence): string {
  const entity = escaped(uri);
  const noteXml = note === '' ? '' : `<note>${escaped(note)}</note>`;
  const acts = activities.map((one) => `<rpid:${one}/>`).join('');
  return (
    XML_HEAD +
    `<presence xmlns="${SPACE}" xmlns:dm="${PERSON}" xmlns:rpid="${RPID}" entity="${entity}">\n` +
    `<tuple id="office"><status><basic>${lamp === 'offline' ? 'closed' : 'open'}</basic></status>` +
    `<contact>${entity}</contact>${noteXml}</tuple>\n` +
    (acts === '' ? '' : `<dm:person id="user"><rpid:activities>${acts}</rpid:activities></dm:person>\n`) +
    '</presence>\n'
  );
}
