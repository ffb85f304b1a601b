/**
 * A subscription at work (RFC 6665 §4.1): performs what subscription-life.ts decides, keeps the dialog, and takes the
 * NOTIFYs that belong to it, also one that comes before the 2xx (§4.4.1).
 */
import {
  type Dialog,
  dialogAsCallee,
  dialogAsCaller,
  nextRequest,
  receiveInDialog,
  refreshTarget,
} from '../../../../proxy-core/sip/dialog/dialog.ts';
import { isSameEvent } from '../../../../proxy-core/sip/dialog/event.ts';
import { getParam } from '../../../../proxy-core/sip/grammar/params.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { deltaSeconds } from '../../../../proxy-core/sip/message/parse.ts';
import type { Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import { GIVE_UP } from '../../../../proxy-core/sip/transaction/timers.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import { type Sent, sendRequest } from '../send-request.ts';
import { retryAfterMs } from '../status-words.ts';
import { chanceOf, type EventsHost, outsideRequest } from './host.ts';
import {
  isKnown,
  type SubscriptionEffect,
  type SubscriptionEvent,
  type SubscriptionLife,
  stepSubscription,
  unasked,
} from './subscription-life.ts';

/** `gap`: one before it is missing. */
export type Taken = 'taken' | 'gap' | 'unreadable';

export interface SubscriptionOptions {
  readonly host: EventsHost;
  readonly uri: string;
  /** The package, as in Event, and the type of its documents. */
  readonly event: string;
  readonly accept: string;
  /** Takes a document, empty where there is none; `first`: nothing was taken in this dialog before. */
  readonly take: (body: string, first: boolean) => Taken;
  readonly over: () => void;
}

/** A document that is too large is none (messages have 64 KiB at most). */
const LONGEST_DOCUMENT = 32_768;
/** Between two requests for all of it, in ms: a notifier that numbers its documents strangely is not asked without end. */
const GAP_PAUSE = 10_000;

export class Subscription {
  readonly #options: SubscriptionOptions;
  #life: SubscriptionLife = unasked;
  #callId = '';
  #localTag = '';
  #cseq = 0;
  #dialog: Dialog | undefined;
  /** The dialog is that of a NOTIFY, not only of a 2xx. */
  #isTold = false;
  #isRead = false;
  #isPending = false;
  #gapAt = Number.NEGATIVE_INFINITY;
  #sent: Sent | undefined;
  #timer: Timer | undefined;
  #expecting: Timer | undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  /** Whether what was taken last may still be shown. */
  get isKnown(): boolean {
    return this.#isRead && isKnown(this.#life, this.#options.host.clock.now());
  }

  /** Why nothing is known, as one sentence; undefined where all is well or on its way. */
  get problem(): string | undefined {
    const life = this.#life;
    if (life.state === 'waiting' || life.state === 'refused') return life.reason;
    return this.#isPending ? 'The other side has not allowed it yet.' : undefined;
  }

  /** Whether the server has said that it will not do it. */
  get isRefused(): boolean {
    return this.#life.state === 'refused';
  }

  dispatch(event: SubscriptionEvent): void {
    const { clock, random, changed } = this.#options.host;
    const { next, effects } = stepSubscription(this.#life, event, clock.now(), chanceOf(random));
    this.#life = next;
    for (const effect of effects) this.#perform(effect);
    changed();
  }

  /** Whether a NOTIFY is for this subscription. */
  owns(request: SipRequest): boolean {
    if (this.#callId === '' || request.callId !== this.#callId || request.to.tag !== this.#localTag) return false;
    // The first NOTIFY makes the dialog; a second notifier behind a fork is turned away (§4.1.4).
    return !this.#isTold || request.from.tag === this.#dialog?.remoteTag;
  }

  /** For a request that it owns. */
  request(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { host, event, accept } = this.#options;
    if (request.method !== 'NOTIFY') {
      host.respond(transaction, 501);
      return;
    }
    if (!isSameEvent(request.header(H.Event) ?? '', event)) {
      host.respond(transaction, 481);
      return;
    }
    const state = readState(request.header(H.SubscriptionState));
    if (state === undefined) {
      host.respond(transaction, 400);
      return;
    }
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      host.respond(transaction, refusal, refusal === 415 ? [[H.Accept, accept]] : []);
      return;
    }
    if (!this.#enter(request)) {
      host.respond(transaction, 500);
      return;
    }
    host.respond(transaction, 200);
    const { word, reason, expires } = state;
    if (word !== 'terminated') this.dispatch({ type: 'notified', expires });
    this.#isPending = word === 'pending';
    this.#read(request, word);
    if (word === 'terminated') this.dispatch({ type: 'terminated', reason, retryAfterMs: state.retryAfterMs });
    else host.changed();
  }

  /** Lets go without a word. */
  drop(): void {
    this.#timer?.cancel();
    this.#expecting?.cancel();
    this.#sent?.forget();
  }

  #refusalOf(request: SipRequest): number | undefined {
    if (request.body === '') return undefined;
    const type = (request.header(H.ContentType) ?? '').split(';', 1)[0]?.trim().toLowerCase();
    const coding = (request.header(H.ContentEncoding) ?? 'identity').trim().toLowerCase();
    if (type !== this.#options.accept || coding !== 'identity') return 415;
    return request.body.length > LONGEST_DOCUMENT ? 413 : undefined;
  }

  /** Makes the dialog, or takes the request's number in it; false for one older than the last. */
  #enter(request: SipRequest): boolean {
    if (this.#isTold && this.#dialog !== undefined) {
      const next = receiveInDialog(this.#dialog, request);
      if (next === 'out-of-order') return false;
      this.#dialog = refreshTarget(next, request);
      return true;
    }
    const made = dialogAsCallee(request, this.#localTag);
    if (made.ok) {
      this.#dialog = { ...made.dialog, state: 'confirmed', localSeq: this.#cseq };
      this.#isTold = true;
    }
    return made.ok;
  }

  #read({ body }: SipRequest, word: string): void {
    if (word === 'terminated' && body === '') return;
    if (word === 'pending') {
      // Whatever is told now is made up, so that nobody learns whether he is there (§4.2.1.3, RFC 3856 §6.6.2).
      this.#isRead = false;
      return;
    }
    const taken = this.#options.take(body, !this.#isRead);
    if (taken === 'taken') this.#isRead = true;
    else if (taken === 'gap') this.#askForAll();
    else this.#isRead = false;
  }

  #askForAll(): void {
    const now = this.#options.host.clock.now();
    if (now - this.#gapAt < GAP_PAUSE) return;
    this.#gapAt = now;
    this.dispatch({ type: 'gap' });
  }

  #perform(effect: SubscriptionEffect): void {
    const { clock } = this.#options.host;
    switch (effect.do) {
      case 'subscribe':
        this.#subscribe(effect.expires, effect.fresh);
        return;
      case 'timer':
        this.#timer?.cancel();
        this.#timer = clock.after(effect.ms, () => this.dispatch({ type: 'timer' }));
        return;
      case 'no-timer':
        this.#timer?.cancel();
        return;
      case 'expect-notify':
        this.#expecting?.cancel();
        // A moment after Timer F, which tells more.
        this.#expecting = clock.after(GIVE_UP + 500, () => this.dispatch({ type: 'not-told' }));
        return;
      case 'expect-nothing':
        this.#expecting?.cancel();
        return;
      case 'abandon':
        this.#sent?.forget();
        this.#sent = undefined;
        return;
      case 'over':
        this.#options.over();
        return;
      default: {
        const never: never = effect;
        throw new TypeError(`unexpected ${String(never)}`);
      }
    }
  }

  #subscribe(expires: number, fresh: boolean): void {
    const { host, event, accept, uri } = this.#options;
    this.#sent?.forget();
    const dialog = fresh ? undefined : this.#dialog;
    if (dialog === undefined) this.#begin();
    const { callId, localTag } = { callId: this.#callId, localTag: this.#localTag };
    const first = this.#cseq + 1;
    const headers = (auth: readonly HeaderLine[]): HeaderLine[] => [
      [H.Contact, host.contact()],
      [H.Event, event],
      [H.Accept, accept],
      [H.Expires, String(expires)],
      ...auth,
    ];
    this.#sent = sendRequest(
      host.way,
      {
        method: 'SUBSCRIBE',
        build: (attempt, auth) => {
          const cseq = first + attempt;
          this.#cseq = cseq;
          if (dialog === undefined)
            return outsideRequest(host, { method: 'SUBSCRIBE', uri, callId, localTag, cseq, headers: headers(auth) });
          const parts = { method: 'SUBSCRIBE', headers: [...headers(auth), host.userAgent] };
          return nextRequest({ ...(this.#dialog ?? dialog), localSeq: cseq - 1 }, parts).draft;
        },
      },
      {
        response: (response, request) => this.#answered(response, request),
        noResponse: (reason) => {
          this.#sent = undefined;
          this.dispatch({ type: 'no-answer', reason });
        },
      },
    );
  }

  #begin(): void {
    const { random } = this.#options.host;
    this.#callId = `${random(16)}@tandem.invalid`;
    this.#localTag = random(8);
    this.#cseq = 0;
    this.#dialog = undefined;
    this.#isTold = false;
    this.#isRead = false;
    this.#isPending = false;
  }

  #answered(response: SipResponse, request: SipRequest): void {
    const { status } = response;
    if (status < 200) return;
    this.#sent = undefined;
    if (status >= 300) {
      const minExpires = deltaSeconds(response.header(H.MinExpires));
      const retry = retryAfterMs(response.header(H.RetryAfter));
      this.dispatch({
        ...{ type: 'refused', status },
        ...(minExpires === undefined ? {} : { minExpires }),
        ...(retry === undefined ? {} : { retryAfterMs: retry }),
      });
      return;
    }
    if (this.#dialog === undefined) {
      const made = dialogAsCaller(request, response);
      if (made.ok) this.#dialog = made.dialog;
    } else this.#dialog = refreshTarget(this.#dialog, response);
    this.dispatch({ type: 'accepted', expires: deltaSeconds(response.header(H.Expires)), silent: status === 204 });
  }
}

interface ToldState {
  readonly word: string;
  readonly reason: string;
  /** Seconds. */
  readonly expires: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Subscription-State (§8.2.3); words that nobody knows count as active. */
function readState(value: string | undefined): ToldState | undefined {
  if (value === undefined) return undefined;
  const semi = value.indexOf(';');
  const word = (semi < 0 ? value : value.slice(0, semi)).trim().toLowerCase();
  if (word === '') return undefined;
  const params = semi < 0 ? '' : value.slice(semi);
  return {
    word,
    reason: (getParam(params, 'reason') ?? '').toLowerCase(),
    expires: deltaSeconds(getParam(params, 'expires')),
    retryAfterMs: retryAfterMs(getParam(params, 'retry-after')),
  };
}
