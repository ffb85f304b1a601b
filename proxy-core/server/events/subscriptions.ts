/**
 * The notifier (RFC 6665 §4.2): takes SUBSCRIBE for the event packages that this exchange serves itself, holds their
 * subscriptions and bounds them, for each user and in all. Other packages belong to the phones and pass through.
 */
import { dialogAsCallee, keyOfRequest, receiveInDialog, refreshTarget } from '../../sip/dialog/dialog.ts';
import { parseUri } from '../../sip/grammar/uri.ts';
import { buildResponse } from '../../sip/message/build.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { deltaSeconds, optionTags } from '../../sip/message/parse.ts';
import type { Hop } from '../../sip/transport/port.ts';
import { type Answer, answer } from '../answer.ts';
import { type Aor, aorOf, type User } from '../stores.ts';
import { numericHop } from '../targets.ts';
import type { EventPackage } from './event-package.ts';
import type { Asked } from './notifier-ports.ts';
import { ownContact, Subscription } from './subscription.ts';

const RETRY_AFTER_SECONDS = 30;
/** Shorter ones may be refused as too brief, longer ones may not (§4.2.1.1). */
const HOUR_SECONDS = 3600;

export class Subscriptions {
  readonly #packages: ReadonlyMap<string, EventPackage>;
  /** By dialog. */
  readonly #held = new Map<string, Subscription>();
  readonly #perUser = new Map<Aor, number>();
  /** By subscriber, package, resource and place: a phone that started anew does not know of its old one. */
  readonly #places = new Map<string, Subscription>();

  constructor(packages: readonly EventPackage[]) {
    this.#packages = new Map(packages.map((events) => [events.name, events]));
  }

  get size(): number {
    return this.#held.size;
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
    const required = optionTags(request, H.Require);
    if (required.length > 0) return answer(420, undefined, [[H.Unsupported, required.join(', ')]]);
    const key = keyOfRequest(request);
    return key === undefined ? this.#begin(context, user) : this.#refresh(context, key);
  }

  /** Tells every subscriber to come again later: the exchange closes. */
  close(): void {
    for (const subscription of [...this.#held.values()]) subscription.end('probation');
  }

  #begin(context: Asked, user: User): 'taken' | Answer {
    const { request, exchange, device } = context;
    const subscriber = aorOf(user.number, user.domain);
    const events = this.#packages.get(eventName(request));
    if (events === undefined) return this.#badEvent();
    const resource = events.resourceOf(context);
    if (typeof resource !== 'string') return resource;
    if (!accepts(request, events.contentType)) return answer(406, undefined, [[H.Accept, events.contentType]]);
    const seconds = expiresOf(request, events);
    if (typeof seconds !== 'number') return seconds;
    const made = dialogAsCallee(request, exchange.random(8));
    if (!made.ok) return answer(400, `Bad Request - ${made.reason}`);
    const { host, port } = context.source;
    const place = `${subscriber}\n${events.name}\n${resource}\n${host} ${port}\n${made.dialog.remoteTarget}`;
    this.#places.get(place)?.drop();
    const full = this.#full(context, subscriber);
    if (full !== undefined) return full;
    const hop = wayBack(context, made.dialog.remoteTarget, made.dialog.routes.length > 0);
    const subscription = new Subscription({
      ...{ exchange, events, resource, subscriber, hop, dialog: made.dialog },
      isWelcome: () => isKnown(exchange.users.find(user.number, user.domain), user, device),
      event: request.header(H.Event) ?? events.name,
      ended: (ended) => this.#forget(ended, place),
    });
    this.#held.set(subscription.key, subscription);
    this.#places.set(place, subscription);
    this.#perUser.set(subscriber, (this.#perUser.get(subscriber) ?? 0) + 1);
    this.#accept(context, seconds, made.dialog.localTag);
    subscription.refresh(made.dialog, hop, seconds);
    return 'taken';
  }

  #refresh(context: Asked, key: string): 'taken' | Answer {
    const { request, user } = context;
    const subscription = this.#held.get(key);
    if (subscription === undefined || user === undefined || subscription.isEnding) return answer(481);
    if (subscription.subscriber !== aorOf(user.number, user.domain)) return answer(403);
    if (request.header(H.Event) !== subscription.event) return this.#badEvent();
    const dialog = receiveInDialog(subscription.dialog, request);
    if (dialog === 'out-of-order') return answer(500, 'Subscription Out Of Order');
    const seconds = expiresOf(request, subscription.events);
    if (typeof seconds !== 'number') return seconds;
    const next = refreshTarget(dialog, request);
    this.#accept(context, seconds, next.localTag);
    subscription.refresh(next, wayBack(context, next.remoteTarget, next.routes.length > 0), seconds);
    return 'taken';
  }

  #accept({ request, source, transaction, exchange }: Asked, seconds: number, toTag: string): void {
    transaction.respond(
      buildResponse(request, 200, {
        toTag,
        headers: [
          [H.Contact, ownContact(exchange, source)],
          [H.Expires, String(seconds)],
          [H.AllowEvents, this.#names()],
          [H.Server, exchange.settings.product],
        ],
      }),
    );
  }

  /** An answer when there is no room for another one. */
  #full({ exchange }: Asked, subscriber: Aor): Answer | undefined {
    const { subscriptionsPerUser, maxSubscriptions } = exchange.settings;
    if (this.#held.size >= maxSubscriptions) {
      return answer(503, undefined, [[H.RetryAfter, String(RETRY_AFTER_SECONDS)]]);
    }
    return (this.#perUser.get(subscriber) ?? 0) >= subscriptionsPerUser
      ? answer(403, 'Too Many Subscriptions')
      : undefined;
  }

  #forget(subscription: Subscription, place: string): void {
    this.#held.delete(subscription.key);
    if (this.#places.get(place) === subscription) this.#places.delete(place);
    const left = (this.#perUser.get(subscription.subscriber) ?? 1) - 1;
    if (left > 0) this.#perUser.set(subscription.subscriber, left);
    else this.#perUser.delete(subscription.subscriber);
  }

  #badEvent(): Answer {
    return answer(489, undefined, [[H.AllowEvents, this.#names()]]);
  }

  #names(): string {
    return [...this.#packages.keys()].join(', ');
  }
}

/** Whether that user is still there, and the device whose password he subscribed with. */
const isKnown = (now: User | undefined, { number }: User, device: string): boolean =>
  now?.number === number && (device === '' || now.devices?.some(({ label }) => label === device) === true);

const eventName = (request: SipRequest): string =>
  (request.header(H.Event) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Without Accept the package's own type is taken for granted (§3.1.3). */
function accepts(request: SipRequest, type: string): boolean {
  if (request.headers.find(H.Accept) < 0) return true;
  const wanted = ['*/*', `${type.split('/', 1)[0]}/*`, type];
  return request.list(H.Accept).some((one) => wanted.includes(one.split(';', 1)[0]?.trim().toLowerCase() ?? ''));
}

/** In seconds, or the refusal of a time too short. */
function expiresOf(request: SipRequest, events: EventPackage): number | Answer {
  const asked = deltaSeconds(request.header(H.Expires)) ?? events.defaultExpires;
  if (asked > 0 && asked < events.minExpires && asked < HOUR_SECONDS) {
    return answer(423, undefined, [[H.MinExpires, String(events.minExpires)]]);
  }
  return Math.min(asked, events.maxExpires);
}

/** A subscriber behind a NAT is reached by the way that he came; one who routes through others, by them. */
function wayBack({ request, source }: Asked, target: string, isRouted: boolean): Hop | undefined {
  if (isRouted || request.list(H.Via).length > 1) return undefined;
  const uri = parseUri(target);
  const direct = uri.ok ? numericHop(uri.value) : undefined;
  if (source.transport !== 'UDP' || direct?.transport !== 'UDP' || direct.host !== source.host) return source;
  return { ...direct, listener: source.listener };
}
