/** One request on its way through the pipeline: what came, and what the steps found out so far. */
import type { SipUri } from '../sip/grammar/uri.ts';
import type { HeaderLine } from '../sip/message/build.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import type { ServerTransaction } from '../sip/transaction/user.ts';
import type { Source } from '../sip/transport/port.ts';
import type { CalleeWishes } from './divert/wishes.ts';
import type { ForkListener } from './fork-listener.ts';
import { type Sender, senderOf } from './nat/detect.ts';
import type { ExchangeParts } from './parts.ts';
import type { ExchangeMode } from './settings.ts';
import type { User } from './stores.ts';
import type { Target } from './targets.ts';

export interface HeaderEdits {
  /** Header names. */
  readonly remove: readonly string[];
  readonly add: readonly (readonly [name: string, value: string])[];
}

export class RequestContext {
  readonly exchange: ExchangeParts;
  readonly transaction: ServerTransaction;
  /** The pending INVITE that this CANCEL is for. */
  readonly cancels: ServerTransaction | undefined;
  readonly request: SipRequest;
  readonly source: Source;
  /** The exchange is closing and begins nothing new. */
  readonly isDraining: boolean;

  /** The Request-URI after route processing (§16.4). */
  uri: SipUri;
  uriText: string;
  /** Route values still to visit, ours taken away. */
  routes: readonly string[];
  /** Whether `routes` and `uri` differ from what came, apart from `routesTaken` values missing at the top. */
  routesRewritten = false;
  routesTaken = 0;
  /** The request belongs to a dialog that was set up through us: it carries our own mark. */
  inDialog = false;
  /** The hosts between which that dialog is (dialog-ends.ts). */
  dialogEnds = '';
  /** The domain of ours to which `uri` belongs; undefined when it is another's. */
  domain: string | undefined;
  /** Who proved to send this. */
  user: User | undefined;
  /** Label of the device whose password that was; empty for the user's own. */
  device = '';
  /** Whose devices the targets are; undefined where they are not a user's of ours. */
  callee: User | undefined;
  /** How the request is handled, found by the locate step. */
  mode: ExchangeMode;
  /** Branches that may be open at once (RFC 5393 §5.3.3). */
  maxBreadth: number;
  /** What a step of the office changes in the headers of what is sent on. */
  headerEdits: HeaderEdits | undefined;
  /** Whoever follows what becomes of it; usually only of what belongs to a call. */
  listener: ForkListener | undefined;
  /** What the callee wants done with calls that are not taken; undefined for nearly all. */
  wishes: CalleeWishes | undefined;
  /** The call was forwarded before anybody rang: what the 181 says that tells the caller. */
  notice: readonly HeaderLine[] | undefined;
  #sender: Sender | undefined;
  /** Where it goes, found by the locate step. */
  targets: readonly Target[] = [];

  constructor(
    exchange: ExchangeParts,
    transaction: ServerTransaction,
    cancels?: ServerTransaction,
    isDraining = false,
  ) {
    this.exchange = exchange;
    this.transaction = transaction;
    this.cancels = cancels;
    this.isDraining = isDraining;
    this.request = transaction.request;
    this.source = transaction.source;
    this.uri = this.request.uri;
    this.uriText = this.request.uriText;
    this.mode = exchange.settings.mode;
    this.maxBreadth = exchange.settings.maxBreadth;
    this.routes = this.request.headers.find(H.Route) < 0 ? NO_ROUTES : this.request.list(H.Route);
  }

  /** What the request tells of the NAT before its sender; read when it is first asked for. */
  get sender(): Sender {
    this.#sender ??= senderOf(this.request, this.source);
    return this.#sender;
  }
}

const NO_ROUTES: readonly string[] = [];
