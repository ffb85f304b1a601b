/**
 * Says CANCEL for a call from here that was given up, again and again until it is said: others would ring on until their
 * limit where the connection was gone (RFC 3261 §9.1). The INVITE is not repeated for that: a server that has forgotten the
 * call meanwhile would begin it anew.
 */
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';

export interface GivingUpPorts {
  readonly clock: Clock;
  readonly hasWay: () => boolean;
  /** By the connection that there is now. */
  readonly say: () => void;
  /** Nobody rings any more, most likely: it is said for the last time. */
  readonly abandon: () => void;
}

/** How long others may ring, in ms. */
export const SAID_WITHIN_MS = 180_000;
/** A connection that seems to be there may be none. */
const AGAIN_MS = 2_000;

export class GivingUp {
  readonly #ports: GivingUpPorts;
  #isUnsaid = false;
  #deadline: Timer | undefined;
  #again: Timer | undefined;

  constructor(ports: GivingUpPorts) {
    this.#ports = ports;
  }

  get hasBegun(): boolean {
    return this.#deadline !== undefined;
  }

  begin(): void {
    const { clock, say, abandon } = this.#ports;
    this.#deadline ??= clock.after(SAID_WITHIN_MS, () => {
      this.stop();
      abandon();
    });
    say();
  }

  /** It could not be sent. */
  unsaid(): void {
    this.#isUnsaid = true;
    this.#again?.cancel();
    this.#again = this.#ports.clock.after(AGAIN_MS, () => this.follow());
  }

  /** The connection may be another one. */
  follow(): void {
    if (!this.#isUnsaid || !this.#ports.hasWay()) return;
    this.#isUnsaid = false;
    this.#again?.cancel();
    this.#ports.say();
  }

  /** The call is over. */
  stop(): void {
    this.#isUnsaid = false;
    this.#deadline?.cancel();
    this.#again?.cancel();
  }
}
