/**
 * The exchange as a stateless proxy (RFC 3261 §16.11): what goes to others is forwarded without remembering it, each
 * copy of a request to the same target with the same branch. What we answer ourselves (REGISTER, OPTIONS to us) takes
 * transactions as ever.
 */
import { buildResponse } from '../sip/message/build.ts';
import { editResponse } from '../sip/message/edit.ts';
import type { SipRequest, SipResponse } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import { maxForwards } from '../sip/message/parse.ts';
import { MAGIC_COOKIE } from '../sip/message/via.ts';
import type { ServerTransaction } from '../sip/transaction/user.ts';
import type { TransportUser } from '../sip/transport/layer.ts';
import type { FlowId, Hop, Source, TransportFailure } from '../sip/transport/port.ts';
import { forwardedRequest, nextHopUri, returnedResponse } from './forwarding.ts';
import { loopMark } from './loop-mark.ts';
import type { ExchangeParts } from './parts.ts';
import { runPipeline } from './pipeline.ts';
import { RequestContext } from './request-context.ts';
import type { Outcome, Step } from './step.ts';
import { authenticate } from './steps/authenticate.ts';
import { locate } from './steps/locate.ts';
import { routes } from './steps/routes.ts';
import { sanity } from './steps/sanity.ts';

/** What the stateless proxy needs of the transport layer. */
export interface StatelessTransport {
  viaFor(hop: Hop, branch: string): string;
  send(request: SipRequest, hop: Hop, failed: (failure: TransportFailure) => void): void;
  sendResponse(response: SipResponse, source: Source | undefined, failed: (failure: TransportFailure) => void): void;
}

export interface StatelessOptions {
  readonly parts: ExchangeParts;
  readonly transport: StatelessTransport;
  /** Where requests go that we answer ourselves. */
  readonly transactions: TransportUser;
  /** SHA-256 in hex. */
  readonly hash: (bytes: string) => string;
  readonly secret: string;
}

/** Begins the tags of our own answers, so that their ACKs are known without any memory (§8.2.7). */
const TAG = 'sl-';

/** Nobody's relay, not even for what cannot be challenged. */
const concernsUs: Step = {
  name: 'concerns-us',
  run({ request, domain, inDialog, routes: left, exchange }: RequestContext): Outcome {
    if (inDialog || (domain !== undefined && left.length === 0)) return 'continue';
    const from = request.from.uri;
    return from.ok && exchange.identity.claimedDomain(from.value) !== undefined ? 'continue' : { status: 403 };
  },
};

export class StatelessProxy implements TransportUser {
  readonly #options: StatelessOptions;
  readonly #steps: readonly Step[];
  /** An ACK or CANCEL belongs to a request that was let through, and cannot be challenged (§22.1). */
  readonly #followingSteps: readonly Step[];

  constructor(options: StatelessOptions) {
    this.#options = options;
    const forward: Step = { name: 'forward', run: (context) => this.#forward(context) };
    this.#steps = [sanity, routes, authenticate, locate, forward];
    this.#followingSteps = [sanity, routes, concernsUs, locate, forward];
  }

  requestReceived(request: SipRequest, source: Source): void {
    if (this.#isForUs(request)) {
      this.#options.transactions.requestReceived(request, source);
      return;
    }
    if (request.method === 'ACK' && request.to.tag?.startsWith(TAG) === true) return;
    const follows = request.method === 'ACK' || request.method === 'CANCEL';
    const context = new RequestContext(this.#options.parts, this.#answering(request, source));
    runPipeline(context, follows ? this.#followingSteps : this.#steps);
  }

  responseReceived(response: SipResponse, source: Source): void {
    // Without another Via below ours it is the answer to a request of our own.
    if (response.list(H.Via).length < 2) {
      this.#options.transactions.responseReceived(response, source);
      return;
    }
    const passed = returnedResponse(response);
    if (passed === undefined) return;
    this.#options.transport.sendResponse(passed, undefined, (failure) => {
      this.#options.parts.log.info('a response could not be passed on', { reason: failure.reason });
    });
  }

  flowClosed(flow: FlowId, remote?: Hop): void {
    this.#options.transactions.flowClosed(flow, remote);
  }

  #isForUs(request: SipRequest): boolean {
    const { method, uri } = request;
    const { identity } = this.#options.parts;
    if (method === 'REGISTER') return identity.domainOf(uri) !== undefined;
    if (method === 'SUBSCRIBE') return this.#options.parts.events.serves(request, identity.domainOf(uri));
    if (method === 'OPTIONS' && maxForwards(request) === 0) return true;
    return method === 'OPTIONS' && uri.user === '' && (identity.domainOf(uri) !== undefined || identity.isSelf(uri));
  }

  /** One target and one address of it: chosen in the same way each time the request comes. */
  #forward(context: RequestContext): Outcome | Promise<Outcome> {
    const { parts } = this.#options;
    const target = context.targets[0];
    if (target === undefined) return { status: 480 };
    const known = context.routes.length === 0 ? target.hops : undefined;
    const hops = known ?? parts.resolve(nextHopUri(context, target));
    const send = (found: readonly Hop[]): void => {
      const hop = found[0];
      if (hop === undefined) {
        context.transaction.respond(buildResponse(context.request, 404, { toTag: this.#tag(context.request) }));
        return;
      }
      const via = this.#options.transport.viaFor(hop, this.#branch(context.request));
      this.#options.transport.send(forwardedRequest(context, target, hop, via), hop, (failure) => {
        parts.log.info('a request could not be passed on', { reason: failure.reason });
      });
    };
    if (!(hops instanceof Promise)) {
      send(hops);
      return 'taken';
    }
    return hops.then((found): Outcome => {
      send(found);
      return 'taken';
    });
  }

  /** The same for all copies of a request, its ACK to a failure and its CANCEL: those share the sender's branch (§16.11). */
  #branch(request: SipRequest): string {
    const { via, callId, cseq, from } = request;
    const own = via.branch.startsWith(MAGIC_COOKIE) ? '' : `${loopMark(request)} ${cseq}`;
    const key = `${this.#options.secret}\n${via.sentBy}\n${via.branch}\n${callId}\n${from.tag ?? ''}\n${own}`;
    return `${MAGIC_COOKIE}${this.#options.hash(key).slice(0, 24)}`;
  }

  /** A stateless answer: the same tag for every copy of the request (§8.2.7). */
  #tag(request: SipRequest): string {
    return `${TAG}${this.#branch(request).slice(-16)}`;
  }

  #answering(request: SipRequest, source: Source): ServerTransaction {
    const respond = (response: SipResponse): void => {
      if (request.method === 'ACK') return;
      const tagged =
        response.to.tag === undefined || request.to.tag !== undefined ? response : this.#retagged(response);
      this.#options.transport.sendResponse(tagged, source, () => undefined);
    };
    return { request, source, isOpen: true, respond, onEnd: () => undefined };
  }

  #retagged(response: SipResponse): SipResponse {
    const to = response.to.withoutParam('tag');
    const tag = `${TAG}${response.to.tag ?? ''}`;
    return editResponse(response).set(H.To, to.withParam('tag', tag).toString()).toMessage();
  }
}
