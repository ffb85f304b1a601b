/** What a NOTIFY says of its subscription (RFC 6665 §4.1.3, §8.2), or why it is refused. */
import { isSameEvent } from '../../../../proxy-core/sip/dialog/event.ts';
import { getParam } from '../../../../proxy-core/sip/grammar/params.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { deltaSeconds } from '../../../../proxy-core/sip/message/parse.ts';
import { retryAfterMs } from '../status-words.ts';

/** Subscription-State. */
export interface ToldState {
  /** `active`, `pending`, `terminated`; words that nobody knows count as active. */
  readonly word: string;
  readonly reason: string;
  /** Seconds. */
  readonly expires: number | undefined;
  readonly retryAfterMs: number | undefined;
}

export type ReadNotify =
  | { readonly ok: true; readonly state: ToldState }
  | { readonly ok: false; readonly status: number; readonly headers?: readonly HeaderLine[] };

/** A document that is too large is none (messages have 64 KiB at most). */
const LONGEST_DOCUMENT = 32_768;

/** Reads a request within a subscription to the package `event`, whose documents are of the type `accept`. */
export function readNotify(request: SipRequest, event: string, accept: string): ReadNotify {
  if (request.method !== 'NOTIFY') return { ok: false, status: 501 };
  if (!isSameEvent(request.header(H.Event) ?? '', event)) return { ok: false, status: 481 };
  const state = readState(request.header(H.SubscriptionState));
  if (state === undefined) return { ok: false, status: 400 };
  if (request.body === '') return { ok: true, state };
  const type = (request.header(H.ContentType) ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const coding = (request.header(H.ContentEncoding) ?? 'identity').trim().toLowerCase();
  if (type !== accept || coding !== 'identity') return { ok: false, status: 415, headers: [[H.Accept, accept]] };
  return request.body.length > LONGEST_DOCUMENT ? { ok: false, status: 413 } : { ok: true, state };
}

function readState(value: string | undefined): ToldState | undefined {
  if (value === undefined) return undefined;
  const semi = value.indexOf(';');
  const word = (semi < 0 ? value : value.slice(0, semi)).trim().toLowerCase();
  if (word === '') return undefined;
  const params = semi < 0 ? '' : value.slice(semi);
  return {
    word,
    reason: (getParam(params, 'reason') ?? '').toLowerCase(),
    expires: deltaSeconds(getParam(params, 'expires')),
    retryAfterMs: retryAfterMs(getParam(params, 'retry-after')),
  };
}
