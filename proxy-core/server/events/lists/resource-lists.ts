/** Lists of whom a phone wants to watch, sent with its SUBSCRIBE (RFC 4826 §3, RFC 5367). */

import type { ReadXml, XmlElement } from '../../../sip/bodies/xml.ts';
import { toBytes, toText } from '../../../sip/grammar/text.ts';

export const RESOURCE_LISTS = 'application/resource-lists+xml';

const SPACE = 'urn:ietf:params:xml:ns:resource-lists';
/** Lists within lists. */
const MAX_DEPTH = 4;

export type ListRead =
  | { readonly ok: true; readonly uris: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** The URIs in the order of the document, each once; entries that are kept elsewhere (`external`) are left out. */
export function readResourceLists(bytes: string, readXml: ReadXml): ListRead {
  const read = readXml(toText(bytes));
  if (!read.ok) return read;
  const { root } = read;
  if (root.name !== 'resource-lists' || root.space !== SPACE) return { ok: false, reason: 'not a list of resources' };
  const uris = new Set<string>();
  const visit = (element: XmlElement, depth: number): void => {
    for (const child of element.children) {
      if (child.name === 'list' && depth < MAX_DEPTH) visit(child, depth + 1);
      const uri = child.name === 'entry' ? child.attributes.get('uri') : undefined;
      // What is kept of a list is parted by spaces, and no URI has one.
      if (uri !== undefined && !/\s/.test(uri)) uris.add(toBytes(uri));
    }
  };
  visit(root, 0);
  return { ok: true, uris: [...uris] };
}
