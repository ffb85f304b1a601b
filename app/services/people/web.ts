/**
 * Asks one web server as one person: HTTP with Basic or Digest (RFC 7617, RFC 7616), redirections within bounds, answers in
 * pieces within bounds. A password goes nowhere before it is asked for, and never from a protected way to an open one.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { nodeHashes } from '../../../proxy-core/node/hashes.ts';
import { randomHex } from '../../../proxy-core/node/random.ts';
import { answerChallenge } from '../../../proxy-core/sip/auth/answer.ts';
import { type Challenge, parseChallenges } from '../../../proxy-core/sip/auth/challenge.ts';
import type { BooksAccount } from '../../shared/people-service.ts';
import { CheckedAgent } from './web-agent.ts';
import { WebError, webErrorOf } from './web-error.ts';

export interface WebRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** May lead to another server, which then learns the password: only while one is looked for. */
  readonly roams?: true;
  /** Has the server look through a whole book, of which it may read each card before its first byte. */
  readonly searches?: true;
}

/** ms without any byte, after which the server is taken for gone. */
export interface Patience {
  readonly usual: number;
  readonly searching: number;
}

export interface WebReply {
  readonly status: number;
  /** Where it came from in the end. */
  readonly url: URL;
  header(name: string): string | undefined;
  /** To be read to the end or given up by `drop`. */
  pieces(): AsyncIterable<string>;
  drop(): void;
}

const MOST_HOPS = 5;
/** A small server takes half a minute and more for the first look at a few thousand cards. */
const PATIENCE: Patience = { usual: 30_000, searching: 120_000 };
export const MAX_ANSWER = 256_000_000;
/** Of answers that nobody reads. */
const MAX_DROPPED = 65_536;

type Way = { readonly kind: 'basic' } | { readonly kind: 'digest'; readonly challenge: Challenge; count: number };

export class Web {
  readonly #account: BooksAccount;
  readonly #loopback: boolean;
  readonly #patience: Patience;
  readonly #agents = new Map<string, CheckedAgent>();
  /** How each server wants to know who we are. */
  readonly #ways = new Map<string, Way>();

  constructor(account: BooksAccount, loopback: boolean, patience = PATIENCE) {
    this.#account = account;
    this.#loopback = loopback;
    this.#patience = patience;
  }

  /** Rejects with WebError. The answer may have any status but 401. */
  async send(request: WebRequest): Promise<WebReply> {
    let { url } = request;
    for (let hops = 0; hops <= MOST_HOPS; hops += 1) {
      const reply = await this.#signedIn({ ...request, url });
      const to = [301, 302, 307, 308].includes(reply.status) ? reply.header('location') : undefined;
      if (to === undefined) return reply;
      reply.drop();
      url = redirected(url, to, request.roams === true);
    }
    throw new WebError(`${url.host} leads round in a circle.`, 'other');
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  async #signedIn(request: WebRequest): Promise<WebReply> {
    const { url, method } = request;
    const first = await this.#once(request, this.#authorization(url, method));
    if (first.status !== 401) return first;
    first.drop();
    const way = wayOf(first.challenges);
    if (way === undefined) {
      throw new WebError(`${url.host} wants to be signed in to in a way that Tandem does not know.`, 'other');
    }
    const before = this.#ways.get(url.origin);
    this.#ways.set(url.origin, way);
    // Refused as it stands; a nonce that has grown old is another matter.
    const isWrong = before?.kind === 'basic' || (way.kind === 'digest' && before !== undefined && !way.challenge.stale);
    const second = isWrong ? first : await this.#once(request, this.#authorization(url, method));
    if (second.status !== 401) return second;
    second.drop();
    this.#ways.delete(url.origin);
    throw new WebError(`${url.host} does not accept this name and password.`, 'password');
  }

  #authorization({ origin, pathname, search }: URL, method: string): string | undefined {
    const way = this.#ways.get(origin);
    const { user, password } = this.#account;
    if (way === undefined) return undefined;
    if (way.kind === 'basic') return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    way.count += 1;
    return answerChallenge({
      ...{ challenges: [way.challenge], method, uri: pathname + search, username: user, password },
      ...{ cnonce: randomHex(16), nonceCount: way.count, hashes: nodeHashes },
    })?.value;
  }

  async #once(request: WebRequest, authorization: string | undefined): Promise<WebReply & { challenges: string[] }> {
    const { url, method, headers = {}, body, searches } = request;
    const data = body === undefined ? undefined : Buffer.from(body);
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const asked = httpRequest({
          ...{ method, host: bare(url.hostname), path: url.pathname + url.search },
          port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
          agent: this.#agentFor(url),
          timeout: searches ? this.#patience.searching : this.#patience.usual,
          headers: {
            Host: url.host,
            'User-Agent': 'Tandem',
            'Accept-Encoding': 'identity',
            'Content-Length': data?.length ?? 0,
            ...headers,
            ...(authorization === undefined ? {} : { Authorization: authorization }),
          },
        });
        asked.once('response', resolve).on('error', reject);
        asked.on('timeout', () => asked.destroy(new WebError(`${url.host} does not answer.`, 'offline')));
        asked.end(data);
      });
      return { ...replyOf(answer, url), challenges: challengesOf(answer) };
    } catch (error) {
      throw webErrorOf(error, url.host);
    }
  }

  #agentFor({ origin, protocol, host }: URL): CheckedAgent {
    const known = this.#agents.get(origin);
    if (known !== undefined) return known;
    const { trusted } = this.#account;
    const made = new CheckedAgent(this.#loopback, protocol === 'https:' ? { server: host, trusted } : undefined);
    this.#agents.set(origin, made);
    return made;
  }
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function redirected(from: URL, location: string, roams: boolean): URL {
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    throw new WebError(`${from.host} sends Tandem to an address that is none.`, 'other');
  }
  const [here, there] = [from.host, to.host];
  if (to.protocol !== 'https:' && (to.protocol !== 'http:' || from.protocol === 'https:')) {
    throw new WebError(`${here} sends Tandem to ${there} by a way that is not protected.`, 'other');
  }
  if (to.origin !== from.origin && !roams) {
    throw new WebError(`${here} sends Tandem to ${there}. Sign in there.`, 'other');
  }
  return to;
}

function replyOf(answer: IncomingMessage, url: URL): WebReply {
  return {
    status: answer.statusCode ?? 0,
    url,
    header(name) {
      const value = answer.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    async *pieces() {
      const decoder = new TextDecoder();
      let size = 0;
      try {
        for await (const chunk of answer) {
          size += (chunk as Buffer).length;
          if (size > MAX_ANSWER) throw new WebError(`${url.host} answers with more than can be taken.`, 'other');
          yield decoder.decode(chunk as Buffer, { stream: true });
        }
      } catch (error) {
        throw webErrorOf(error, url.host);
      }
    },
    drop() {
      let left = MAX_DROPPED;
      answer.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) answer.destroy();
      });
      answer.on('error', () => {});
    },
  };
}

const challengesOf = ({ rawHeaders }: IncomingMessage): string[] =>
  rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'www-authenticate');

/** Digest where it is offered, since the password stays here then. */
function wayOf(challenges: readonly string[]): Way | undefined {
  const [challenge] = parseChallenges(challenges);
  if (challenge !== undefined) return { kind: 'digest', challenge, count: 0 };
  return challenges.some((one) => /(?:^|,)\s*basic\b/i.test(one)) ? { kind: 'basic' } : undefined;
}
