/** How a call goes, for whoever had it made: 18x, then the answer or a failure, as SIP statuses. */
import type { CallEvent, CallState } from './types.ts';

export class Progress {
  #told = 0;

  /** What there is to tell after an event, each status once and in rising order; nothing after a final one. */
  take(event: CallEvent, phase: CallState['phase']): number | undefined {
    const heard = event.type === 'response' && event.response.status > 100 ? event.response.status : undefined;
    const over = phase === 'ended' || phase === 'cancelling';
    const status = phase === 'talking' ? 200 : over ? (heard !== undefined && heard >= 300 ? heard : 487) : heard;
    if (status === undefined || status <= this.#told || this.#told >= 200) return undefined;
    this.#told = status;
    return status;
  }
}
