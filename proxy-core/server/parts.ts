/** What the exchange is made of: its ports to the outside, handed in once. */
import type { SipUri } from '../sip/grammar/uri.ts';
import type { SipRequest } from '../sip/message/message.ts';
import type { Clock } from '../sip/transaction/clock.ts';
import type { ClientListener, ClientTransaction } from '../sip/transaction/user.ts';
import type { Hop, RandomHex, TransportName } from '../sip/transport/port.ts';
import type { Authenticator } from './authenticator.ts';
import type { Calls } from './calls/calls.ts';
import type { QualityCollector } from './calls/quality-collector.ts';
import type { DialogTokens } from './dialog-token.ts';
import type { CallHandlingStore } from './divert/call-handling.ts';
import type { OfficeEvents } from './events/office-events.ts';
import type { ExchangeLog } from './exchange-log.ts';
import type { FailedHops, ServerHop } from './failed-hops.ts';
import type { Gruus } from './gruu.ts';
import type { Guard } from './guard/guard.ts';
import type { Identity } from './identity.ts';
import type { JoinDesk } from './join-desk.ts';
import type { LivingFlows } from './living-flows.ts';
import type { LoopMarks } from './loop-mark.ts';
import type { MessageDesk } from './messages/message-desk.ts';
import type { Nat } from './nat/nat.ts';
import type { OpenWork } from './open-work.ts';
import type { RestlessPhones } from './restless-phones.ts';
import type { RouteSlot } from './route/slot.ts';
import type { Settings } from './settings.ts';
import type { LocationStore, UserStore } from './stores.ts';
import type { TraceStore } from './trace/entry.ts';

export type { ExchangeLog } from './exchange-log.ts';

/** Makes the request once the layer below knows its topmost Via. */
export type RequestDraft = (via: string) => SipRequest;

/** What the exchange needs of the transaction layer. */
export interface Transactions {
  request(draft: RequestDraft, hop: Hop, listener: ClientListener): ClientTransaction;
  sendAck(draft: RequestDraft, hop: Hop): void;
  readonly size: { readonly client: number; readonly server: number; readonly open: number };
}

/** Where a URI is to be sent, best first (RFC 3263). A numeric address is answered at once. Empty when nothing is known. */
export type Resolve = (uri: SipUri) => readonly ServerHop[] | Promise<readonly ServerHop[]>;

export interface ExchangeParts {
  readonly users: UserStore;
  readonly locations: LocationStore;
  readonly livingFlows: LivingFlows;
  readonly identity: Identity;
  readonly authenticator: Authenticator;
  readonly guard: Guard;
  readonly dialogTokens: DialogTokens;
  readonly gruus: Gruus;
  readonly events: OfficeEvents;
  /** The calls that pass through; absent where nobody follows them. */
  readonly calls?: Calls | undefined;
  readonly messages: MessageDesk;
  readonly callHandling: CallHandlingStore;
  /** Takes the codes of those who are new; absent where nobody is let in so. */
  readonly joining?: JoinDesk | undefined;
  /** Takes what phones say of their sound; absent where nobody wants to know. */
  readonly quality?: QualityCollector | undefined;
  /** Told of each registration; absent where nobody wants to know. */
  readonly restless?: RestlessPhones | undefined;
  readonly loopMarks: LoopMarks;
  readonly failedHops: FailedHops;
  /** What we listen on: over anything else nobody could reach us again. */
  readonly transports: ReadonlySet<TransportName>;
  readonly transactions: Transactions;
  readonly resolve: Resolve;
  /** Our transport and `host:port` towards `hop`, as they stand in Via and Record-Route. */
  readonly sentBy: (hop: Hop) => { readonly transport: TransportName; readonly sentBy: string };
  readonly clock: Clock;
  readonly random: RandomHex;
  /** The tag of answers that are not remembered: the same for a request that comes again (§8.2.7). */
  readonly forgottenTag: string;
  readonly log: ExchangeLog;
  readonly settings: Settings;
  /** The office's own step; undefined where there is none. */
  readonly route?: RouteSlot | undefined;
  readonly openWork: OpenWork;
  /** Whether this machine has more to do than it can, by its memory or by how late its timers are. */
  readonly isOverloaded: () => boolean;
  readonly nat: Nat;
  /** The messages of the last minutes; undefined where none are kept. */
  readonly trace?: TraceStore | undefined;
}
