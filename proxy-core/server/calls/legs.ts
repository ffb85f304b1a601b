/** Requests that belong to a call but do not decide how it ends. */
import type { SipResponse } from '../../sip/message/message.ts';
import type { BranchListener, ForkListener } from '../fork-listener.ts';
import type { Target } from '../targets.ts';
import type { LiveCall } from './live-call.ts';

/** The INVITE of a call that is known already: its devices are those of the call, its end is not. */
export class FurtherLeg implements ForkListener {
  readonly #call: LiveCall;

  constructor(call: LiveCall) {
    this.#call = call;
  }

  tries(target: Target): BranchListener | undefined {
    return this.#call.tries(target);
  }

  cancelled(): void {}

  refused(): void {}
}

/** A re-INVITE or UPDATE: it shows that both sides are there. */
export class Refresh implements ForkListener, BranchListener {
  readonly #call: LiveCall;

  constructor(call: LiveCall) {
    this.#call = call;
  }

  tries(): BranchListener {
    return this;
  }

  accepted(response: SipResponse): void {
    if (this.#call.state === 'answered') this.#call.refreshed(response);
  }

  progressed(): void {}

  ended(): void {}

  cancelled(): void {}

  refused(): void {}
}

/** A BYE: the one who is told of it may say how it sounded to him. */
export class Farewell implements ForkListener, BranchListener {
  readonly #heard: (response: SipResponse) => void;

  constructor(heard: (response: SipResponse) => void) {
    this.#heard = heard;
  }

  tries(): BranchListener {
    return this;
  }

  accepted(response: SipResponse): void {
    this.#heard(response);
  }

  progressed(): void {}

  ended(): void {}

  cancelled(): void {}

  refused(): void {}
}
