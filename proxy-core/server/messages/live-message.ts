/**
 * A message whose recipient is there: it goes to all devices at once, and the first that takes it answers the sender. Where
 * none does within some seconds, or none can be reached, the message is kept and the sender told so (202); what is still
 * under way may yet bring it home.
 */
import { buildResponse } from '../../sip/message/build.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import type { Timer } from '../../sip/transaction/clock.ts';
import type { Answer } from '../answer.ts';
import type { RequestContext } from '../request-context.ts';
import type { Aor } from '../stores.ts';
import type { Target } from '../targets.ts';
import { type AttemptEnd, type AttemptListener, MessageAttempt } from './attempt.ts';
import type { KeptMessage } from './message-store.ts';

export interface LiveOptions {
  readonly context: RequestContext;
  readonly recipient: Aor;
  readonly targets: readonly Target[];
  /** Keeps the message, or says why not. */
  readonly keep: () => Promise<KeptMessage> | Answer;
}

export class LiveMessage implements AttemptListener {
  readonly #options: LiveOptions;
  #timer: Timer | undefined;
  #isAnswered = false;
  #isAccepted = false;
  #isDone = false;
  /** It is being kept, or is kept already. */
  #isKeeping = false;
  /** Whether it could be kept is known. */
  #isSettled = false;
  #kept: KeptMessage | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  start(): void {
    const { context, targets } = this.#options;
    const { clock, settings, openWork } = context.exchange;
    openWork.begin();
    this.#timer = clock.after(settings.messageWait, () => this.#keep());
    new MessageAttempt(context, targets, this).start();
  }

  accepted(response: SipResponse): void {
    this.#isAccepted = true;
    if (this.#kept !== undefined) this.#options.context.exchange.messages.delivered(this.#kept);
    else if (!this.#isKeeping) this.#answer(response);
  }

  done({ isAccepted, isTemporary, best }: AttemptEnd): void {
    this.#isDone = true;
    if (this.#isKeeping) this.#land();
    else if (isAccepted) return;
    else if (isTemporary) this.#keep();
    else this.#answer(best.response ?? this.#response(best.status));
  }

  #keep(): void {
    if (this.#isAnswered || this.#isKeeping || !this.#options.context.exchange.messages.isOpen) return;
    this.#timer?.cancel();
    const { context, keep, recipient } = this.#options;
    const { messages, log } = context.exchange;
    const kept = keep();
    if (!(kept instanceof Promise)) {
      this.#answer(this.#response(kept.status, kept.reason));
      return;
    }
    this.#isKeeping = true;
    messages.begin(recipient);
    kept.then(
      (message) => {
        this.#kept = message;
        this.#answer(this.#response(202));
        if (this.#isAccepted) messages.delivered(message);
        this.#settle();
      },
      (cause: unknown) => {
        log.error('could not keep a message', { recipient, cause });
        this.#answer(this.#response(500, 'Message Could Not Be Stored'));
        this.#settle();
      },
    );
  }

  #settle(): void {
    this.#isSettled = true;
    this.#land();
  }

  /** The next message of this recipient has to wait until this one is stored, and nothing of it is under way any more. */
  #land(): void {
    const { context, recipient } = this.#options;
    if (this.#isSettled && this.#isDone) context.exchange.messages.end(recipient, this.#isAccepted);
  }

  #response(status: number, reason?: string): SipResponse {
    const { request, exchange } = this.#options.context;
    return buildResponse(request, status, { toTag: exchange.random(8), reason });
  }

  #answer(response: SipResponse): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#timer?.cancel();
    const { transaction, exchange } = this.#options.context;
    transaction.respond(response);
    exchange.openWork.end();
  }
}
