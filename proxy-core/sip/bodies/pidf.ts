/** Presence documents: PIDF (RFC 3863) with the activities of a person (RFC 4479, RFC 4480), read and written. */
import { toText } from '../grammar/text.ts';
import { escaped, type ReadXml, XML_HEAD, type XmlElement } from './xml.ts';

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

/** What a document says of its user. */
export interface PublishedPresence {
  /** Whether any of its tuples is open; undefined where it does not say. */
  readonly isOpen: boolean | undefined;
  /** Of RFC 4480 §3.2. */
  readonly activities: readonly string[];
  /** Of the user; may be empty. */
  readonly note: string;
}

/** What phones write who know no activity for it. */
const DO_NOT_DISTURB = /^\s*(dnd|do[ -]?not[ -]?disturb)\b/i;

/** Whether he does not want to be disturbed. */
export const isBusy = ({ activities, note }: PublishedPresence): boolean =>
  activities.includes('busy') || DO_NOT_DISTURB.test(note);

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

/** @param uri of the user, as `sip:1002@office.example`; @param tuple names who says so, in letters and digits. */
export function pidfXml(uri: string, { isOpen, activities, note }: PublishedPresence, tuple: string): string {
  const entity = escaped(uri);
  const noteXml = note === '' ? '' : `<note>${escaped(note)}</note>`;
  const acts = activities.map((one) => `<rpid:${one}/>`).join('');
  return (
    XML_HEAD +
    `<presence xmlns="${SPACE}" xmlns:dm="${PERSON}" xmlns:rpid="${RPID}" entity="${entity}">\n` +
    `<tuple id="${tuple}"><status><basic>${isOpen === false ? 'closed' : 'open'}</basic></status>` +
    `<contact>${entity}</contact>${noteXml}</tuple>\n` +
    (acts === '' ? '' : `<dm:person id="user"><rpid:activities>${acts}</rpid:activities></dm:person>\n`) +
    '</presence>\n'
  );
}
