/** All that one account watches (RFC 6665): people, and its own mailbox (RFC 3842); gives each NOTIFY to its subscription. */

import { MESSAGE_SUMMARY, readSummary } from '../../../../proxy-core/sip/bodies/message-summary.ts';
import { eventName } from '../../../../proxy-core/sip/dialog/event.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import type { Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import { MAX_WATCHED, type WatchedPerson } from '../../../shared/watched-person.ts';
import type { ElsewhereCall, MailboxSnapshot, OfficeSnapshot, PersonSnapshot } from '../snapshots.ts';
import type { ReadTarget } from '../target.ts';
import type { EventsHost } from './host.ts';
import { OfficeWatch } from './office-watch.ts';
import { OwnCalls } from './own-calls.ts';
import { OwnDevices, type ReachableDevice } from './own-devices.ts';
import { Person } from './person.ts';
import { Subscription, type Taken } from './subscription.ts';

export interface SubscriberOptions {
  readonly host: EventsHost;
  readonly accountId: string;
  /** Of this phone at the account's registrar. */
  readonly instance: string;
  readonly readTarget: (text: string) => ReadTarget;
}

/** So many subscriptions are asked for at a time, and so long later the next ones, in ms. */
const AT_ONCE = 10;
const APART = 200;

export class Subscriber {
  readonly #options: SubscriberOptions;
  /** By what was typed. */
  #people = new Map<string, Person>();
  /** What was typed and is no address, with the reason. */
  #unreadable: readonly PersonSnapshot[] = [];
  readonly #subscriptions = new Set<Subscription>();
  #mailbox: Subscription | undefined;
  #waiting: MailboxSnapshot | undefined;
  #own: OwnCalls | undefined;
  #devices: OwnDevices | undefined;
  #office: OfficeWatch | undefined;
  #isConnected = false;
  #queue: Subscription[] = [];
  #pacing: Timer | undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  get people(): readonly PersonSnapshot[] {
    return [...[...this.#people.values()].map(({ snapshot }) => snapshot), ...this.#unreadable];
  }

  /** Undefined where nothing has told of it, or where what was told may have changed since. */
  get mailbox(): MailboxSnapshot | undefined {
    return this.#mailbox === undefined || this.#mailbox.isKnown || this.#mailbox.isRefused ? this.#waiting : undefined;
  }

  /** Calls of the account's user, here and elsewhere. */
  get ownCalls(): readonly ElsewhereCall[] {
    return this.#own?.all ?? [];
  }

  /** The user's other devices; undefined where nothing is known of them. */
  get devices(): readonly ReachableDevice[] | undefined {
    return this.#devices?.others;
  }

  /** Whether the user's other devices are to be known. */
  watchDevices(yes: boolean): void {
    if (yes === (this.#devices !== undefined)) return;
    const before = this.#devices;
    const { host, instance } = this.#options;
    this.#devices = yes ? new OwnDevices(host, instance, (one) => this.#subscriptions.delete(one)) : undefined;
    if (before !== undefined) this.#end(before.subscription);
    if (this.#devices !== undefined) this.#add(this.#devices.subscription);
    host.changed();
  }

  get office(): OfficeSnapshot | undefined {
    return this.#office?.snapshot;
  }

  /** The server is an exchange of ours, which tells of the user's own calls and of the office; asked once. */
  watchOurs(): void {
    if (this.#own !== undefined) return;
    const { host, accountId } = this.#options;
    const over = (subscription: Subscription) => void this.#subscriptions.delete(subscription);
    this.#own = new OwnCalls(host, accountId, over);
    this.#office = new OfficeWatch(host, accountId, over);
    this.#add(this.#own.subscription);
    this.#add(this.#office.subscription);
  }

  /** These are the people from now on. */
  watch(people: readonly WatchedPerson[]): void {
    const before = this.#people;
    const unreadable: PersonSnapshot[] = [];
    this.#people = new Map();
    for (const who of people.slice(0, MAX_WATCHED)) {
      const { target, name } = who;
      if (this.#people.has(target)) continue;
      const read = this.#options.readTarget(target);
      const person = before.get(target) ?? (read.ok ? this.#begin(who, read.value) : undefined);
      if (person === undefined) {
        const problem = read.ok ? '' : read.reason;
        unreadable.push({
          accountId: this.#options.accountId,
          target,
          number: target,
          name,
          state: 'unknown',
          note: '',
          problem,
        });
        continue;
      }
      person.name = name;
      this.#people.set(target, person);
    }
    this.#unreadable = unreadable;
    for (const [target, person] of before) {
      if (!this.#people.has(target)) for (const subscription of person.subscriptions) this.#end(subscription);
    }
    this.#options.host.changed();
  }

  /** Whether the account's own mailbox is to be watched. */
  watchMailbox(yes: boolean): void {
    if (yes === (this.#mailbox !== undefined)) return;
    const before = this.#mailbox;
    this.#mailbox = undefined;
    if (before !== undefined) {
      this.#waiting = undefined;
      this.#end(before);
      return;
    }
    const { host } = this.#options;
    const mailbox: Subscription = new Subscription({
      ...{ host, uri: host.aor, event: 'message-summary', accept: MESSAGE_SUMMARY },
      take: (body) => this.#takeSummary(body),
      over: () => this.#subscriptions.delete(mailbox),
    });
    this.#mailbox = mailbox;
    this.#add(mailbox);
  }

  /** The account has signed in, again or with another address: a server that was away may have forgotten everything. */
  connected(): void {
    this.#isConnected = true;
    this.#queue = [...this.#subscriptions];
    this.#next();
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#queue = [];
    this.#pacing?.cancel();
    for (const subscription of [...this.#subscriptions]) subscription.dispatch({ type: 'disconnected' });
  }

  /** The account signs out: who can still be told is told. */
  leave(): void {
    this.#queue = [];
    this.#pacing?.cancel();
    for (const subscription of [...this.#subscriptions]) subscription.dispatch({ type: 'stop' });
  }

  drop(): void {
    this.#pacing?.cancel();
    for (const subscription of this.#subscriptions) subscription.drop();
    this.#subscriptions.clear();
  }

  /** The subscription to which a request with a tag in To belongs. */
  ownerOf(request: SipRequest): Subscription | undefined {
    for (const subscription of this.#subscriptions) if (subscription.owns(request)) return subscription;
    return undefined;
  }

  /** A NOTIFY that nobody subscribed to: some servers tell of messages that way (RFC 3842 is older than RFC 6665). */
  unasked(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { host } = this.#options;
    const isSummary = eventName(request) === 'message-summary' && this.#mailbox?.isKnown !== true;
    if (isSummary && this.#takeSummary(request.body) === 'taken') {
      host.respond(transaction, 200);
      host.changed();
    } else host.respond(transaction, 481);
  }

  #begin(who: WatchedPerson, { uri, number }: { readonly uri: string; readonly number: string }): Person {
    const { host, accountId } = this.#options;
    const person = new Person({
      ...{ host, accountId, who, uri, number },
      over: (subscription) => this.#subscriptions.delete(subscription),
    });
    for (const subscription of person.subscriptions) this.#add(subscription);
    return person;
  }

  #add(subscription: Subscription): void {
    this.#subscriptions.add(subscription);
    if (!this.#isConnected) return;
    this.#queue.push(subscription);
    if (this.#queue.length === 1) this.#next();
  }

  #end(subscription: Subscription): void {
    this.#queue = this.#queue.filter((one) => one !== subscription);
    subscription.dispatch({ type: 'stop' });
  }

  /** Some at a time: a server that has just come back is not met by all of them at once. */
  #next(): void {
    this.#pacing?.cancel();
    for (const subscription of this.#queue.splice(0, AT_ONCE)) subscription.dispatch({ type: 'connected' });
    if (this.#queue.length > 0) this.#pacing = this.#options.host.clock.after(APART, () => this.#next());
  }

  #takeSummary(body: string): Taken {
    const read = readSummary(toText(body));
    if (!read.ok) return 'unreadable';
    const { isWaiting, counts } = read.value;
    const { fresh = 0, old = 0 } = counts.voice ?? {};
    this.#waiting = { accountId: this.#options.accountId, isWaiting, fresh, old };
    return 'taken';
  }
}
