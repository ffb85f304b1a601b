/** Finds the address books of a person from what he knows: a server, an address of one, or his e-mail (RFC 6764). */
import { promises as dns } from 'node:dns';
import { MAX_BOOKS } from '../../shared/address-books.ts';
import type { FoundBook } from '../../shared/people-service.ts';
import { propfind } from './dav.ts';
import { CARDDAV, childOf, type DavResponse, type Node } from './multistatus.ts';
import type { Web } from './web.ts';
import { WebError } from './web-error.ts';

const ADDRESS_BOOK = `{${CARDDAV}}addressbook`;
const HOME = `{${CARDDAV}}addressbook-home-set`;
const WRITING = ['all', 'write', 'write-content', 'bind'];
const MAX_HOMES = 4;
const MAX_NAME = 200;
const DNS_MS = 4_000;

export interface DavDns {
  srv(name: string): Promise<readonly { name: string; port: number; priority: number; weight: number }[]>;
  txt(name: string): Promise<readonly (readonly string[])[]>;
}

const systemDns: DavDns = { srv: (name) => dns.resolveSrv(name), txt: (name) => dns.resolveTxt(name) };

/** Rejects with WebError. @param names undefined: DNS is not asked */
export async function findBooks(web: Web, server: string, names: DavDns | null = systemDns): Promise<FoundBook[]> {
  const typed = readTyped(server);
  const places = [
    ...(typed.pathname === '/' ? [] : [typed]),
    ...(names === null || typed.port !== '' || typed.protocol === 'http:' ? [] : await announced(names, typed)),
    new URL('/.well-known/carddav', typed),
    new URL('/', typed),
  ];
  let first: WebError | undefined;
  for (const place of places) {
    try {
      const found = await booksFrom(web, place);
      if (found.length > 0) return found;
    } catch (error) {
      if (!(error instanceof WebError) || error.trouble === 'password' || error.trouble === 'certificate') throw error;
      first ??= error;
    }
  }
  throw first ?? new WebError(`There is no address book at ${typed.host}.`, 'gone');
}

/** As an address; protected unless `http:` was typed. Rejects with WebError. */
function readTyped(server: string): URL {
  const text = server.trim();
  const email = /^[^\s@/]+@([^\s@/:]+)$/.exec(text)?.[1];
  const address = email ?? text;
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`);
    if ((url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '') {
      url.username = '';
      url.password = '';
      url.hash = '';
      return url;
    }
  } catch {
    // No address at all.
  }
  throw new WebError(
    'This is no server of address books; type something like cloud.example or you@cloud.example.',
    'other',
  );
}

/** What DNS says of a domain (RFC 6764 §3). */
async function announced(names: DavDns, { hostname }: URL): Promise<URL[]> {
  const service = `_carddavs._tcp.${hostname}`;
  const [servers, texts] = await Promise.all([
    soon(names.srv(service), []),
    soon(names.txt(service), [] as readonly (readonly string[])[]),
  ]);
  const path = /^path=(\/.*)$/.exec(texts.flat().find((text) => text.startsWith('path=')) ?? '')?.[1];
  return [...servers]
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    .filter(({ name }) => name !== '')
    .slice(0, 2)
    .map(({ name, port }) => new URL(path ?? '/.well-known/carddav', `https://${name}:${port}`));
}

async function soon<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), DNS_MS);
  });
  try {
    return await Promise.race([asked.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function booksFrom(web: Web, place: URL): Promise<FoundBook[]> {
  const here = await look(web, place);
  if (here === undefined) return [];
  if (isBook(here.response)) return [bookOf(here.response, here.url)];
  const principal = urlIn(childOf(here.response.props.get('current-user-principal'), 'href'), here.url);
  const at = here.response.props.has(HOME) || principal === undefined ? here : await look(web, principal);
  const homes = (at?.response.props.get(HOME)?.children ?? [])
    .filter(({ name }) => name === 'href')
    .flatMap((href) => urlIn(href, at?.url ?? place) ?? [])
    .slice(0, MAX_HOMES);
  const books = new Map<string, FoundBook>();
  for (const home of homes) {
    const responses: DavResponse[] = [];
    const listed = await propfind(web, home, ['type', 'name', 'rights'], {
      ...{ depth: 1, roams: true },
      take: (response) => {
        if (isBook(response) && responses.length < MAX_BOOKS) responses.push(response);
      },
    });
    for (const response of responses) {
      const book = bookOf(response, listed?.url ?? home);
      books.set(book.url, book);
    }
  }
  return [...books.values()].slice(0, MAX_BOOKS).sort((a, b) => a.name.localeCompare(b.name));
}

async function look(web: Web, url: URL): Promise<{ url: URL; response: DavResponse } | undefined> {
  let response: DavResponse | undefined;
  const take = (one: DavResponse): void => {
    response ??= one;
  };
  const found = await propfind(web, url, ['principal', 'home', 'type', 'name', 'rights'], { roams: true, take });
  return found === undefined || response === undefined ? undefined : { url: found.url, response };
}

const isBook = ({ props }: DavResponse): boolean => childOf(props.get('resourcetype'), ADDRESS_BOOK) !== undefined;

function bookOf({ href, props }: DavResponse, base: URL): FoundBook {
  const url = new URL(href, base);
  const rights = props.get('current-user-privilege-set')?.children.flatMap(({ children }) => children);
  const last = decodeURIComponent(url.pathname.split('/').filter(Boolean).at(-1) ?? '').slice(0, MAX_NAME);
  return {
    url: url.href,
    name: (
      props
        .get('displayname')
        ?.text.replace(/\p{Cc}+/gu, ' ')
        .trim() ||
      last ||
      url.host
    ).slice(0, MAX_NAME),
    writable: rights === undefined || rights.some(({ name }) => WRITING.includes(name)),
  };
}

function urlIn(href: Node | undefined, base: URL): URL | undefined {
  const text = href?.text.trim() ?? '';
  if (text === '') return undefined;
  try {
    const url = new URL(text, base);
    // The password goes there, and not by a way that is less protected.
    return url.protocol === 'https:' || (url.protocol === 'http:' && base.protocol === 'http:') ? url : undefined;
  } catch {
    return undefined;
  }
}
