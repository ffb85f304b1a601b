/** Whether the other side of an answered call is still there, as its sound tells, and what is done where it is not. */
import type { CallSnapshot } from '../snapshots.ts';
import type { CallHost } from './host.ts';
import type { Leg } from './legs.ts';
import { Recovery } from './recovery.ts';
import { SoundWatch } from './sound-watch.ts';
import { standInFor } from './stand-in.ts';
import type { CallEvent, CallState } from './types.ts';

export interface LifelinePorts {
  readonly state: () => CallState;
  readonly dispatch: (event: CallEvent) => void;
  /** Of an answered call. */
  readonly leg: () => Leg | undefined;
  readonly isMuted: () => boolean;
  /** Since when no answer to our INVITE could come. */
  readonly cutOffSince: () => number | undefined;
  readonly snapshot: () => CallSnapshot;
}

export class Lifeline {
  readonly sound: SoundWatch;
  readonly #host: CallHost;
  readonly #ports: LifelinePorts;
  readonly #recovery: Recovery;
  /** Our address changed while it rang: the other side is to hear of it once it has answered. */
  #hasMoved = false;

  constructor(host: CallHost, ports: LifelinePorts) {
    const { clock, changed } = host;
    const { dispatch, state, isMuted } = ports;
    this.#host = host;
    this.#ports = ports;
    this.#recovery = new Recovery({
      ...{ clock, changed },
      restore: () => dispatch({ type: 'restore' }),
      callAnew: () => this.#callAnew(),
      isHeard: () => this.sound.isHeard,
      lost: (reason) => dispatch({ type: 'media-lost', reason }),
    });
    this.sound = new SoundWatch({
      ...{ clock, state, dispatch, isMuted, changed },
      stopped: () => this.#recovery.suspect(),
      resumed: () => this.#recovery.heard(),
    });
  }

  /** Since when the call is being saved, or no answer could come, in ms since 1970; undefined while nothing is wrong. */
  get brokenSince(): number | undefined {
    return this.#ports.state().phase === 'inviting' ? this.#ports.cutOffSince() : this.#recovery.since;
  }

  /** The account's way to the network is gone, or leads elsewhere. */
  interrupted(): void {
    if (this.#isAnswered) this.#recovery.interrupted();
    else this.#hasMoved = this.#ports.state().phase === 'inviting';
  }

  answered(): void {
    if (!this.#hasMoved) return;
    this.#hasMoved = false;
    this.#recovery.interrupted();
    this.#recovery.reachable();
  }

  /** The account's server knows where we are now. @param mustCheck whether the other side is to be asked in any case. */
  reachable(mustCheck: boolean): void {
    if (this.#recovery.since !== undefined) this.#recovery.reachable();
    else if (mustCheck && this.#isAnswered) this.#ports.dispatch({ type: 'restore' });
  }

  /** What became of describing our sound anew. @param alive whether the other side answered at least. */
  restored(done: boolean, alive: boolean): void {
    if (done) this.#recovery.restored();
    else this.#recovery.failed(alive);
  }

  callEnded(): void {
    this.#recovery.callEnded();
  }

  /** Lets go of timers. */
  stop(): void {
    this.#recovery.stop();
  }

  get #isAnswered(): boolean {
    return this.#ports.state().phase === 'talking';
  }

  #callAnew(): { giveUp(): void } | undefined {
    const { leg, state, snapshot } = this.#ports;
    const dialog = leg()?.dialog;
    const anew = dialog && standInFor(dialog, state(), snapshot());
    return anew && this.#host.callAnew(anew);
  }
}
