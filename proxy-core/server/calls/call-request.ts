/** What the book of calls reads of a request on its way through the pipeline, and what it leaves there. */
import type { SipUri } from '../../sip/grammar/uri.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { Source } from '../../sip/transport/port.ts';
import type { ForkListener } from '../fork-listener.ts';
import type { User, UserStore } from '../stores.ts';

export interface CallRequest {
  readonly exchange: { readonly users: Pick<UserStore, 'find'> };
  readonly request: SipRequest;
  readonly source: Source;
  /** The Request-URI after route processing, and the domain of ours to which it belongs. */
  readonly uri: SipUri;
  readonly domain: string | undefined;
  /** Who proved to send it, and the label of the device whose password that was. */
  readonly user: User | undefined;
  readonly device: string;
  /** Told what becomes of the request. */
  listener: ForkListener | undefined;
}
