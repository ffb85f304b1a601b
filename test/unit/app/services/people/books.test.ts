/** Asking servers of address books that are odd, hostile or old: what they say is believed within bounds. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBooks } from '../../../../../app/services/people/books.ts';
import type { BooksAccount } from '../../../../../app/shared/people-service.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

type Answer = (asked: Asked, reply: (status: number, body?: string, headers?: Record<string, string>) => void) => void;

let server: Server;
let answer: Answer;
let asked: Asked[];
let books: ReturnType<typeof createBooks>;

beforeEach(async () => {
  asked = [];
  books = createBooks({ loopback: () => true });
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, authorization: headers.authorization ?? '', body };
      asked.push(one);
      answer(one, (status, text = '', more = {}) => response.writeHead(status, more).end(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  books.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const account = (): BooksAccount => ({ url: origin(), user: 'anna', password: 'secret', trusted: [] });
const multistatus = (inner: string): string =>
  `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav" xmlns:s="http://calendarserver.org/ns/">${inner}</d:multistatus>`;
const found = (href: string, prop: string): string =>
  `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${prop}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
const book = found(
  '/b/',
  '<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype><d:displayname>2024</d:displayname>',
);
const begin = (token = '') => books.begin({ account: account(), book: `${origin()}/b/`, token });

describe('a server that is slow', () => {
  it('has time for a first look through a large book, and for nothing else', async () => {
    books.close();
    books = createBooks({ loopback: () => true, patience: { usual: 100, searching: 60_000 } });
    const kept: (() => void)[] = [];
    answer = ({ method, body }, reply) => {
      if (method !== 'REPORT') return;
      const isCard = body.includes('multiget');
      const [prop, beside] = isCard
        ? ['<d:getetag>1</d:getetag><c:address-data>BEGIN:VCARD\nVERSION:3.0\nFN:A\nEND:VCARD</c:address-data>', '']
        : ['<d:getetag>1</d:getetag>', '<d:sync-token>t</d:sync-token>'];
      kept.push(() => reply(207, multistatus(found('/b/a.vcf', prop) + beside)));
    };
    /** Answers once another question of the same time has been given up. */
    const outlasting = async <T>(asking: T | Promise<T>): Promise<T> => {
      await vi.waitFor(() => expect(kept).toHaveLength(1));
      expect(await books.find({ account: account(), server: `${origin()}/b/` })).toMatchObject({
        ...{ ok: false, trouble: 'offline', reason: expect.stringContaining('does not answer') },
      });
      kept.pop()?.();
      return asking;
    };
    expect(await outlasting(begin())).toMatchObject({ ok: true });
    const hrefs = ['/b/a.vcf'];
    expect(await outlasting(books.cards({ account: account(), book: `${origin()}/b/`, hrefs }))).toMatchObject({
      ok: true,
      value: [{ href: '/b/a.vcf' }],
    });
  });
});

describe('signing in', () => {
  it('answers Digest rather than telling the password, and does not ask twice for every request', async () => {
    answer = ({ authorization }, reply) => {
      if (authorization.startsWith('Digest ')) return reply(207, multistatus(book));
      reply(401, '', { 'WWW-Authenticate': 'Basic realm="x", Digest realm="x", nonce="n", qop="auth", algorithm=MD5' });
    };
    expect(await books.find({ account: account(), server: `${origin()}/b/` })).toEqual({
      ok: true,
      value: [{ url: `${origin()}/b/`, name: '2024', writable: true }],
    });
    await books.find({ account: account(), server: `${origin()}/b/` });
    expect(asked.map(({ authorization }) => authorization.slice(0, 6))).toEqual(['', 'Digest', 'Digest']);
    expect(asked[1]?.authorization).toMatch(/username="anna".*uri="\/b\/".*nc=00000001/);
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  it('says that the password is wrong after one try', async () => {
    answer = (_, reply) => reply(401, '', { 'WWW-Authenticate': 'Basic realm="x"' });
    const { host } = new URL(origin());
    expect(await books.find({ account: account(), server: origin() })).toEqual({
      ok: false,
      reason: `${host} does not accept this name and password.`,
      trouble: 'password',
    });
    expect(asked).toHaveLength(2);
  });

  it('does not follow a server in a circle, nor to another one once the book is known', async () => {
    answer = (_, reply) => reply(302, '', { Location: '/b/' });
    expect(await begin()).toMatchObject({ ok: false, reason: expect.stringContaining('leads round in a circle') });
    answer = (_, reply) => reply(302, '', { Location: 'http://127.0.0.2:9/' });
    expect(await begin()).toMatchObject({ ok: false, reason: expect.stringContaining('sends Tandem to 127.0.0.2:9') });
  });

  it('reaches nothing but this computer where nothing else may be reached', async () => {
    const elsewhere = { ...account(), url: 'http://192.0.2.1' };
    expect(await books.find({ account: elsewhere, server: 'http://192.0.2.1' })).toMatchObject({
      ok: false,
      reason: '192.0.2.1 is not this computer, and nothing else may be reached now.',
    });
  });
});

describe('what is different', () => {
  it('is told by ctag and etags where a server knows no tokens, and not asked for again while that is the same', async () => {
    answer = ({ method, body }, reply) => {
      if (method === 'REPORT') return reply(501);
      if (body.includes('getctag')) return reply(207, multistatus(found('/b/', '<s:getctag>7</s:getctag>')));
      const entries = ['/b/a.vcf', '/b/', '/elsewhere/x.vcf', 'http://other.example/b/y.vcf'];
      reply(207, multistatus(entries.map((href) => found(href, '<d:getetag>"1"</d:getetag>')).join('')));
    };
    const round = await begin();
    expect(round).toEqual({ ok: true, value: { round: 1, token: 'c:7', isAll: true } });
    expect(await books.page({ round: 1 })).toEqual({
      ok: true,
      value: { changed: [{ href: '/b/a.vcf', etag: '"1"' }], removed: [], isLast: true },
    });
    expect(await begin('c:7')).toMatchObject({ ok: true, value: { isAll: false } });
  });

  it('comes in parts where the server gives parts, and anew where its token has grown old', async () => {
    answer = ({ body }, reply) => {
      if (body.includes('>old<')) return reply(403);
      const isFirst = body.includes('<d:sync-token></d:sync-token>');
      const one = found(isFirst ? '/b/a.vcf' : '/b/b.vcf', '<d:getetag>"1"</d:getetag>');
      const gone = '<d:response><d:href>/b/a.vcf</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>';
      const cut = '<d:response><d:href>/b/</d:href><d:status>HTTP/1.1 507 x</d:status></d:response>';
      reply(207, multistatus(`${one}${isFirst ? cut : gone}<d:sync-token>${isFirst ? 'p1' : 'p2'}</d:sync-token>`));
    };
    expect(await begin('s:old')).toMatchObject({ ok: true, value: { token: 's:p2', isAll: true } });
    expect(await books.page({ round: 1 })).toMatchObject({
      value: { changed: [{ href: '/b/b.vcf' }], removed: ['/b/a.vcf'], isLast: true },
    });
  });

  it.each([
    ['a DOCTYPE', '<!DOCTYPE d [<!ENTITY a "aaaa">]><d/>'],
    ['no XML', 'hello'],
    ['elements without end', multistatus('<d:response>'.repeat(50))],
    ['too much in one response', multistatus(`<d:response>${'<d:x/>'.repeat(3_000)}</d:response>`)],
  ])('is refused with a sentence where the answer has %s', async (_, body) => {
    answer = (__, reply) => reply(207, body);
    expect(await begin()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('gives an answer that cannot be read.'),
    });
  });

  it('is never more than one hundred thousand cards', async () => {
    const some = Array.from({ length: 100_500 }, (_, at) => found(`/b/${at}.vcf`, `<d:getetag>"${at}"</d:getetag>`));
    answer = (_, reply) => reply(207, multistatus(`${some.join('')}<d:sync-token>t</d:sync-token>`));
    expect(await begin()).toMatchObject({ ok: true });
    let count = 0;
    for (let isLast = false; !isLast; ) {
      const page = await books.page({ round: 1 });
      if (!page.ok) throw new Error(page.reason);
      count += page.value.changed.length;
      ({ isLast } = page.value);
    }
    expect(count).toBe(100_000);
  });
});
