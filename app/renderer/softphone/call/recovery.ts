/**
 * Keeps an answered call through a change of network: says since when it is broken, has it described anew once there is a
 * way again (RFC 3261 §14.1, RFC 8445 §2.4), tries again where that failed, and gives it up in time: a dead call must not
 * look alive.
 */
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';

export interface RecoveryPorts {
  readonly clock: Clock;
  /** Describes our sound to the other side anew, by the way that there is now. */
  readonly restore: () => void;
  /** The other side does not answer within its dialog: calls it to go on in another one; undefined where that cannot be. */
  readonly callAnew: () => { giveUp(): void } | undefined;
  /** Whether the other side is heard all the same. */
  readonly isHeard: () => boolean;
  /** It cannot be saved; `reason` is one sentence. */
  readonly lost: (reason: string) => void;
  readonly changed: () => void;
}

/** How long a broken call is worked on. */
export const SAVED_WITHIN_MS = 30_000;
const AGAIN_MS = 2_000;
/** An other side that says nothing for so long within its dialog is called outside it. */
const CALLED_ANEW_AFTER_MS = 6_000;
/** Some phones send nothing while nobody speaks: they are not asked without end. */
const ASK_EVERY_MS = 30_000;
const MOST_ASKED = 6;

const LOST = `The connection was lost and could not be restored within ${SAVED_WITHIN_MS / 1_000} seconds.`;

export class Recovery {
  readonly #ports: RecoveryPorts;
  #since: number | undefined;
  /** Whether our own way to the network broke, not just the sound. */
  #interrupted = false;
  #reachable = true;
  #asked = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #deadline: Timer | undefined;
  #next: Timer | undefined;
  /** Until the other side is called outside its dialog, once for each break. */
  #patience: Timer | undefined;
  /** The call that is to go on with this one, by another dialog. */
  #standIn: { giveUp(): void } | undefined;

  constructor(ports: RecoveryPorts) {
    this.#ports = ports;
  }

  /** Since when the call is being saved, in ms since 1970; undefined while nothing is wrong. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Our way to the network is gone, or leads elsewhere. */
  interrupted(): void {
    this.#interrupted = true;
    this.#reachable = false;
    this.#next?.cancel();
    this.#patience?.cancel();
    this.#patience = undefined;
    this.#begin();
  }

  /** The server knows where we are now. */
  reachable(): void {
    if (this.#reachable) return;
    this.#reachable = true;
    this.#restore();
  }

  /** The sound stopped although nothing here has changed: asks whether the other side is there still. */
  suspect(): void {
    const now = this.#ports.clock.now();
    if (this.#since !== undefined || this.#asked >= MOST_ASKED || now - this.#askedAt < ASK_EVERY_MS) return;
    this.#asked++;
    this.#askedAt = now;
    this.#begin();
    this.#restore();
  }

  /** The other side took our new description. */
  restored(): void {
    this.#standIn?.giveUp();
    this.#saved();
  }

  /** The other side is heard again. */
  heard(): void {
    if (this.#since !== undefined && !this.#interrupted) this.#saved();
  }

  /** @param alive it answered, but would not change anything. */
  failed(alive: boolean): void {
    if (this.#since === undefined || !this.#reachable) return;
    if (alive && !this.#interrupted) {
      this.#saved();
      return;
    }
    this.#next?.cancel();
    this.#next = this.#ports.clock.after(AGAIN_MS, () => this.#restore());
  }

  /** The call is over, and so is one that was to stand in for it and is not answered. */
  callEnded(): void {
    this.#end();
    this.#standIn?.giveUp();
  }

  stop(): void {
    this.#end();
  }

  #saved(): void {
    if (this.#since === undefined || !this.#reachable) return;
    this.#end();
    this.#ports.changed();
  }

  #begin(): void {
    if (this.#since !== undefined) return;
    const { clock, isHeard, lost, changed } = this.#ports;
    this.#since = clock.now();
    this.#deadline = clock.after(SAVED_WITHIN_MS, () => {
      this.#end();
      if (isHeard()) changed();
      else lost(LOST);
    });
    changed();
  }

  #restore(): void {
    if (this.#since === undefined) return;
    const { clock, restore, callAnew } = this.#ports;
    this.#patience ??= clock.after(CALLED_ANEW_AFTER_MS, () => {
      this.#standIn = callAnew();
    });
    restore();
  }

  #end(): void {
    this.#since = undefined;
    this.#interrupted = false;
    this.#reachable = true;
    this.#deadline?.cancel();
    this.#next?.cancel();
    this.#patience?.cancel();
    this.#patience = undefined;
  }
}
