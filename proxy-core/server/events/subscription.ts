/**
 * One subscription at its notifier (RFC 6665 §4.2): the dialog, the time that is left, and one NOTIFY at a time. What
 * changes while one is under way, or sooner than the package or the subscriber (RFC 6446 §5.1) allows, is told by the
 * next. There may be a hundred thousand of them, so that it is its own listener and keeps no closures.
 */

import { type Dialog, nextRequest, refreshTarget } from '../../sip/dialog/dialog.ts';
import { eventParam } from '../../sip/dialog/event.ts';
import { parseUri } from '../../sip/grammar/uri.ts';
import type { Body, HeaderLine } from '../../sip/message/build.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { deltaSeconds } from '../../sip/message/parse.ts';
import type { Timer } from '../../sip/transaction/clock.ts';
import type { ClientListener } from '../../sip/transaction/user.ts';
import { type Hop, inUri } from '../../sip/transport/port.ts';
import type { Aor, User } from '../stores.ts';
import type { EndReason, EventPackage, Watch, WatchListener } from './event-package.ts';
import { keptDialog } from './kept-dialog.ts';
import type { NotifierPorts } from './notifier-ports.ts';
import type { NotifyPacer } from './notify-pacer.ts';
import type { SubscriptionRecord } from './subscription-store.ts';

const LONGEST_RETRY_SECONDS = 300;
/** So long a subscriber may be gone whose connection ended: his phone connects again and comes with the next refresh. */
const CUT_OFF_MS = 300_000;
/** So many numbers are taken at once in the store, to be written once for as many NOTIFYs. */
const SEQ_AHEAD = 200;
/** What a NOTIFY holds so that its datagram is not cut up on the way (RFC 3261 §18.1.1), and on a connection. */
const DATAGRAM_ROOM = 700;
const STREAM_ROOM = 24_000;

export interface SubscriptionHost {
  readonly pacer: NotifyPacer;
  /** Whether whoever subscribed may still be told: a device is revoked, a user removed, a rule changed. */
  mayStay(subscription: Subscription): boolean;
  /** What is kept of it has changed. */
  keep(subscription: Subscription): void;
  /** It is over: forget it. */
  forget(subscription: Subscription): void;
}

export interface SubscriptionParts {
  readonly host: SubscriptionHost;
  readonly exchange: NotifierPorts;
  readonly events: EventPackage;
  readonly resource: string;
  readonly subscriber: User;
  readonly aor: Aor;
  readonly device: string;
  /** Event as the subscriber wrote it, with its id. */
  readonly event: string;
  readonly dialog: Dialog;
  readonly hop: Hop | undefined;
}

export class Subscription implements SubscriptionRecord, WatchListener, ClientListener {
  readonly key: string;
  readonly events: EventPackage;
  readonly resource: string;
  readonly subscriber: Aor;
  readonly device: string;
  readonly #host: SubscriptionHost;
  readonly #exchange: NotifierPorts;
  readonly #watch: Watch;
  event: string;
  dialog: Dialog;
  hop: Hop | undefined;
  expiresAt = 0;
  highestSeq: number;
  #expiry: Timer | undefined;
  #pause: Timer | undefined;
  /** When the last NOTIFY was sent, in ms since 1970. */
  #toldAt = 0;
  #isTelling = false;
  #isQueued = false;
  /** What the next NOTIFY has to say; undefined when there is no news. */
  #news: 'partial' | 'full' | undefined;
  #ending: EndReason | undefined;
  /** The NOTIFY that says so is under way. */
  #isLast = false;
  #isOver = false;
  /** His connection is gone, and no other way to him is known. */
  #isCutOff = false;

  constructor(parts: SubscriptionParts) {
    const { key, dialog } = keptDialog(parts.dialog);
    this.key = key;
    this.dialog = dialog;
    this.events = parts.events;
    this.resource = parts.resource;
    this.subscriber = parts.aor;
    this.device = parts.device;
    this.event = parts.event;
    this.hop = parts.hop;
    this.highestSeq = dialog.localSeq + SEQ_AHEAD;
    this.#host = parts.host;
    this.#exchange = parts.exchange;
    this.#watch = parts.events.watch(parts.resource, parts.subscriber, this);
  }

  get package(): string {
    return this.events.name;
  }

  get isEnding(): boolean {
    return this.#ending !== undefined;
  }

  /** Begins, refreshes or, with 0, ends it; the whole state is told at once in each case (§4.2.1.2). */
  refresh(dialog: Dialog, hop: Hop | undefined, event: string, seconds: number): void {
    this.dialog =
      dialog.remoteTarget === this.dialog.remoteTarget ? this.#sameTexts(dialog) : keptDialog(dialog).dialog;
    this.hop = hop;
    this.event = event;
    this.#isCutOff = false;
    if (seconds === 0) {
      this.#expiry?.cancel();
      this.expiresAt = this.#exchange.clock.now();
      this.end('timeout');
      return;
    }
    this.#lastFor(seconds * 1000);
    this.#host.keep(this);
    this.#tell('full');
  }

  /** Goes on after a restart: what was told is not known any more, so that all is told anew. */
  resume(expiresAt: number): void {
    this.#lastFor(expiresAt - this.#exchange.clock.now());
    this.#host.keep(this);
    if (this.hop === undefined || this.hop.transport === 'UDP') this.#tell('full');
    else this.#cutOff();
  }

  changed(): void {
    this.#tell('partial');
  }

  gone(): void {
    this.end('noresource');
  }

  /** What the subscriber may see has changed: all of it is told. */
  tellAll(): void {
    this.#tell('full');
  }

  /** Tells the subscriber and forgets the subscription. */
  end(reason: EndReason): void {
    if (this.#isOver || this.#ending !== undefined) return;
    if (this.#isCutOff) {
      this.drop();
      return;
    }
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
    this.#host.forget(this);
  }

  /** Stops here, and goes on where it is taken up again: the exchange closes. */
  halt(): void {
    this.#isOver = true;
    this.#expiry?.cancel();
    this.#pause?.cancel();
  }

  /** Answers to the NOTIFY that is under way. */
  response(response: SipResponse): void {
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
      const next = refreshTarget(this.dialog, response);
      if (next !== this.dialog) this.dialog = keptDialog(next).dialog;
      if (this.#news !== undefined) this.#tell(this.#news);
    } else if (this.#ending !== undefined) this.drop();
    else {
      // What it missed is in the whole state.
      this.#news = 'full';
      this.#wait(Math.min(retry ?? 0, LONGEST_RETRY_SECONDS) * 1000);
    }
  }

  timeout(): void {
    this.drop();
  }

  failed(): void {
    if (this.#isOver) return;
    this.#isTelling = false;
    if (this.hop === undefined || this.hop.transport === 'UDP' || this.#ending !== undefined) this.drop();
    else this.#cutOff();
  }

  /** The texts that are kept already, with the numbers of `dialog`. */
  #sameTexts({ localSeq, remoteSeq }: Dialog): Dialog {
    return { ...this.dialog, localSeq, remoteSeq };
  }

  #lastFor(ms: number): void {
    const { clock } = this.#exchange;
    this.#expiry?.cancel();
    this.expiresAt = clock.now() + ms;
    this.#expiry = clock.after(ms, () => this.end('timeout'));
  }

  /** Nothing is sent until he comes again. */
  #cutOff(): void {
    this.#isCutOff = true;
    this.#news = 'full';
    this.#pause?.cancel();
    this.#pause = undefined;
    const left = this.expiresAt - this.#exchange.clock.now();
    if (left > CUT_OFF_MS) this.#lastFor(CUT_OFF_MS);
  }

  #tell(news: 'partial' | 'full'): void {
    if (this.#isOver || this.#isLast) return;
    this.#news = this.#news === 'full' ? 'full' : news;
    if (this.#isCutOff || this.#isTelling || this.#isQueued) return;
    // Who asked is answered at once; changes wait for their time.
    const isAsked = news === 'full';
    if (this.#pause !== undefined && !isAsked) return;
    const wait = this.#toldAt + this.#shortestPause() - this.#exchange.clock.now();
    if (isAsked || wait <= 0) this.#queue();
    else this.#wait(wait);
  }

  #shortestPause(): number {
    const rate = this.event.includes(';') ? Number(eventParam(this.event, 'max-rate') ?? 0) : 0;
    const pause = this.#watch.pause ?? this.events.pause;
    return rate > 0 ? Math.max(pause, 1000 / rate) : pause;
  }

  #wait(ms: number): void {
    this.#pause?.cancel();
    this.#pause = this.#exchange.clock.after(ms, () => this.#queue());
  }

  #queue(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
    this.#isQueued = true;
    const own = this.#news === 'full' ? undefined : this.#watch.pacer;
    (own ?? this.#host.pacer).pass(() => this.#notify());
  }

  #notify(): void {
    this.#isQueued = false;
    if (this.#isOver || this.#isTelling || this.#news === undefined) return;
    const isFull = this.#news === 'full';
    this.#news = undefined;
    const isRejected = this.#ending === undefined && !this.#host.mayStay(this);
    if (isRejected) this.#ending = 'rejected';
    const isSilent = this.#ending === 'rejected';
    // What changes meanwhile, or did not fit in, is for the next one.
    this.#isTelling = true;
    const room = this.hop === undefined || this.hop.transport === 'UDP' ? DATAGRAM_ROOM : STREAM_ROOM;
    const body = isSilent ? undefined : this.#watch.document(isFull, this.dialog.localSeq, room);
    if (body === undefined && !isFull && !isRejected) {
      this.#isTelling = false;
      return;
    }
    this.#isLast = this.#ending !== undefined;
    this.#toldAt = this.#exchange.clock.now();
    const hops = this.hop ?? this.#resolve();
    if (!(hops instanceof Promise)) {
      this.#send(hops, body);
      return;
    }
    hops
      .then((found) => this.#send(found, body))
      .catch((cause: unknown) => {
        this.#exchange.log.warn('could not notify a subscriber', { event: this.event, cause });
        this.drop();
      });
  }

  #send(hop: Hop | undefined, body: Body | undefined): void {
    if (this.#isOver) return;
    if (hop === undefined) {
      this.drop();
      return;
    }
    const headers: HeaderLine[] = [
      [H.Contact, ownContact(this.#exchange, hop)],
      [H.Event, this.event],
      [H.SubscriptionState, this.#state()],
    ];
    if (this.events.requires !== undefined) headers.push([H.Require, this.events.requires]);
    const { dialog, draft } = nextRequest(this.dialog, { method: 'NOTIFY', headers, body });
    this.dialog = dialog;
    if (dialog.localSeq + SEQ_AHEAD / 2 > this.highestSeq && !this.#isLast) {
      this.highestSeq = dialog.localSeq + SEQ_AHEAD;
      this.#host.keep(this);
    }
    this.#exchange.transactions.request(draft, hop, this);
  }

  #resolve(): Hop | undefined | Promise<Hop | undefined> {
    const uri = parseUri(this.dialog.routes[0]?.uri ?? this.dialog.remoteTarget);
    if (!uri.ok) return undefined;
    const hops = this.#exchange.resolve(uri.value);
    return hops instanceof Promise ? hops.then(([first]) => first) : hops[0];
  }

  #state(): string {
    if (this.#ending !== undefined) return `terminated;reason=${this.#ending}`;
    const left = Math.ceil((this.expiresAt - this.#exchange.clock.now()) / 1000);
    return `active;expires=${Math.max(0, left)}`;
  }
}

/** Where the subscriber reaches us in the dialog. */
export function ownContact({ sentBy }: NotifierPorts, hop: Hop): string {
  const { transport, sentBy: place } = sentBy(hop);
  return `<sip:${place}${transport === 'UDP' ? '' : `;transport=${inUri(transport)}`}>`;
}
