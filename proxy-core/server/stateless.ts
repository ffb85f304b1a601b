/**
 * The exchange as a stateless proxy (RFC 3261 §16.11): what goes to others is forwarded without remembering it, each
 * copy of a request to the same target with the same branch. mode-switch.ts says for which requests.
 */
import { buildResponse } from '../sip/message/build.ts';
import { editResponse } from '../sip/message/edit.ts';
import type { SipRequest, SipResponse } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import { MAGIC_COOKIE, type Via } from '../sip/message/via.ts';
import type { ServerTransaction } from '../sip/transaction/user.ts';
import type { Hop, Source, TransportFailure } from '../sip/transport/port.ts';
import type { ServerHop } from './failed-hops.ts';
import { forwardedRequest, nextHopUri, returnedResponse } from './forwarding.ts';
import { withTcpFirst } from './large-requests.ts';
import { withWay } from './nat/contact.ts';
import { FLOW_PARAM } from './nat/flow-token.ts';
import { passageFor } from './nat/passage.ts';
import type { ExchangeParts } from './parts.ts';
import { runPipeline } from './pipeline.ts';
import { RequestContext } from './request-context.ts';
import type { Outcome, Step } from './step.ts';
import { authenticate } from './steps/authenticate.ts';
import { limits } from './steps/limits.ts';
import { locate } from './steps/locate.ts';
import { routes } from './steps/routes.ts';
import { sanity } from './steps/sanity.ts';
import { scanners } from './steps/scanners.ts';
import { secure } from './steps/secure.ts';
import type { Target } from './targets.ts';

/** What the stateless proxy needs of the transport layer. */
export interface StatelessTransport {
  viaFor(hop: Hop, branch: string): string;
  send(request: SipRequest, hop: Hop, failed: (failure: TransportFailure) => void): void;
  sendResponse(response: SipResponse, source: Source | undefined, failed: (failure: TransportFailure) => void): void;
}

export interface StatelessOptions {
  readonly parts: ExchangeParts;
  readonly transport: StatelessTransport;
  /** SHA-256 in hex. */
  readonly hash: (bytes: string) => string;
  readonly secret: string;
}

/** Begins the tags of our own answers, so that their ACKs are known without any memory (§8.2.7). */
const TAG = 'sl-';
/** Begins our branches: those of transactions are hex behind the cookie. */
const BRANCH = `${MAGIC_COOKIE}sl`;

/** Nobody's relay, not even for what cannot be challenged. */
const concernsUs: Step = {
  name: 'concerns-us',
  run({ request, domain, inDialog, routes: left, exchange }: RequestContext): Outcome {
    if (inDialog || (domain !== undefined && left.length === 0)) return 'continue';
    const from = request.from.uri;
    return from.ok && exchange.identity.claimedDomain(from.value) !== undefined ? 'continue' : { status: 403 };
  },
};

export class StatelessProxy {
  readonly #options: StatelessOptions;
  readonly #steps: readonly Step[];
  /** An ACK or CANCEL belongs to a request that was let through, and cannot be challenged (§22.1). */
  readonly #followingSteps: readonly Step[];

  constructor(options: StatelessOptions) {
    this.#options = options;
    const forward: Step = { name: 'forward', run: (context) => this.#forward(context) };
    this.#steps = [scanners, sanity, routes, limits, authenticate, locate, secure, forward];
    this.#followingSteps = [sanity, routes, concernsUs, locate, secure, forward];
  }

  request(request: SipRequest, source: Source): void {
    if (request.method === 'ACK' && request.to.tag?.startsWith(TAG) === true) return;
    const follows = request.method === 'ACK' || request.method === 'CANCEL';
    const context = new RequestContext(this.#options.parts, this.#answering(request, source));
    runPipeline(context, follows ? this.#followingSteps : this.#steps);
  }

  /** Whether this response answers what was forwarded here. Its branch says so; `response` proves it. */
  static isOurs(response: SipResponse): boolean {
    return response.via.branch.startsWith(BRANCH);
  }

  /**
   * Passes a response on by the Via below ours. That Via and our branch were made of each other, so that nobody can aim
   * answers at third parties by way of us.
   */
  response(response: SipResponse, source: Source): void {
    const { transport, parts } = this.#options;
    const passed = returnedResponse(response);
    if (passed === undefined || response.via.branch !== this.#branch(response, passed.via)) return;
    // Nothing was remembered but what we wrote into our own Via.
    const shown = response.via.has(FLOW_PARAM) ? withWay(passed, source, parts.nat.flows) : passed;
    transport.sendResponse(shown, undefined, (failure) => {
      parts.log.info('a response could not be passed on', { reason: failure.reason });
    });
  }

  /** One target and one address of it: chosen in the same way each time the request comes. */
  #forward(context: RequestContext): Outcome | Promise<Outcome> {
    const { parts } = this.#options;
    const target = context.targets[0];
    if (target === undefined) return { status: 480 };
    const known = context.routes.length === 0 ? target.hops : undefined;
    const hops = known ?? parts.resolve(nextHopUri(context, target));
    const send = (found: readonly ServerHop[]): void => {
      const ordered = parts.failedHops.order(withTcpFirst(context, target, found));
      if (ordered.length > 0) this.#send(context, target, ordered, 0);
      else context.transaction.respond(buildResponse(context.request, 404, { toTag: this.#tag(context.request) }));
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

  /** What the transport cannot even send is tried at the next address; nothing else is known here (§16.11). */
  #send(context: RequestContext, target: Target, hops: readonly ServerHop[], at: number): void {
    const hop = hops[at];
    if (hop === undefined) return;
    const { parts, transport } = this.#options;
    const passage = passageFor(context, target, hop);
    const fitting = typeof passage === 'string' ? undefined : passage;
    const mark = fitting?.isHidden === true ? `;${FLOW_PARAM}` : '';
    const via = transport.viaFor(hop, this.#branch(context.request, context.request.via)) + mark;
    transport.send(forwardedRequest(context, target, hop, via, context.maxBreadth, fitting), hop, (failure) => {
      parts.log.info('a request could not be passed on', { hop: `${hop.host}:${hop.port}`, reason: failure.reason });
      if (hops.length > 1) parts.failedHops.failed(hop);
      this.#send(context, target, hops, at + 1);
    });
  }

  /**
   * The same for all copies of a request, its ACK to a failure and its CANCEL: those share the sender's Via (§16.11). The
   * sender's branch alone would do, but from one of RFC 2543, who knows no branches.
   */
  #branch({ callId, cseq, from }: SipRequest | SipResponse, { sentBy, branch }: Via): string {
    const key = `${this.#options.secret}\n${sentBy}\n${branch}\n${callId}\n${from.tag ?? ''}\n${cseq}`;
    return `${BRANCH}${this.#options.hash(key).slice(0, 24)}`;
  }

  /** A stateless answer: the same tag for every copy of the request (§8.2.7). */
  #tag(request: SipRequest): string {
    return `${TAG}${this.#branch(request, request.via).slice(-16)}`;
  }

  #answering(request: SipRequest, source: Source): ServerTransaction {
    const respond = (response: SipResponse): void => {
      if (request.method === 'ACK') return;
      const tagged =
        response.to.tag === undefined || request.to.tag !== undefined ? response : this.#retagged(response);
      // Without a transaction nothing is told: who does not hear the answer asks again.
      this.#options.transport.sendResponse(tagged, source, () => undefined);
    };
    return { request, source, isOpen: true, respond, dismiss: respond, onEnd: () => undefined };
  }

  #retagged(response: SipResponse): SipResponse {
    const to = response.to.withoutParam('tag');
    const tag = `${TAG}${response.to.tag ?? ''}`;
    return editResponse(response).set(H.To, to.withParam('tag', tag).toString()).toMessage();
  }
}
