/** Provisional responses that arrive for certain (RFC 3262): the order in which they are taken, RSeq and RAck. */
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import { H } from '../message/names.ts';
import { optionTags } from '../message/parse.ts';

export const RELIABLE = '100rel';

const NUMBER = /^\d{1,10}$/;

/** RSeq of a response that wants a PRACK; undefined for one that wants none, or says so without a usable number. */
export function rseqOf(response: SipResponse): number | undefined {
  if (response.status <= 100 || response.status >= 200) return undefined;
  if (!optionTags(response, H.Require).includes(RELIABLE)) return undefined;
  const text = response.header(H.RSeq)?.trim() ?? '';
  return NUMBER.test(text) ? Number(text) : undefined;
}

export const supports = (message: SipMessage, tag: string): boolean =>
  optionTags(message, H.Supported).includes(tag) || optionTags(message, H.Require).includes(tag);

/** `RAck` of the PRACK to a response. */
export const rackFor = (response: SipResponse, rseq: number): string => `${rseq} ${response.cseq} INVITE`;

/** Whether the PRACK confirms the response `rseq` to `invite`. */
export function confirms(prack: SipRequest, invite: SipRequest, rseq: number): boolean {
  const [number, cseq, method] = (prack.header(H.RAck) ?? '').trim().split(/\s+/);
  return number === String(rseq) && cseq === String(invite.cseq) && method === 'INVITE';
}

/** More phones than this behind one number are not told apart. */
const MAX_DIALOGS = 64;

/** The reliable responses of each early dialog in their order (§4): one that comes again or too early is passed over. */
export class ReliableOrder {
  readonly #last = new Map<string, number>();

  /** Whether the response is to be acted on and confirmed. */
  takes(tag: string, rseq: number): boolean {
    const last = this.#last.get(tag);
    if (last === undefined ? this.#last.size >= MAX_DIALOGS : rseq !== last + 1) return false;
    this.#last.set(tag, rseq);
    return true;
  }
}
