/** Handing the other side of a call on to somebody else: REFER and what comes of it (RFC 3515, RFC 3892, RFC 4488, RFC 5589). */
import { REFER_SUB, sipfragStatus, tellsOf } from '../../../../proxy-core/sip/dialog/refer.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import { callFailure } from '../status-words.ts';
import type { Leg } from './legs.ts';
import { sentence } from './types.ts';

export interface TransferOptions {
  readonly clock: Clock;
  readonly leg: Leg;
  /** Value of Refer-To. */
  readonly referTo: string;
  /** Value of Referred-By. */
  readonly referredBy: string;
  /** The new partner as sentences name it. */
  readonly who: string;
  /** That is another device of the person's own. */
  readonly isMove: boolean;
  readonly changed: () => void;
  /** It worked: this call may end. */
  readonly done: () => void;
  /** It did not, for the reason in this sentence. */
  readonly failed: (reason: string) => void;
}

type State =
  /** The call is being put on hold first. */
  | { readonly state: 'waiting' }
  /** The peer was busy with a change of the call: it is asked again in a moment. */
  | { readonly state: 'put-off' }
  | { readonly state: 'asked'; readonly cseq: number }
  | { readonly state: 'trying'; readonly cseq: number; readonly ringing: boolean }
  | { readonly state: 'over' };

/** A peer that does not answer to the hold is asked all the same. */
const HOLD_WITHIN = 4_000;
/** A peer that is busy with the call is asked again after this many ms, so often. */
const AGAIN = 1_500;
const MAX_TRIES = 4;
/** What a device that rang for its time ends with. */
const NO_ANSWER: readonly number[] = [408, 487];
/** How long the new call may ring before we stop waiting for word of it. */
const TOLD_WITHIN = 180_000;

export class Transfer {
  readonly #options: TransferOptions;
  #state: State = { state: 'waiting' };
  #timer: Timer;
  #tries = 0;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.#timer = options.clock.after(HOLD_WITHIN, () => this.begin());
  }

  /** What is said of the call once it worked. */
  get epitaph(): string {
    const { who, isMove } = this.#options;
    return isMove ? `Moved to ${who}.` : `Transferred to ${who}.`;
  }

  get isOver(): boolean {
    return this.#state.state === 'over';
  }

  /** Whether the one who was handed on may end the call before it told how it went. */
  get isTrying(): boolean {
    return this.#state.state === 'trying';
  }

  get words(): string {
    const { who, isMove } = this.#options;
    if (this.#state.state === 'trying' && this.#state.ringing) return `Ringing ${who}…`;
    return isMove ? `Moving to ${who}…` : `Transferring to ${who}…`;
  }

  /** Sends the REFER; once. */
  begin(): void {
    if (this.#state.state === 'waiting') this.#ask();
  }

  #ask(): void {
    if (this.isOver) return;
    const { leg, referTo, referredBy, clock } = this.#options;
    this.#timer.cancel();
    this.#timer = clock.after(TOLD_WITHIN, () => this.#end('The other side never said how the transfer went.'));
    leg.send(
      {
        method: 'REFER',
        headers: [
          [H.ReferTo, referTo],
          [H.ReferredBy, referredBy],
          [H.Supported, 'norefersub'],
        ],
      },
      {
        response: (response, request) => {
          if (response.status < 200) return;
          if (this.#state.state !== 'asked' && this.#state.state !== 'waiting') return;
          const isBusy = response.status === 491 || response.status === 500;
          if (isBusy && ++this.#tries < MAX_TRIES) this.#putOff();
          else if (response.status >= 300) this.#end(refusal(response.status));
          else if (response.headers.named(REFER_SUB)?.trim().toLowerCase() === 'false') this.#done();
          else this.#become({ state: 'trying', cseq: request.cseq, ringing: false });
        },
        challenged: () => {
          if (this.#state.state === 'asked') this.#state = { state: 'asked', cseq: leg.dialog.localSeq + 1 };
        },
        noResponse: (reason) => this.#end(`The transfer did not begin. ${sentence(reason)}`),
      },
    );
    this.#state = { state: 'asked', cseq: leg.dialog.localSeq };
  }

  /** Whether a NOTIFY tells of this transfer. */
  concerns(notify: SipRequest): boolean {
    const state = this.#state;
    if (state.state !== 'asked' && state.state !== 'trying') return false;
    return tellsOf(notify, state.cseq);
  }

  notified(notify: SipRequest): void {
    const state = this.#state;
    const status = sipfragStatus(notify);
    const over = /^\s*terminated/i.test(notify.header(H.SubscriptionState) ?? '');
    if (status !== undefined && status >= 300) {
      this.#end(this.#failure(status));
    } else if (status !== undefined && status >= 200) this.#done();
    else if (over) this.#end('The other side did not say how the transfer went.');
    else if (state.state === 'trying') this.#become({ ...state, ringing: state.ringing || (status ?? 100) > 100 });
  }

  stop(): void {
    this.#timer.cancel();
    this.#state = { state: 'over' };
  }

  #putOff(): void {
    this.#state = { state: 'put-off' };
    this.#timer.cancel();
    this.#timer = this.#options.clock.after(AGAIN, () => this.#ask());
  }

  #become(state: State): void {
    this.#state = state;
    this.#options.changed();
  }

  #failure(status: number): string {
    const { who, isMove } = this.#options;
    // Within another sentence a reason has no full stop of its own.
    const why = callFailure(status, who).replace(/\.$/, '');
    if (!isMove) return `The transfer failed: ${why}.`;
    return NO_ANSWER.includes(status) ? `${who} did not answer: the call stays here.` : `The call stays here: ${why}.`;
  }

  #done(): void {
    this.stop();
    this.#options.done();
  }

  #end(reason: string): void {
    if (this.#state.state === 'over') return;
    this.stop();
    this.#options.failed(reason);
  }
}

function refusal(status: number): string {
  if (status === 405 || status === 501) return 'The other side cannot be transferred.';
  if (status === 403 || status === 603) return 'The other side did not agree to be transferred.';
  return `The other side could not be transferred (${status}).`;
}
