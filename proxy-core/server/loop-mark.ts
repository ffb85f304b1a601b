/**
 * Tells a loop (the same request comes back with nothing changed) from a spiral (it comes back for another target):
 * a mark on our Via made of all that decides where a request goes (RFC 3261 §16.3 step 4, §16.6 step 8, RFC 5393 §4.2).
 */
import { getParam } from '../sip/grammar/params.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';

/** Name of the Via parameter. */
export const LOOP_PARAM = 'lm';

export class LoopMarks {
  /** Makes the marks of two exchanges differ, or a call from one to the other would be taken for a loop. */
  readonly #seed: number;

  constructor(secret: string) {
    this.#seed = mix(secret, START);
  }

  /** A mark of a request as it came in. It need not withstand forgery: whoever makes one only refuses his own request. */
  of(request: SipRequest): string {
    const { headers } = request;
    let hash = mix(request.uriText, this.#seed);
    hash = mix(request.callId, hash);
    hash = mix(request.from.tag ?? '', hash);
    hash = mix(request.to.tag ?? '', hash);
    hash = mix(`${request.cseq}`, hash);
    for (let line = headers.find(H.Route); line >= 0; line = headers.find(H.Route, line + 1)) {
      hash = mix(headers.valueAt(line), hash);
    }
    return (hash >>> 0).toString(36);
  }

  /** Whether the request passed here before as it is now. */
  isLoop(request: SipRequest): boolean {
    const { headers } = request;
    const first = headers.find(H.Via);
    if (headers.find(H.Via, first + 1) < 0 && headers.valueAt(first).indexOf(`;${LOOP_PARAM}=`) < 0) return false;
    const mark = this.of(request);
    return request.list(H.Via).some((via) => {
      const params = via.indexOf(';');
      return params >= 0 && getParam(via.slice(params), LOOP_PARAM) === mark;
    });
  }
}

const START = 0x811c9dc5;

/** FNV-1a over 32 bits. */
function mix(text: string, from: number): number {
  let hash = from;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ 0xff, 0x01000193);
}
