/** Reads the answers of WebDAV (RFC 4918 §14.16) piece by piece: each response as soon as it is whole, within bounds. */
import { SaxesParser } from 'saxes';
import { WebError } from './web-error.ts';

/** An element with what stands in it. Names are `{namespace}local`, those of DAV: without. */
export interface Node {
  readonly name: string;
  readonly children: readonly Node[];
  /** Its own text, as it stands. */
  readonly text: string;
}

export interface DavResponse {
  /** As it was written. */
  readonly href: string;
  /** Of the whole, where that was said; else 200. */
  readonly status: number;
  /** What was found, by name. */
  readonly props: ReadonlyMap<string, Node>;
}

export const CARDDAV = 'urn:ietf:params:xml:ns:carddav';
export const CALENDAR_SERVER = 'http://calendarserver.org/ns/';

const MAX_DEPTH = 32;
/** Of one response. */
const MAX_NODES = 2_000;
/** Characters of one response: a card with its picture. */
const MAX_TEXT = 8_000_000;

/** Gives what stands beside the responses, by name, such as the sync-token. Rejects with WebError. */
export async function readMultistatus(
  pieces: AsyncIterable<string>,
  host: string,
  take: (response: DavResponse) => void,
): Promise<ReadonlyMap<string, Node>> {
  const wrong = (): WebError => new WebError(`${host} gives an answer that cannot be read.`, 'other');
  const beside = new Map<string, Node>();
  const open: { name: string; children: Node[]; text: string }[] = [];
  let nodes = 0;
  let size = 0;
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on('error', () => {
    throw wrong();
  });
  parser.on('doctype', () => {
    throw wrong();
  });
  parser.on('opentag', ({ uri, local }) => {
    nodes += 1;
    if (nodes > MAX_NODES || open.length >= MAX_DEPTH) throw wrong();
    open.push({ name: uri === 'DAV:' ? local : `{${uri}}${local}`, children: [], text: '' });
  });
  parser.on('closetag', () => {
    const done = open.pop();
    const parent = open.at(-1);
    if (done === undefined || parent === undefined) return;
    if (open.length > 1) parent.children.push(done);
    else {
      nodes = 1;
      size = 0;
      if (done.name === 'response') take(responseOf(done));
      else beside.set(done.name, done);
    }
  });
  const add = (more: string): void => {
    const at = open.at(-1);
    size += more.length;
    if (size > MAX_TEXT) throw wrong();
    if (at !== undefined) at.text += more;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  for await (const piece of pieces) parser.write(piece);
  parser.close();
  return beside;
}

export const childOf = (node: Node | undefined, name: string): Node | undefined =>
  node?.children.find((child) => child.name === name);

function responseOf(response: Node): DavResponse {
  const props = new Map<string, Node>();
  for (const stat of response.children.filter(({ name }) => name === 'propstat')) {
    if (statusOf(childOf(stat, 'status')) >= 300) continue;
    for (const prop of childOf(stat, 'prop')?.children ?? []) props.set(prop.name, prop);
  }
  return {
    href: childOf(response, 'href')?.text.trim() ?? '',
    status: statusOf(childOf(response, 'status')),
    props,
  };
}

/** Such as `HTTP/1.1 404 Not Found`. */
const statusOf = (node: Node | undefined): number => Number(/^\S+\s+(\d{3})/.exec(node?.text.trim() ?? '')?.[1] ?? 200);
