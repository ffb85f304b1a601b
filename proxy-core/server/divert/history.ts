/**
 * The trace that forwarding leaves in a request: History-Info (RFC 7044, causes as in RFC 4458) for those who read it, and
 * Diversion (RFC 5806) for the many phones and trunks that know no other.
 */
import { parseNameAddr } from '../../sip/grammar/name-addr.ts';
import type { HeaderLine } from '../../sip/message/build.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import type { ForwardCase } from './call-handling.ts';

export type DiversionCause = ForwardCase | 'do-not-disturb';

/** How RFC 5806 and RFC 4458 say it. */
const WORDS: Readonly<Record<DiversionCause, { readonly reason: string; readonly cause: number }>> = {
  always: { reason: 'unconditional', cause: 302 },
  busy: { reason: 'user-busy', cause: 486 },
  'no-answer': { reason: 'no-answer', cause: 408 },
  unreachable: { reason: 'unavailable', cause: 503 },
  'do-not-disturb': { reason: 'do-not-disturb', cause: 486 },
};

/** What one leg of a forwarded call carries beside what came. */
export interface DivertedHeaders {
  /** To stand below what came. */
  readonly history: readonly string[];
  /** To stand above what came, the last one on top. */
  readonly diversions: readonly string[];
}

const MAX_READ = 50;

export class CallHistory {
  /** How often the call was forwarded, before it came here too. */
  count: number;
  readonly #history: string[] = [];
  readonly #diversions: string[] = [];
  /** Index of the entry that the next one comes of; empty before the first. */
  #index: string;
  /** The last entry that came is that of the Request-URI. */
  #isNamed: boolean;

  constructor(request: SipRequest, uriText: string) {
    const has = request.headers.find(H.HistoryInfo) >= 0;
    const entries = has ? request.list(H.HistoryInfo) : [];
    const last = parseNameAddr(entries.at(-1) ?? '');
    const index = last.ok ? (last.value.param('index') ?? '') : '';
    this.#index = /^\d{1,5}(?:\.\d{1,5}){0,60}$/.test(index) ? index : '';
    this.#isNamed = this.#index !== '' && last.ok && withoutHeaders(last.value.uriText) === uriText;
    this.count = countOf(request);
  }

  /** The call to `from` goes on to `to`. */
  add(from: string, to: string, cause: DiversionCause): void {
    const { reason, cause: code } = WORDS[cause];
    // What a device or the network said; to forward always is nobody's answer (RFC 7044 §10.2).
    const why = cause === 'always' ? '' : `?Reason=SIP%3Bcause%3D${code}`;
    if (!this.#isNamed) {
      this.#index = this.#index === '' ? '1' : `${this.#index}.1`;
      this.#history.push(`<${from}${why}>;index=${this.#index}`);
    }
    const next = `${this.#index}.1`;
    this.#history.push(`<${to};cause=${code}>;index=${next};mp=${this.#index}`);
    this.#index = next;
    this.#isNamed = true;
    this.#diversions.push(`<${from}>;reason=${reason};counter=1`);
    this.count++;
  }

  get headers(): DivertedHeaders {
    return { history: [...this.#history], diversions: [...this.#diversions] };
  }

  /** For the 181: only to a caller who reads it (RFC 7044 §9.3). */
  noticeFor(request: SipRequest): readonly HeaderLine[] {
    if (request.headers.find(H.Supported) < 0) return [];
    const reads = request.list(H.Supported).some((tag) => tag.toLowerCase() === 'histinfo');
    return reads ? this.#history.map((entry): HeaderLine => [H.HistoryInfo, entry]) : [];
  }
}

const withoutHeaders = (uri: string): string => uri.split('?', 1)[0] ?? '';

/** Each Diversion counts itself, and what its `counter` says (RFC 5806 §4.2). */
function countOf(request: SipRequest): number {
  if (request.headers.find(H.Diversion) < 0) return 0;
  let count = 0;
  for (const value of request.list(H.Diversion).slice(0, MAX_READ)) {
    const read = parseNameAddr(value);
    const counter = read.ok ? Number(read.value.param('counter') ?? 1) : 1;
    count += counter >= 1 && counter <= 999 ? Math.floor(counter) : 1;
  }
  return count;
}
