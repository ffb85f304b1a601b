/**
 * Being handed on: a REFER of the other side, what the person says to it, and word back of how the new call goes
 * (RFC 3515 §2.4, RFC 4488).
 */
import {
  REFER_SUB,
  type Referred,
  referEvent,
  SIPFRAG,
  sipfrag,
  wantsSilence,
} from '../../../../proxy-core/sip/dialog/refer.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { Leg } from './legs.ts';

export interface ReferredOptions {
  readonly clock: Clock;
  readonly leg: Leg;
  readonly transaction: ServerTransaction;
  readonly target: Referred;
  /** Sends the 202. */
  readonly accept: (headers: readonly HeaderLine[]) => void;
  /** Begins the new call; false where it cannot. */
  readonly call: (progress: (status: number) => void) => boolean;
  /** Contact of the NOTIFYs. */
  readonly contact: () => HeaderLine;
  readonly changed: () => void;
}

/** How long the person is asked, in ms, and how long the one who asks is told of the new call, in seconds. */
const ASK = 60_000;
const TOLD = 180;

export class ReferredCall {
  readonly #options: ReferredOptions;
  readonly #silent: boolean;
  readonly #timer: Timer | undefined;
  #state: 'asking' | 'calling' | 'over' = 'asking';

  /** `ask`: the person must agree first. */
  constructor(options: ReferredOptions, ask: boolean) {
    this.#options = options;
    this.#silent = wantsSilence(options.transaction.request);
    options.accept(this.#silent ? [[REFER_SUB, 'false']] : []);
    this.#tell(100);
    if (ask) this.#timer = options.clock.after(ASK, () => this.decide(false));
    else this.decide(true);
  }

  get isAsking(): boolean {
    return this.#state === 'asking';
  }

  /** Whether nothing more comes of it: the new call was answered, or failed. */
  get isOver(): boolean {
    return this.#state === 'over';
  }

  get target(): Referred {
    return this.#options.target;
  }

  decide(yes: boolean): void {
    if (this.#state !== 'asking') return;
    this.#timer?.cancel();
    this.#state = yes ? 'calling' : 'over';
    if (!yes) this.#tell(603);
    else if (!this.#options.call((status) => this.#progress(status))) this.#progress(480);
    this.#options.changed();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#state = 'over';
  }

  #progress(status: number): void {
    if (this.#state !== 'calling') return;
    if (status >= 200) this.#state = 'over';
    this.#tell(status);
  }

  #tell(status: number): void {
    if (this.#silent) return;
    const { leg, transaction, contact } = this.#options;
    const subscription =
      status >= 200
        ? 'terminated;reason=noresource'
        : `${this.#state === 'asking' ? 'pending' : 'active'};expires=${TOLD}`;
    leg.send(
      {
        method: 'NOTIFY',
        headers: [referEvent(transaction.request.cseq), [H.SubscriptionState, subscription], contact()],
        body: { type: `${SIPFRAG};version=2.0`, content: sipfrag(status) },
      },
      // A peer that does not want to hear of it is told no less of what comes next.
      { response: () => {}, noResponse: () => {} },
    );
  }
}
