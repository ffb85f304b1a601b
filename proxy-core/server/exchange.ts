/** The exchange as the transaction layer sees it: requests go through the pipeline, an ACK to a 2xx goes straight on. */
import type { SipRequest, SipResponse } from '../sip/message/message.ts';
import { maxForwards } from '../sip/message/parse.ts';
import type { ServerTransaction, TransactionUser } from '../sip/transaction/user.ts';
import type { FlowId, Source } from '../sip/transport/port.ts';
import type { ServerHop } from './failed-hops.ts';
import { forwardedRequest, nextHopUri } from './forwarding.ts';
import { flowTarget } from './nat/contact.ts';
import { passageFor } from './nat/passage.ts';
import type { ExchangeParts } from './parts.ts';
import { runPipeline } from './pipeline.ts';
import { RequestContext } from './request-context.ts';
import { routes } from './steps/routes.ts';
import { type Target, uriTarget } from './targets.ts';
import { calledBy } from './user-targets.ts';

export class Exchange implements TransactionUser {
  readonly #parts: ExchangeParts;
  #isDraining = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  request(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void {
    runPipeline(new RequestContext(this.#parts, transaction, cancels, this.#isDraining));
  }

  /** A connection has ended, and what was registered by it may have. */
  flowClosed(flow: FlowId): void {
    this.#parts.livingFlows.closed(flow);
  }

  /** From here on nothing new is begun: what comes in is put off, what is open may end. */
  drain(): void {
    this.#isDraining = true;
  }

  /**
   * An ACK to a 2xx belongs to no transaction and is never answered (RFC 3261 §13.2.2.4, §16.11): it follows the route of
   * its dialog. One of no dialog of ours goes nowhere.
   */
  ack(request: SipRequest, source: Source): void {
    try {
      forwardAck(this.#parts, request, source);
    } catch (cause) {
      this.#parts.log.error('could not forward an ACK', { callId: request.callId, cause });
    }
  }

  /**
   * The answer to a ping; else dropped: after its transaction ended, a response has nobody left to go to (RFC 6026 §7.3).
   */
  strayResponse(response: SipResponse, _source: Source): void {
    this.#parts.nat.keepAlive?.heard(response);
  }
}

function forwardAck(parts: ExchangeParts, request: SipRequest, source: Source): void {
  const context = new RequestContext(parts, unanswerable(request, source));
  const left = maxForwards(request);
  if (!context.uri.isSip || left === 0 || Number.isNaN(left) || parts.loopMarks.isLoop(request)) return;
  if (routes.run(context) !== 'continue' || !context.inDialog) return;
  const target = flowTarget(context) ?? locatedTarget(context) ?? uriTarget(context.uri, context.uriText);
  const hops = target.hops ?? parts.resolve(nextHopUri(context, target));
  if (!(hops instanceof Promise)) {
    sendAck(context, target, hops);
    return;
  }
  hops
    .then((found) => sendAck(context, target, found))
    .catch((cause: unknown) => parts.log.warn('could not forward an ACK', { target: context.uriText, cause }));
}

/** A phone whose Contact is an address of ours, as a GRUU is, must hear the ACK where it hears every other request. */
function locatedTarget({ exchange, domain, uri, routes: left }: RequestContext): Target | undefined {
  return domain === undefined || left.length > 0 ? undefined : calledBy(exchange, uri, domain)?.targets[0];
}

function sendAck(context: RequestContext, target: Target, hops: readonly ServerHop[]): void {
  const { failedHops, transactions } = context.exchange;
  const [hop] = failedHops.order(hops);
  if (hop === undefined) return;
  const passage = passageFor(context, target, hop);
  // Only what begins a dialog can find no relay.
  const fitting = typeof passage === 'string' ? undefined : passage;
  transactions.sendAck((via) => forwardedRequest(context, target, hop, via, context.maxBreadth, fitting), hop);
}

/** So that an ACK can go through the same steps as a request that has a transaction. */
function unanswerable(request: SipRequest, source: Source): ServerTransaction {
  const nothing = (): void => undefined;
  return { request, source, isOpen: false, respond: nothing, dismiss: nothing, onEnd: nothing };
}
