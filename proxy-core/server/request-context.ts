/** One request on its way through the pipeline: what came, and what the steps found out so far. */
import type { SipUri } from '../sip/grammar/uri.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import type { ServerTransaction } from '../sip/transaction/user.ts';
import type { Source } from '../sip/transport/port.ts';
import type { ExchangeParts } from './parts.ts';
import type { User } from './stores.ts';
import type { Target } from './targets.ts';

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
  /** The domain of ours to which `uri` belongs; undefined when it is another's. */
  domain: string | undefined;
  /** Who proved to send this. */
  user: User | undefined;
  /** Label of the device whose password that was; empty for the user's own. */
  device = '';
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
    this.routes = this.request.headers.find(H.Route) < 0 ? NO_ROUTES : this.request.list(H.Route);
  }
}

const NO_ROUTES: readonly string[] = [];
