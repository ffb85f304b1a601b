/** A subscription at work (RFC 6665 §4.1): performs what subscription-life.ts decides, and takes what its NOTIFYs tell. */
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { deltaSeconds } from '../../../../proxy-core/sip/message/parse.ts';
import type { Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import { GIVE_UP } from '../../../../proxy-core/sip/transaction/timers.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import { type Sent, sendRequest } from '../send-request.ts';
import { retryAfterMs } from '../status-words.ts';
import { chanceOf, type EventsHost } from './host.ts';
import { readNotify } from './notify.ts';
import { SubscriptionDialog } from './subscription-dialog.ts';
import { isKnown, stepSubscription, unasked } from './subscription-life.ts';
import type { SubscriptionEffect, SubscriptionEvent, SubscriptionLife } from './subscription-types.ts';

/** `gap`: one before it is missing. */
export type Taken = 'taken' | 'gap' | 'unreadable';

export interface SubscriptionOptions {
  readonly host: EventsHost;
  readonly uri: string;
  /** The package, as in Event, and the type of its documents. */
  readonly event: string;
  readonly accept: string;
  /** For how many seconds it is asked. */
  readonly ask?: number;
  /** Takes a document, empty where there is none; `first`: nothing was taken in this dialog before. */
  readonly take: (body: string, first: boolean) => Taken;
  readonly over: () => void;
}

/** Between two requests for all of it, in ms: a notifier that numbers its documents strangely is not asked without end. */
const GAP_PAUSE = 10_000;

export class Subscription {
  readonly #options: SubscriptionOptions;
  #life: SubscriptionLife = unasked;
  readonly #dialog: SubscriptionDialog;
  #isRead = false;
  #isPending = false;
  #gapAt = Number.NEGATIVE_INFINITY;
  #sent: Sent | undefined;
  #timer: Timer | undefined;
  #expecting: Timer | undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    if (options.ask !== undefined) this.#life = { ...unasked, ask: options.ask };
    this.#dialog = new SubscriptionDialog(options.host, options.uri);
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
    return this.#dialog.owns(request);
  }

  /** For a request that it owns. */
  request(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { host, event, accept } = this.#options;
    const read = readNotify(request, event, accept);
    if (!read.ok) {
      host.respond(transaction, read.status, read.headers);
      return;
    }
    if (!this.#dialog.enter(request)) {
      host.respond(transaction, 500);
      return;
    }
    host.respond(transaction, 200);
    const { word, reason, expires, retryAfterMs } = read.state;
    if (word !== 'terminated') this.dispatch({ type: 'notified', expires });
    this.#isPending = word === 'pending';
    this.#read(request, word);
    if (word === 'terminated') this.dispatch({ type: 'terminated', reason, retryAfterMs });
    else host.changed();
  }

  /** Lets go without a word. */
  drop(): void {
    this.#timer?.cancel();
    this.#expecting?.cancel();
    this.#sent?.forget();
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
    const { host, event, accept } = this.#options;
    this.#sent?.forget();
    if (fresh || !this.#dialog.isThere) this.#begin();
    const draft = this.#dialog.subscribe();
    const headers = (auth: readonly HeaderLine[]): readonly HeaderLine[] => [
      [H.Contact, host.contact()],
      [H.Event, event],
      [H.Accept, accept],
      [H.Expires, String(expires)],
      ...auth,
    ];
    this.#sent = sendRequest(
      host.way,
      { method: 'SUBSCRIBE', build: (attempt, auth) => draft(attempt, headers(auth)) },
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
    this.#dialog.begin();
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
    this.#dialog.accepted(response, request);
    this.dispatch({ type: 'accepted', expires: deltaSeconds(response.header(H.Expires)), silent: status === 204 });
  }
}
