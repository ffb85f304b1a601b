/**
 * Which requests are forwarded without transactions (RFC 3261 §16.11) and which take them: the mode of the exchange,
 * of the domain or of the user that is called decides, the nearest one first. What we answer ourselves takes
 * transactions as ever. Where nobody is stateless this costs a look at two flags.
 */
import type { SipRequest, SipResponse } from '../sip/message/message.ts';
import { maxForwards } from '../sip/message/parse.ts';
import type { TransportUser } from '../sip/transport/layer.ts';
import type { FlowId, Hop, Source } from '../sip/transport/port.ts';
import type { ExchangeParts } from './parts.ts';
import { StatelessProxy } from './stateless.ts';

export class ModeSwitch implements TransportUser {
  readonly #parts: ExchangeParts;
  readonly #stateless: StatelessProxy;
  readonly #transactions: TransportUser;

  constructor(parts: ExchangeParts, stateless: StatelessProxy, transactions: TransportUser) {
    this.#parts = parts;
    this.#stateless = stateless;
    this.#transactions = transactions;
  }

  requestReceived(request: SipRequest, source: Source): void {
    if (this.#mayBeStateless && this.#isStateless(request)) this.#stateless.request(request, source);
    else this.#transactions.requestReceived(request, source);
  }

  responseReceived(response: SipResponse, source: Source): void {
    if (this.#mayBeStateless && StatelessProxy.isOurs(response)) this.#stateless.response(response, source);
    else this.#transactions.responseReceived(response, source);
  }

  flowClosed(flow: FlowId, remote?: Hop): void {
    this.#transactions.flowClosed(flow, remote);
  }

  /** A step of the office's own may decide differently each time, which only a transaction can bear. */
  get #mayBeStateless(): boolean {
    const { settings, users, route } = this.#parts;
    return (settings.mode === 'stateless' || users.hasModes) && route === undefined;
  }

  #isStateless(request: SipRequest): boolean {
    const { identity, users, settings, events, callHandling } = this.#parts;
    const { method, uri } = request;
    const domain = identity.domainOf(uri);
    const isOurs = domain !== undefined || identity.isSelf(uri);
    if (method === 'REGISTER' && domain !== undefined) return false;
    if (events.serves(request, domain)) return false;
    if (method === 'JOIN' && uri.user === '') return false;
    if (method === 'OPTIONS' && (maxForwards(request) === 0 || (isOurs && uri.user === ''))) return false;
    const callee = domain === undefined ? undefined : users.find(uri.userDecoded, domain);
    // What we answer or keep ourselves: messages and dialled codes; and calls that may go elsewhere.
    if (domain !== undefined && (method === 'MESSAGE' || (callee === undefined && isCode(uri.user)))) return false;
    if (callee !== undefined && callHandling.find(callee) !== undefined) return false;
    const own = callee === undefined ? undefined : users.modeOf(callee.number, callee.domain);
    return (own ?? settings.mode) === 'stateless';
  }
}

const isCode = (user: string): boolean => user.startsWith('*') || user.startsWith('%23');
