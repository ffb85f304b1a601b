/** The requests of WebDAV and CardDAV that are needed (RFC 4918, RFC 6352, RFC 6578), each with its answer. */
import { escaped } from '../../../proxy-core/sip/bodies/xml.ts';
import { CALENDAR_SERVER, CARDDAV, type DavResponse, type Node, readMultistatus } from './multistatus.ts';
import type { Web, WebReply, WebRequest } from './web.ts';
import { WebError } from './web-error.ts';

export interface Multistatus {
  readonly url: URL;
  readonly beside: ReadonlyMap<string, Node>;
}

const PROPS = {
  principal: '<d:current-user-principal/>',
  home: '<c:addressbook-home-set/>',
  type: '<d:resourcetype/>',
  name: '<d:displayname/>',
  rights: '<d:current-user-privilege-set/>',
  etag: '<d:getetag/>',
  ctag: '<s:getctag/>',
  card: '<c:address-data/>',
} as const;

export type Prop = keyof typeof PROPS;

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n';
const SPACES = `xmlns:d="DAV:" xmlns:c="${CARDDAV}" xmlns:s="${CALENDAR_SERVER}"`;
const XML = { 'Content-Type': 'application/xml; charset=utf-8' };

const wanted = (props: readonly Prop[]): string => `<d:prop>${props.map((name) => PROPS[name]).join('')}</d:prop>`;

/** Undefined where the server does not know it there. */
export async function propfind(
  web: Web,
  url: URL,
  props: readonly Prop[],
  { depth = 0, roams, take }: { depth?: 0 | 1; roams?: true; take: (response: DavResponse) => void },
): Promise<Multistatus | undefined> {
  const body = `${HEAD}<d:propfind ${SPACES}>${wanted(props)}</d:propfind>`;
  const headers = { ...XML, Depth: String(depth) };
  const more = { ...(roams ? { roams } : {}), ...(depth === 1 ? { searches: true as const } : {}) };
  const reply = await web.send({ method: 'PROPFIND', url, headers, body, ...more });
  return multistatusOf(reply, take);
}

const report = (url: URL, body: string): WebRequest => ({
  ...{ method: 'REPORT', url, headers: { ...XML, Depth: '0' }, body, searches: true },
});

/** What changed since `token`; all where it is empty. Undefined where the server cannot tell, or not since then. */
export async function syncCollection(
  web: Web,
  url: URL,
  token: string,
  take: (response: DavResponse) => void,
): Promise<Multistatus | undefined> {
  const since = `<d:sync-token>${escaped(token)}</d:sync-token><d:sync-level>1</d:sync-level>`;
  const body = `${HEAD}<d:sync-collection ${SPACES}>${since}${wanted(['etag'])}</d:sync-collection>`;
  return multistatusOf(await web.send(report(url, body)), take);
}

export async function multiget(
  web: Web,
  url: URL,
  hrefs: readonly string[],
  take: (response: DavResponse) => void,
): Promise<void> {
  const named = hrefs.map((href) => `<d:href>${escaped(href)}</d:href>`).join('');
  const body = `${HEAD}<c:addressbook-multiget ${SPACES}>${wanted(['etag', 'card'])}${named}</c:addressbook-multiget>`;
  const reply = await web.send(report(url, body));
  if ((await multistatusOf(reply, take)) === undefined) {
    throw new WebError(`${url.host} does not give its cards (status ${reply.status}).`, 'other');
  }
}

/** Writes a card over the one with this etag; over none where that is null. */
export async function putCard(web: Web, url: URL, etag: string | null, text: string): Promise<void> {
  const only: Readonly<Record<string, string>> = etag === null ? { 'If-None-Match': '*' } : { 'If-Match': etag };
  const headers = { 'Content-Type': 'text/vcard; charset=utf-8', ...only };
  written(await web.send({ method: 'PUT', url, headers, body: text }));
}

export async function deleteCard(web: Web, url: URL, etag: string): Promise<void> {
  const reply = await web.send({ method: 'DELETE', url, headers: { 'If-Match': etag } });
  if (reply.status === 404 || reply.status === 410) reply.drop();
  else written(reply);
}

function written({ status, url, drop }: WebReply): void {
  drop();
  if (status >= 200 && status < 300) return;
  if (status === 412 || status === 409) {
    throw new WebError('This contact was changed on the server meanwhile.', 'conflict');
  }
  if (status === 404 || status === 410) {
    throw new WebError('This contact is not on the server any more.', 'gone');
  }
  if (status === 403 || status === 405) {
    throw new WebError(`${url.host} lets this address book be read only.`, 'denied');
  }
  if (status === 507 || status === 413) throw new WebError(`${url.host} has no room for this contact.`, 'other');
  throw new WebError(`${url.host} did not take the contact (status ${status}).`, 'other');
}

async function multistatusOf(reply: WebReply, take: (response: DavResponse) => void): Promise<Multistatus | undefined> {
  const { status, url } = reply;
  if (status === 207) return { url, beside: await readMultistatus(reply.pieces(), url.host, take) };
  reply.drop();
  if (status >= 500 && status !== 501)
    throw new WebError(`${url.host} has trouble of its own (status ${status}).`, 'offline');
  return undefined;
}
