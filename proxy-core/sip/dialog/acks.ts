/**
 * The ACKs to 2xx on the side that called: kept to be sent again whenever the 2xx comes again (RFC 3261 §13.2.2.4). No
 * transaction does this, as the ACK passes from end to end.
 */
import type { SipResponse } from '../message/message.ts';
import type { Clock, Timer } from '../transaction/clock.ts';

/** 64 T1 in ms: how long a peer goes on sending its 2xx. */
const KEPT = 32_000;
const MAX_KEPT = 1_024;

export class AckKeeper {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly send: () => void; readonly timer: Timer }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends the ACK now and again on each `repeat` of the 2xx that it answers. */
  send(response: SipResponse, send: () => void): void {
    const key = keyOf(response);
    this.#forget(key);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= MAX_KEPT && !oldest.done) this.#forget(oldest.value);
    this.#kept.set(key, { send, timer: this.#clock.after(KEPT, () => this.#kept.delete(key)) });
    send();
  }

  /** Whether this 2xx was answered before; if so the ACK has gone out again. */
  repeat(response: SipResponse): boolean {
    const kept = this.#kept.get(keyOf(response));
    kept?.send();
    return kept !== undefined;
  }

  get size(): number {
    return this.#kept.size;
  }

  close(): void {
    for (const key of [...this.#kept.keys()]) this.#forget(key);
  }

  #forget(key: string): void {
    this.#kept.get(key)?.timer.cancel();
    this.#kept.delete(key);
  }
}

const keyOf = (response: SipResponse): string =>
  `${response.callId}\n${response.from.tag ?? ''}\n${response.to.tag ?? ''}\n${response.cseq}`;
