/**
 * The notifier (RFC 6665 §4.2): takes SUBSCRIBE for the event packages that this exchange serves itself, holds their
 * subscriptions and bounds them, for each watcher, each resource and in all. Other packages belong to the phones and pass
 * through.
 */
import { dialogAsCallee, keyOfRequest, receiveInDialog, refreshTarget } from '../../sip/dialog/dialog.ts';
import { eventName, isSameEvent } from '../../sip/dialog/event.ts';
import { buildResponse, type HeaderLine } from '../../sip/message/build.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { optionTags } from '../../sip/message/parse.ts';
import { type Answer, answer } from '../answer.ts';
import { type Aor, aorOf, partsOf, type User } from '../stores.ts';
import type { EventPackage, ListsOf } from './event-package.ts';
import type { Asked, NotifierPorts } from './notifier-ports.ts';
import type { NotifyPacer } from './notify-pacer.ts';
import { accepts, expiresOf, isSameHop, wayBack } from './subscribe-request.ts';
import { ownContact, Subscription, type SubscriptionHost } from './subscription.ts';
import type { SubscriptionRecord, SubscriptionStore } from './subscription-store.ts';

const RETRY_AFTER_SECONDS = 30;

export interface SubscriptionsOptions {
  readonly packages: readonly EventPackage[];
  readonly lists: readonly ListsOf[];
  readonly pacer: NotifyPacer;
  /** Without it subscriptions end with the exchange. */
  readonly store?: SubscriptionStore | undefined;
}

export class Subscriptions implements SubscriptionHost {
  readonly pacer: NotifyPacer;
  readonly #packages: ReadonlyMap<string, EventPackage>;
  /** For lists of what the package of the same name watches. */
  readonly #lists: ReadonlyMap<string, ListsOf>;
  readonly #store: SubscriptionStore | undefined;
  /** By dialog. */
  readonly #held = new Map<string, Subscription>();
  readonly #bySubscriber = new Map<Aor, Set<Subscription>>();
  #users: NotifierPorts['users'] | undefined;

  constructor({ packages, lists, pacer, store }: SubscriptionsOptions) {
    this.#packages = new Map(packages.map((events) => [events.name, events]));
    this.#lists = new Map(lists.map((events) => [events.name, events]));
    this.pacer = pacer;
    this.#store = store;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Every one that is held, the oldest first. */
  all(): Iterable<Subscription> {
    return this.#held.values();
  }

  /** Of one subscriber. */
  of(subscriber: Aor): Iterable<Subscription> {
    return this.#bySubscriber.get(subscriber) ?? [];
  }

  /** Whether a SUBSCRIBE is for us to answer; `domain` is the domain of ours to which its Request-URI belongs. */
  serves(request: SipRequest, domain: string | undefined): boolean {
    if (request.method !== 'SUBSCRIBE' || domain === undefined) return false;
    // Without a user it is addressed to the exchange itself, whatever it asks.
    if (request.uri.user === '') return true;
    return request.to.tag === undefined && this.#packages.has(eventName(request));
  }

  /** For a request that `serves` accepted and whose sender is known. */
  subscribe(context: Asked): 'taken' | Answer {
    const { request, user } = context;
    if (user === undefined) return answer(403);
    this.#users = context.exchange.users;
    const events = this.#packageFor(context);
    const unknown = optionTags(request, H.Require).filter((tag) => !(events?.understands?.includes(tag) ?? false));
    if (unknown.length > 0) return answer(420, undefined, [[H.Unsupported, unknown.join(', ')]]);
    const key = keyOfRequest(request);
    if (key !== undefined) return this.#refresh(context, key);
    return events === undefined ? this.#badEvent() : this.#begin(context, user, events);
  }

  /** Takes up what was held when the exchange was last open. Who is no longer welcome is told so. */
  restore(exchange: NotifierPorts): void {
    this.#users = exchange.users;
    const now = exchange.clock.now();
    for (const record of this.#store?.all() ?? []) {
      const restored = record.expiresAt > now && this.#restoreOne(exchange, record);
      if (!restored) this.#store?.remove(record.key);
    }
  }

  /** Stops all of them, without a word to anybody: they go on when the exchange is open again. */
  close(): void {
    for (const subscription of this.#held.values()) subscription.halt();
    this.#held.clear();
    this.#bySubscriber.clear();
  }

  /** Who may watch whom has changed: who may no longer is told so, all others what they may see now. */
  rulesChanged(): void {
    for (const events of this.#packages.values()) events.rulesChanged?.();
    for (const subscription of [...this.#held.values()]) {
      if (!this.mayStay(subscription)) subscription.end('rejected');
      else if (subscription.events.rulesChanged === undefined) subscription.tellAll();
    }
  }

  /** Ends all of one subscriber, whose phones may begin anew at once. Gives how many there were. */
  endOf(subscriber: Aor): number {
    const own = [...this.of(subscriber)];
    for (const subscription of own) subscription.end('deactivated');
    return own.length;
  }

  mayStay({ subscriber, device, events, resource }: Subscription): boolean {
    const { number, domain } = partsOf(subscriber);
    const user = this.#users?.find(number, domain);
    return user !== undefined && isKnown(user, number, device) && events.allows(user, resource);
  }

  keep(subscription: Subscription): void {
    this.#store?.put(subscription);
  }

  forget(subscription: Subscription): void {
    this.#held.delete(subscription.key);
    this.#store?.remove(subscription.key);
    const own = this.#bySubscriber.get(subscription.subscriber);
    own?.delete(subscription);
    if (own?.size === 0) this.#bySubscriber.delete(subscription.subscriber);
  }

  #packageFor(context: Asked): EventPackage | undefined {
    const events = this.#packages.get(eventName(context.request));
    const lists = events && this.#lists.get(events.name);
    return lists?.claims(context) === true ? lists : events;
  }

  #begin(context: Asked, user: User, events: EventPackage): 'taken' | Answer {
    const { request, exchange, device } = context;
    const aor = aorOf(user.number, user.domain);
    const resource = events.resourceOf(context);
    if (typeof resource !== 'string') return resource;
    if (!accepts(request, events.contentType)) return answer(406, undefined, [[H.Accept, events.contentType]]);
    const seconds = expiresOf(request, events);
    if (typeof seconds !== 'number') return seconds;
    const made = dialogAsCallee(request, exchange.random(8));
    if (!made.ok) return answer(400, `Bad Request - ${made.reason}`);
    const { dialog } = made;
    const hop = wayBack(context, dialog.remoteTarget, dialog.routes.length > 0);
    // A phone that started anew does not know of its old one.
    for (const old of this.of(aor)) {
      const isSame = old.events === events && old.resource === resource && isSameHop(old.hop, hop);
      if (isSame && old.dialog.remoteTarget === dialog.remoteTarget) {
        old.drop();
        break;
      }
    }
    const full = this.#full(exchange, aor, events, resource);
    if (full !== undefined) return full;
    const event = request.header(H.Event) ?? events.name;
    const subscription = new Subscription({
      ...{ host: this, exchange, events, resource, subscriber: user, aor, device, event, dialog, hop },
    });
    this.#hold(subscription);
    this.#accept(context, events, seconds, dialog.localTag);
    subscription.refresh(dialog, hop, event, seconds);
    return 'taken';
  }

  #restoreOne(exchange: NotifierPorts, record: SubscriptionRecord): boolean {
    const base = this.#packages.get(record.package);
    const lists = this.#lists.get(record.package);
    const events = lists?.holds(record.resource) === true ? lists : base;
    const { number, domain } = partsOf(record.subscriber);
    const user = exchange.users.find(number, domain);
    if (events === undefined || user === undefined || !events.allows(user, record.resource)) return false;
    const { resource, device, event, hop, subscriber: aor } = record;
    const dialog = { ...record.dialog, localSeq: record.highestSeq };
    const subscription = new Subscription({
      ...{ host: this, exchange, events, resource, subscriber: user, aor, device, event, dialog, hop },
    });
    this.#hold(subscription);
    subscription.resume(record.expiresAt);
    return true;
  }

  #hold(subscription: Subscription): void {
    this.#held.set(subscription.key, subscription);
    const own = this.#bySubscriber.get(subscription.subscriber);
    if (own === undefined) this.#bySubscriber.set(subscription.subscriber, new Set([subscription]));
    else own.add(subscription);
  }

  #refresh(context: Asked, key: string): 'taken' | Answer {
    const { request, user } = context;
    const subscription = this.#held.get(key);
    if (subscription === undefined || user === undefined || subscription.isEnding) return answer(481);
    if (subscription.subscriber !== aorOf(user.number, user.domain)) return answer(403);
    const event = request.header(H.Event) ?? '';
    if (!isSameEvent(event, subscription.event)) return this.#badEvent();
    const dialog = receiveInDialog(subscription.dialog, request);
    if (dialog === 'out-of-order') return answer(500, 'Subscription Out Of Order');
    const seconds = expiresOf(request, subscription.events);
    if (typeof seconds !== 'number') return seconds;
    const next = refreshTarget(dialog, request);
    this.#accept(context, subscription.events, seconds, next.localTag);
    const hop = wayBack(context, next.remoteTarget, next.routes.length > 0);
    subscription.refresh(next, hop, event, seconds);
    return 'taken';
  }

  #accept({ request, source, transaction, exchange }: Asked, events: EventPackage, seconds: number, toTag: string) {
    const headers: HeaderLine[] = [
      [H.Contact, ownContact(exchange, source)],
      [H.Expires, String(seconds)],
      [H.AllowEvents, this.#names()],
      [H.Server, exchange.settings.product],
    ];
    if (events.requires !== undefined) headers.push([H.Require, events.requires]);
    transaction.respond(buildResponse(request, 200, { toTag, headers }));
  }

  /** An answer when there is no room for another one. */
  #full({ settings }: NotifierPorts, aor: Aor, events: EventPackage, resource: string): Answer | undefined {
    const { subscriptionsPerUser, subscriptionsPerResource, maxSubscriptions } = settings;
    if ((this.#bySubscriber.get(aor)?.size ?? 0) >= subscriptionsPerUser) {
      return answer(403, 'Too Many Subscriptions');
    }
    if (this.#held.size >= maxSubscriptions || events.watching(resource) >= subscriptionsPerResource) {
      return answer(503, undefined, [[H.RetryAfter, String(RETRY_AFTER_SECONDS)]]);
    }
    return undefined;
  }

  #badEvent(): Answer {
    return answer(489, undefined, [[H.AllowEvents, this.#names()]]);
  }

  #names(): string {
    return [...this.#packages.keys()].join(', ');
  }
}

/** Whether that user is still there, and the device whose password he subscribed with. */
const isKnown = (now: User, number: string, device: string): boolean =>
  now.number === number && (device === '' || now.devices?.some(({ label }) => label === device) === true);
