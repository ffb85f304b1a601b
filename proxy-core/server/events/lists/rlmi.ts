/** The state of a list (RFC 4662 §5): its meta-information, and the documents of its members as parts of one body. */

import { escaped, XML_HEAD } from '../../../sip/bodies/xml.ts';
import type { Body } from '../../../sip/message/build.ts';

export interface MemberState {
  readonly uri: string;
  /** For people; may be empty. */
  readonly name: string;
  readonly state: 'active' | 'rejected' | 'noresource';
  /** Absent where nothing is told of it in this document. */
  readonly body?: Body | undefined;
}

export interface ListState {
  /** URI of the list. */
  readonly uri: string;
  readonly version: number;
  readonly isFull: boolean;
  readonly members: readonly MemberState[];
}

/** Without quotes, which Linphone takes for a part of it. What we write never begins a line with two hyphens: names and numbers hold no line break. */
const BOUNDARY = 'tandem-part';
const ROOT = 'list@tandem.invalid';
export const RLMI = 'application/rlmi+xml';

export function listBody({ uri, version, isFull, members }: ListState): Body {
  let parts = '';
  let resources = '';
  for (const [i, member] of members.entries()) {
    const cid = `${i}.${version}@tandem.invalid`;
    resources += resourceXml(member, cid);
    if (member.body === undefined) continue;
    parts += part(cid, member.body.type, member.body.content);
  }
  const xml =
    `${XML_HEAD}<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${escaped(uri)}" version="${version}"` +
    ` fullState="${isFull}">\n${resources}</list>\n`;
  return {
    type: `multipart/related;type="${RLMI}";start="<${ROOT}>";boundary=${BOUNDARY}`,
    content: `${part(ROOT, `${RLMI};charset="UTF-8"`, xml)}${parts}--${BOUNDARY}--\r\n`,
  };
}

function resourceXml({ uri, name, state, body }: MemberState, cid: string): string {
  const nameXml = name === '' ? '' : `<name>${escaped(name)}</name>`;
  let instance = '';
  if (state !== 'active') instance = `<instance id="1" state="terminated" reason="${state}"/>`;
  else if (body !== undefined) instance = `<instance id="1" state="active" cid="${cid}"/>`;
  return `<resource uri="${escaped(uri)}">${nameXml}${instance}</resource>\n`;
}

const part = (cid: string, type: string, content: string): string =>
  `--${BOUNDARY}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${cid}>\r\nContent-Type: ${type}\r\n\r\n` +
  `${content}\r\n`;
