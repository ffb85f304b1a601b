/**
 * Everything that this exchange tells of its users to those who subscribe, put together: event packages, what phones
 * publish, the rules of who may watch whom, and lists.
 */

import { MESSAGE_SUMMARY, type MessageSummary, readSummary } from '../../sip/bodies/message-summary.ts';
import { PIDF, type PublishedPresence, readPidf } from '../../sip/bodies/pidf.ts';
import type { ReadXml } from '../../sip/bodies/xml.ts';
import { toText } from '../../sip/grammar/text.ts';
import type { SipUri } from '../../sip/grammar/uri.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { Clock } from '../../sip/transaction/clock.ts';
import type { RandomHex } from '../../sip/transport/port.ts';
import type { Answer } from '../answer.ts';
import type { Calls } from '../calls/calls.ts';
import type { CallHandlingStore } from '../divert/call-handling.ts';
import type { Gruus } from '../gruu.ts';
import type { LivingFlows } from '../living-flows.ts';
import type { MessageStore } from '../messages/message-store.ts';
import type { Settings } from '../settings.ts';
import { type Aor, type LocationStore, partsOf, type UserStore } from '../stores.ts';
import { ColleagueEvents } from './colleagues/colleague-events.ts';
import type { Unpack } from './content.ts';
import { dialogsOf } from './lamps/call-view.ts';
import { DialogEvents } from './lamps/dialog-event.ts';
import { ListEvents, type ListStore } from './lists/list-event.ts';
import { MailboxEvents } from './mailbox/mailbox-event.ts';
import type { Asked, NotifierPorts } from './notifier-ports.ts';
import { NotifyPacer } from './notify-pacer.ts';
import { PresenceEvents } from './presence/presence-event.ts';
import { composePresence, type Presence } from './presence/presence-state.ts';
import { type PublicationStore, Publications, type PublishedKind } from './publish/publications.ts';
import { publish, takesPublish } from './publish/publish.ts';
import { RegEvents } from './reg-event.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import { Subscriptions } from './subscriptions.ts';
import { UserNews } from './user-news.ts';
import type { WatchRuleStore } from './watch-rules.ts';

export interface OfficeEventsOptions {
  readonly users: UserStore;
  readonly locations: LocationStore;
  readonly calls: Pick<Calls, 'of' | 'listen'>;
  readonly gruus: Gruus;
  readonly livingFlows: Pick<LivingFlows, 'isGone' | 'living'>;
  readonly domainOf: (uri: SipUri) => string | undefined;
  readonly rules: WatchRuleStore;
  readonly lists: ListStore;
  /** Who does not want to be disturbed. */
  readonly callHandling: Pick<CallHandlingStore, 'find' | 'watch'>;
  /** Messages that wait for users who are away. */
  readonly messages: Pick<MessageStore, 'count' | 'watch'>;
  readonly readXml: ReadXml;
  readonly unpack: Unpack;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly settings: Pick<Settings, 'publicationsPerUser' | 'maxPublications'>;
  /** Without them subscriptions and publications end with the exchange. */
  readonly subscriptions?: SubscriptionStore | undefined;
  readonly publications?: PublicationStore | undefined;
}

export class OfficeEvents {
  /** To be told of what changes about a user and is seen nowhere else. */
  readonly news = new UserNews();
  readonly subscriptions: Subscriptions;
  readonly #colleagues: ColleagueEvents;
  readonly #publications: Publications;
  readonly #options: OfficeEventsOptions;
  readonly #presence: PublishedKind<PublishedPresence>;
  readonly #summaries: PublishedKind<MessageSummary>;

  constructor(options: OfficeEventsOptions) {
    const { readXml, unpack, users, rules, calls, clock, locations, gruus, lists, domainOf, livingFlows } = options;
    const { news } = this;
    this.#options = options;
    this.#presence = {
      ...{ name: 'presence', contentType: PIDF, forOthers: false },
      read: (bytes) => readPidf(bytes, readXml),
    };
    this.#summaries = {
      ...{ name: 'message-summary', contentType: MESSAGE_SUMMARY, forOthers: true },
      read: (bytes) => readSummary(toText(bytes)),
    };
    this.#publications = new Publications({
      ...{
        kinds: [this.#presence, this.#summaries],
        unpack,
        clock,
        random: options.random,
        settings: options.settings,
      },
      ...{ changed: news.tell, store: options.publications },
    });
    const presence = new PresenceEvents({ users, rules, news, presenceOf: (aor) => this.presenceOf(aor) });
    const dialogs = new DialogEvents({ users, rules, news, calls });
    const mailboxes = new MailboxEvents({ users, news, mailboxesOf: (aor) => this.#mailboxesOf(aor) });
    this.#colleagues = new ColleagueEvents({
      ...{ users, rules, news, lists, clock, presenceOf: (aor: Aor) => this.presenceOf(aor) },
    });
    const reg = new RegEvents({ users, locations, gruus, clock, livingFlows, news });
    const ofLists = { lists, users, domainOf, readXml, unpack };
    this.subscriptions = new Subscriptions({
      packages: [reg, presence, dialogs, mailboxes, this.#colleagues],
      lists: [new ListEvents(presence, ofLists), new ListEvents(dialogs, ofLists)],
      ...{ pacer: new NotifyPacer(clock), store: options.subscriptions },
    });
    locations.watch(news.tell);
    options.callHandling.watch(news.tell);
    options.messages.watch(news.tell);
    calls.listen({
      changed: (call) => {
        for (const aor of call.aors) news.tell(aor);
      },
    });
  }

  get size(): number {
    return this.subscriptions.size;
  }

  get publications(): number {
    return this.#publications.size;
  }

  /** What a user is to those who see his lamp. */
  presenceOf(aor: Aor): Presence {
    const { locations, calls, clock, livingFlows, callHandling } = this.#options;
    let isInCall = false;
    let isRinging = false;
    for (const call of calls.of(aor)) {
      for (const { direction, state } of dialogsOf(call, aor)) {
        isInCall ||= state === 'confirmed' || (direction === 'initiator' && state !== 'terminated');
        isRinging ||= direction === 'recipient' && state === 'early';
      }
    }
    return composePresence({
      isRegistered: livingFlows.living(locations.lookup(aor, clock.now())).length > 0,
      ...{ isInCall, isRinging },
      isDoNotDisturb: callHandling.find(partsOf(aor))?.doNotDisturb === true,
      published: this.#publications.of(this.#presence, aor),
    });
  }

  /** He was added, named otherwise or removed. */
  userChanged(aor: Aor): void {
    this.#colleagues.userChanged(aor);
  }

  /** Whether a request is for us to answer; `domain` is the domain of ours to which its Request-URI belongs. */
  serves(request: SipRequest, domain: string | undefined): boolean {
    return this.subscriptions.serves(request, domain) || takesPublish(request, domain);
  }

  /** For a request that `serves` accepted and whose sender is known. */
  answer(context: Asked): 'taken' | Answer {
    return context.request.method === 'PUBLISH'
      ? publish(context, this.#publications)
      : this.subscriptions.subscribe(context);
  }

  /** Takes up what was held when the exchange was last open; once it may send. */
  restore(exchange: NotifierPorts): void {
    this.#publications.restore();
    this.subscriptions.restore(exchange);
  }

  /** Ends nothing: all goes on when the exchange is open again. */
  close(): void {
    this.subscriptions.close();
    this.#publications.close();
  }

  #mailboxesOf(aor: Aor): readonly MessageSummary[] {
    const published = this.#publications.of(this.#summaries, aor);
    const fresh = this.#options.messages.count(aor);
    if (fresh === 0) return published;
    const text = { fresh, old: 0, urgentFresh: 0, urgentOld: 0 };
    return [...published, { isWaiting: true, counts: { text } }];
  }
}
