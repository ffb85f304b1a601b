/**
 * One subscription at its notifier (RFC 6665 §4.2): the dialog, the time that is left, and one NOTIFY at a time. What
 * changes while one is under way, or sooner than the package's pause allows, is told by the next.
 */

import { type Dialog, keyOf, nextRequest, refreshTarget } from '../../sip/dialog/dialog.ts';
import { parseUri } from '../../sip/grammar/uri.ts';
import type { Body, HeaderLine } from '../../sip/message/build.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { deltaSeconds } from '../../sip/message/parse.ts';
import type { Timer } from '../../sip/transaction/clock.ts';
import { type Hop, inUri } from '../../sip/transport/port.ts';
import type { Aor } from '../stores.ts';
import type { EndReason, EventPackage, Watch } from './event-package.ts';
import type { NotifierPorts } from './notifier-ports.ts';

const LONGEST_RETRY_SECONDS = 300;

export interface SubscriptionParts {
  readonly exchange: NotifierPorts;
  readonly events: EventPackage;
  readonly resource: string;
  readonly subscriber: Aor;
  /** Whether whoever subscribed may still be told: a device is revoked, a user removed. */
  readonly isWelcome: () => boolean;
  /** Event as the subscriber wrote it, with its id. */
  readonly event: string;
  readonly dialog: Dialog;
  /** The way back to a subscriber who sent the request himself; undefined where his route or Contact tells it. */
  readonly hop: Hop | undefined;
  /** It is over: forget it. */
  readonly ended: (subscription: Subscription) => void;
}

export class Subscription {
  readonly key: string;
  readonly #parts: SubscriptionParts;
  readonly #watch: Watch;
  #dialog: Dialog;
  #hop: Hop | undefined;
  #expiresAt = 0;
  #expiry: Timer | undefined;
  #pause: Timer | undefined;
  /** When the last NOTIFY was sent, in ms since 1970. */
  #toldAt = 0;
  #isTelling = false;
  /** What the next NOTIFY has to say; undefined when there is no news. */
  #news: 'partial' | 'full' | undefined;
  #ending: EndReason | undefined;
  /** The NOTIFY that says so is under way. */
  #isLast = false;
  #isOver = false;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.#dialog = parts.dialog;
    this.#hop = parts.hop;
    this.key = keyOf(parts.dialog);
    this.#watch = parts.events.watch(parts.resource, {
      changed: () => this.#tell('partial'),
      gone: () => this.end('noresource'),
    });
  }

  get subscriber(): Aor {
    return this.#parts.subscriber;
  }

  get events(): EventPackage {
    return this.#parts.events;
  }

  get event(): string {
    return this.#parts.event;
  }

  get isEnding(): boolean {
    return this.#ending !== undefined;
  }

  get dialog(): Dialog {
    return this.#dialog;
  }

  /** Begins, refreshes or, with 0, ends it; the whole state is told at once in each case (§4.2.1.2). */
  refresh(dialog: Dialog, hop: Hop | undefined, seconds: number): void {
    this.#dialog = dialog;
    this.#hop = hop;
    const { clock } = this.#parts.exchange;
    this.#expiry?.cancel();
    this.#expiresAt = clock.now() + seconds * 1000;
    if (seconds === 0) this.end('timeout');
    else {
      this.#expiry = clock.after(seconds * 1000, () => this.end('timeout'));
      this.#tell('full');
    }
  }

  /** Tells the subscriber and forgets the subscription. */
  end(reason: EndReason): void {
    if (this.#isOver || this.#ending !== undefined) return;
    this.#ending = reason;
    this.#tell('full');
  }

  /** Ends without a word. */
  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#expiry?.cancel();
    this.#pause?.cancel();
    this.#watch.end();
    this.#parts.ended(this);
  }

  #tell(news: 'partial' | 'full'): void {
    if (this.#isOver || this.#isLast) return;
    this.#news = this.#news === 'full' ? 'full' : news;
    // Who asked is answered at once; changes wait for their time.
    const isAsked = news === 'full';
    if (this.#isTelling || (this.#pause !== undefined && !isAsked)) return;
    const { exchange, events } = this.#parts;
    const wait = this.#toldAt + events.pause - exchange.clock.now();
    if (isAsked || wait <= 0) this.#notify();
    else this.#wait(wait);
  }

  #wait(ms: number): void {
    this.#pause?.cancel();
    this.#pause = this.#parts.exchange.clock.after(ms, () => this.#notify());
  }

  #notify(): void {
    const isFull = this.#news === 'full';
    this.#news = undefined;
    this.#pause?.cancel();
    this.#pause = undefined;
    const isRejected = this.#ending === undefined && !this.#parts.isWelcome();
    if (isRejected) this.#ending = 'rejected';
    const body = isRejected ? undefined : this.#watch.document(isFull);
    if (body === undefined && !isFull && !isRejected) return;
    this.#isTelling = true;
    this.#isLast = this.#ending !== undefined;
    this.#toldAt = this.#parts.exchange.clock.now();
    const hops = this.#hop === undefined ? this.#resolve() : [this.#hop];
    if (!(hops instanceof Promise)) {
      this.#send(hops[0], body);
      return;
    }
    hops
      .then((found) => this.#send(found[0], body))
      .catch((cause: unknown) => {
        this.#parts.exchange.log.warn('could not notify a subscriber', { event: this.event, cause });
        this.drop();
      });
  }

  #send(hop: Hop | undefined, body: Body | undefined): void {
    if (this.#isOver) return;
    if (hop === undefined) {
      this.drop();
      return;
    }
    const { exchange } = this.#parts;
    const headers: HeaderLine[] = [
      [H.Contact, ownContact(exchange, hop)],
      [H.Event, this.event],
      [H.SubscriptionState, this.#state()],
    ];
    const { dialog, draft } = nextRequest(this.#dialog, { method: 'NOTIFY', headers, body });
    this.#dialog = dialog;
    exchange.transactions.request(draft, hop, {
      response: (response) => this.#answered(response),
      timeout: () => this.drop(),
      failed: () => this.drop(),
    });
  }

  #resolve(): readonly Hop[] | Promise<readonly Hop[]> {
    const uri = parseUri(this.#dialog.routes[0]?.uri ?? this.#dialog.remoteTarget);
    return uri.ok ? this.#parts.exchange.resolve(uri.value) : [];
  }

  #state(): string {
    if (this.#ending === 'probation') return 'terminated;reason=probation;retry-after=30';
    if (this.#ending !== undefined) return `terminated;reason=${this.#ending}`;
    const left = Math.ceil((this.#expiresAt - this.#parts.exchange.clock.now()) / 1000);
    return `active;expires=${Math.max(0, left)}`;
  }

  #answered(response: SipResponse): void {
    const { status } = response;
    if (status < 200 || this.#isOver) return;
    const retry = deltaSeconds(response.header(H.RetryAfter));
    // Anything else than a success or "later" says that nobody is there (§4.2.2).
    if (this.#isLast || (status >= 300 && retry === undefined)) {
      this.drop();
      return;
    }
    this.#isTelling = false;
    if (status < 300) {
      this.#dialog = refreshTarget(this.#dialog, response);
      if (this.#news !== undefined) this.#tell(this.#news);
    } else if (this.#ending !== undefined) this.drop();
    else {
      // What it missed is in the whole state.
      this.#news = 'full';
      this.#wait(Math.min(retry ?? 0, LONGEST_RETRY_SECONDS) * 1000);
    }
  }
}

/** Where the subscriber reaches us in the dialog. */
export function ownContact({ sentBy }: NotifierPorts, hop: Hop): string {
  const { transport, sentBy: place } = sentBy(hop);
  return `<sip:${place}${transport === 'UDP' ? '' : `;transport=${inUri(transport)}`}>`;
}
