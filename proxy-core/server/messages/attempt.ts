/**
 * One message on its way to all devices of its recipient at once (RFC 3428 §6): each gets it, the first that takes it
 * answers for the user.
 */
import type { SipResponse } from '../../sip/message/message.ts';
import { bestResult, type FinalResult } from '../best-response.ts';
import { Branch, type BranchOwner } from '../branch.ts';
import type { RequestContext } from '../request-context.ts';
import type { Target } from '../targets.ts';

export interface AttemptListener {
  /** The first device that takes it; others may follow unheard. */
  accepted(response: SipResponse): void;
  /** Every device has answered or was given up. */
  done(end: AttemptEnd): void;
}

export interface AttemptEnd {
  readonly isAccepted: boolean;
  /** Somebody may still take it another time: not all have said that they never will. */
  readonly isTemporary: boolean;
  readonly best: FinalResult;
}

/** Who answers with one of these, or not at all, may take it later. */
const TEMPORARY: ReadonlySet<number> = new Set([408, 430, 480, 486, 487, 500, 502, 503, 504, 600]);

export class MessageAttempt implements BranchOwner {
  readonly context: RequestContext;
  readonly #listener: AttemptListener;
  readonly #branches: readonly Branch[];
  #isAccepted = false;
  #isDone = false;

  constructor(context: RequestContext, targets: readonly Target[], listener: AttemptListener) {
    const { settings } = context.exchange;
    const tried = targets.slice(0, Math.min(settings.maxTargets, Math.max(1, context.maxBreadth)));
    const share = Math.max(1, Math.floor(context.maxBreadth / Math.max(1, tried.length)));
    this.context = context;
    this.#listener = listener;
    this.#branches = tried.map((target) => new Branch(this, target, share));
  }

  start(): void {
    for (const branch of this.#branches) branch.start();
    this.#finishIfDone();
  }

  accepted(_branch: Branch, response: SipResponse): void {
    const isFirst = !this.#isAccepted;
    this.#isAccepted = true;
    if (isFirst) this.#listener.accepted(response);
    this.#finishIfDone();
  }

  /** Nothing but an INVITE makes progress. */
  progressed(): void {}

  ended(): void {
    this.#finishIfDone();
  }

  #finishIfDone(): void {
    if (this.#isDone || this.#branches.some(({ result }) => result === undefined)) return;
    this.#isDone = true;
    const results = this.#branches.map(({ result }) => result ?? NOTHING);
    const isTemporary = results.some(({ status }) => TEMPORARY.has(status));
    this.#listener.done({ isAccepted: this.#isAccepted, isTemporary, best: bestResult(results) });
  }
}

const NOTHING: FinalResult = { status: 408, response: undefined };
