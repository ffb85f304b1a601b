/** How long a session lasts without a sign of life, and who gives it (RFC 4028): what each side says and what follows. */
import type { HeaderLine } from '../message/build.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import { H } from '../message/names.ts';
import { optionTags } from '../message/parse.ts';

export const TIMER = 'timer';
/** Seconds: the least that is ever allowed (§5). */
export const LEAST = 90;
/** A peer may not make us ask for more than a day. */
const MOST = 86_400;

export interface SessionTerms {
  /** Seconds. */
  readonly expires: number;
  readonly refresher: 'us' | 'peer';
}

/** What a request of ours asks for. */
export interface TimerWish {
  /** Seconds; 0 asks for nothing. */
  readonly expires: number;
  readonly min: number;
}

interface Interval {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

const VALUE = /^(\d{1,10})\s*(;.*)?$/;

function interval(text: string | undefined): Interval | undefined {
  const [, digits, params = ''] = VALUE.exec(text?.trim() ?? '') ?? [];
  if (digits === undefined) return undefined;
  const who = /;\s*refresher\s*=\s*(uac|uas)\b/i.exec(params)?.[1]?.toLowerCase();
  return { seconds: Number(digits), refresher: who === 'uac' || who === 'uas' ? who : undefined };
}

const minOf = (message: SipMessage): number => Math.max(LEAST, interval(message.header(H.MinSe))?.seconds ?? 0);

/** The headers of a request. `refresher` is left out of the first INVITE: the other side chooses (§7.1). */
export function timerHeaders(wish: TimerWish, refresher?: SessionTerms['refresher']): HeaderLine[] {
  if (wish.expires === 0) return [];
  const who = refresher === undefined ? '' : `;refresher=${refresher === 'us' ? 'uac' : 'uas'}`;
  return [
    [H.SessionExpires, `${wish.expires}${who}`],
    ...(wish.min > LEAST ? ([[H.MinSe, String(wish.min)]] as const) : []),
  ];
}

/** The wish to come with after a 422 (§7.4); undefined where the answer asks for nothing that could be given. */
export function raised(wish: TimerWish, response: SipResponse): TimerWish | undefined {
  const min = minOf(response);
  return wish.expires > 0 && min > wish.min && min <= MOST ? { expires: Math.max(wish.expires, min), min } : undefined;
}

/** What the 2xx to a request of ours agreed on; undefined where the session lasts until somebody ends it (§7.2). */
export function agreedBy(response: SipResponse): SessionTerms | undefined {
  const found = interval(response.header(H.SessionExpires));
  if (found === undefined || found.seconds < LEAST) return undefined;
  return { expires: Math.min(found.seconds, MOST), refresher: found.refresher === 'uas' ? 'peer' : 'us' };
}

export type TimerAnswer =
  | { readonly ok: true; readonly terms: SessionTerms | undefined; readonly headers: readonly HeaderLine[] }
  /** To be answered with 422. */
  | { readonly ok: false; readonly headers: readonly HeaderLine[] };

/** What our 2xx to a request says (§9). `wish` is what we would ask for where the peer asks for nothing. */
export function answerTimer(request: SipRequest, wish: TimerWish): TimerAnswer {
  const asked = interval(request.header(H.SessionExpires));
  const knows = optionTags(request, H.Supported).includes(TIMER) || optionTags(request, H.Require).includes(TIMER);
  if (asked !== undefined && asked.seconds < wish.min && knows) {
    return { ok: false, headers: [[H.MinSe, String(wish.min)]] };
  }
  if (asked === undefined && (wish.expires === 0 || !knows)) return { ok: true, terms: undefined, headers: [] };
  const wanted = asked?.seconds ?? wish.expires;
  const expires = Math.min(Math.max(wanted, minOf(request), wish.min), MOST);
  // A peer that knows nothing of timers cannot be asked to refresh (§9, table 2).
  const byPeer = knows && asked?.refresher !== 'uas';
  return {
    ok: true,
    terms: { expires, refresher: byPeer ? 'peer' : 'us' },
    headers: [
      [H.SessionExpires, `${expires};refresher=${byPeer ? 'uac' : 'uas'}`],
      ...(byPeer ? ([[H.Require, TIMER]] as const) : []),
    ],
  };
}

/** Milliseconds after which the refresher acts, or the other side gives the session up (§10). */
export const actsAfter = ({ expires, refresher }: SessionTerms): number =>
  1_000 * (refresher === 'us' ? expires / 2 : expires - Math.min(32, expires / 3));
