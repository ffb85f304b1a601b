/**
 * Keeps a call from here that still rings through a change of our connection. Responses follow the way of the INVITE
 * (RFC 3261 §18.2.2), and no other request changes that: so the INVITE is sent again by the connection that there is now.
 * A server that answers to that has seen where we are (§17.2.1); where none does, no answer could ever come, and the call
 * is given up.
 */
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import { SAVED_WITHIN_MS } from './recovery.ts';

export interface FollowingPorts {
  readonly clock: Clock;
  /** Sends it by the connection that there is now; false where that is the one it went by, unless `again`. */
  readonly ask: (again: boolean) => boolean;
  /** `reason` is one sentence. */
  readonly lost: (reason: string) => void;
  readonly changed: () => void;
}

/** A datagram may be lost: it is sent once more after each of these, in ms. */
const AGAIN_AFTER = [500, 1_000, 2_000];
const ANSWERED_WITHIN_MS = 5_000;

const NOT_FOLLOWED = 'The network changed while it rang, and the server did not follow. Call again.';
const NO_WAY = `The connection was lost while it rang and did not come back within ${SAVED_WITHIN_MS / 1_000} seconds.`;

export class Following {
  readonly #ports: FollowingPorts;
  #since: number | undefined;
  #isRinging = false;
  #deadline: Timer | undefined;
  #again: Timer | undefined;

  constructor(ports: FollowingPorts) {
    this.#ports = ports;
  }

  /** Since when no answer could come, in ms since 1970. */
  get since(): number | undefined {
    return this.#since;
  }

  /** The connection may be another one. @param hasWay whether there is any */
  follow(hasWay: boolean): void {
    if (!this.#isRinging) return;
    const { clock, ask, changed } = this.#ports;
    if (hasWay && !ask(this.#since !== undefined)) return;
    this.#since ??= clock.now();
    this.#again?.cancel();
    if (hasWay) this.#endIn(ANSWERED_WITHIN_MS, NOT_FOLLOWED);
    else this.#endIn(this.#since + SAVED_WITHIN_MS - clock.now(), NO_WAY);
    if (hasWay) this.#askAgain(0);
    changed();
  }

  /** The server said something. */
  heard(status: number): void {
    this.stop();
    this.#isRinging = status < 200;
  }

  stop(): void {
    this.#isRinging = false;
    this.#since = undefined;
    this.#deadline?.cancel();
    this.#again?.cancel();
  }

  #askAgain(times: number): void {
    const ms = AGAIN_AFTER[times];
    if (ms === undefined) return;
    this.#again = this.#ports.clock.after(ms, () => {
      this.#ports.ask(true);
      this.#askAgain(times + 1);
    });
  }

  #endIn(ms: number, reason: string): void {
    this.#deadline?.cancel();
    this.#deadline = this.#ports.clock.after(ms, () => {
      this.stop();
      this.#ports.lost(reason);
    });
  }
}
