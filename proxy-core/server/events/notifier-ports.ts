/** What the notifier needs of the exchange, and of a SUBSCRIBE on its way through the pipeline. */
import type { SipUri } from '../../sip/grammar/uri.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { Clock } from '../../sip/transaction/clock.ts';
import type { ClientListener, ServerTransaction } from '../../sip/transaction/user.ts';
import type { Hop, RandomHex, Source, TransportName } from '../../sip/transport/port.ts';
import type { Identity } from '../identity.ts';
import type { Settings } from '../settings.ts';
import type { User, UserStore } from '../stores.ts';

export interface NotifierPorts {
  readonly users: Pick<UserStore, 'find'>;
  readonly identity: Pick<Identity, 'domainOf'>;
  readonly transactions: {
    request(draft: (via: string) => SipRequest, hop: Hop, listener: ClientListener): unknown;
  };
  readonly resolve: (uri: SipUri) => readonly Hop[] | Promise<readonly Hop[]>;
  readonly sentBy: (hop: Hop) => { readonly transport: TransportName; readonly sentBy: string };
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly log: { warn(text: string, details?: Readonly<Record<string, unknown>>): void };
  readonly settings: Pick<
    Settings,
    'subscriptionsPerUser' | 'subscriptionsPerResource' | 'maxSubscriptions' | 'product'
  >;
}

export interface Asked {
  readonly exchange: NotifierPorts;
  readonly request: SipRequest;
  readonly source: Source;
  readonly transaction: ServerTransaction;
  /** The Request-URI, and the domain of ours to which it belongs. */
  readonly uri: SipUri;
  readonly uriText: string;
  readonly domain: string | undefined;
  /** Who proved to send it. */
  readonly user: User | undefined;
  /** Label of the device whose password that was; empty for the user's own. */
  readonly device: string;
}
