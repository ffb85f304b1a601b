/** Which final response goes back when no branch accepted (RFC 3261 §16.7 steps 6 and 7). */
import { editResponse } from '../sip/message/edit.ts';
import type { SipResponse } from '../sip/message/message.ts';
import { H, type HeaderId } from '../sip/message/names.ts';
import type { Answer } from './answer.ts';

/** How a branch ended: by a response, or by a timer or the transport, for which only a status stands. */
export interface FinalResult {
  readonly status: number;
  readonly response: SipResponse | undefined;
  /** What we answer in our own words where this is the best: it was refused here. */
  readonly own?: Answer;
}

/** Those tell the caller how to do better; those at the end tell him least. */
const PREFERRED: readonly number[] = [401, 407, 415, 420, 484];
const LAST: readonly number[] = [408, 430, 480, 487];

function rank(status: number): number {
  if (status >= 600) return 0;
  const within = PREFERRED.includes(status) ? 0 : LAST.includes(status) ? 2 + LAST.indexOf(status) : 1;
  return Math.floor(status / 100) * 10 + within;
}

/** The best of them, the earliest among equals; 408 where there is none (step 6). */
export function bestResult(results: readonly FinalResult[]): FinalResult {
  let best: FinalResult | undefined;
  for (const result of results) if (best === undefined || rank(result.status) < rank(best.status)) best = result;
  return best ?? { status: 408, response: undefined };
}

/**
 * Adds the challenges of all `others` to a 401 or 407, so that the caller can answer all at once (step 7).
 */
export function withAllChallenges(best: SipResponse, others: readonly FinalResult[]): SipResponse {
  if (best.status !== 401 && best.status !== 407) return best;
  const edit = editResponse(best);
  let added = false;
  for (const { response } of others) {
    if (response === undefined || (response.status !== 401 && response.status !== 407)) continue;
    for (const header of [H.WwwAuthenticate, H.ProxyAuthenticate] satisfies readonly HeaderId[]) {
      for (const challenge of response.headers.lines(header)) {
        edit.append(header, challenge);
        added = true;
      }
    }
  }
  return added ? edit.toMessage() : best;
}
