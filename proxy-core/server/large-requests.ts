/**
 * A request that a datagram may not carry whole goes over TCP, and over UDP after all where TCP is refused
 * (RFC 3261 §18.1.1).
 */
import type { Hop } from '../sip/transport/port.ts';
import type { ServerHop } from './failed-hops.ts';
import { forwardedRequest } from './forwarding.ts';
import type { RequestContext } from './request-context.ts';
import { numericHop, type Target } from './targets.ts';

/** A request this much shorter than the limit need not even be estimated, in bytes: a few headers are all that we add. */
const SHORT_BY = 600;
/** One this much longer stays too long, whatever we take away. */
const LONG_BY = 1000;
/** Via, two Record-Routes, Max-Forwards and Max-Breadth, without the three times that our address stands in them. */
const ADDED = 370;
/** As long as a branch of ours. */
const ANY_BRANCH = 'z9hG4bK0123456789abcdef01234567';

/** The same hops where the request is short; else each UDP hop after the TCP one of the same address. */
export function withTcpFirst(
  context: RequestContext,
  target: Target,
  hops: readonly ServerHop[],
): readonly ServerHop[] {
  const { request, exchange } = context;
  const { settings, transports } = exchange;
  if (request.wire.length <= settings.udpLimit - SHORT_BY || !transports.has('TCP')) return hops;
  const first = hops.find((hop) => hop.transport === 'UDP');
  if (first === undefined || !isLong(context, target, first)) return hops;
  return hops.flatMap((hop) =>
    hop.transport === 'UDP' && mayListen(target, hop)
      ? [{ transport: 'TCP' as const, host: hop.host, port: hop.port, server: hop.server }, hop]
      : [hop],
  );
}

/** Estimated where that is enough: to write a message only for its length costs as much as to send it. */
function isLong(context: RequestContext, target: Target, hop: Hop): boolean {
  const { request, headerEdits, exchange } = context;
  const limit = exchange.settings.udpLimit;
  if (request.wire.length > limit + LONG_BY) return true;
  const { transport, sentBy } = exchange.sentBy(hop);
  const uri = Math.max(0, target.uriText.length - request.uriText.length);
  const most = request.wire.length + ADDED + 3 * sentBy.length + uri;
  const isPlain = target.path.length === 0 && headerEdits === undefined && target.diverted === undefined;
  if (most <= limit && isPlain) return false;
  const via = `SIP/2.0/${transport} ${sentBy};branch=${ANY_BRANCH};rport`;
  return forwardedRequest(context, target, hop, via, context.maxBreadth).wire.length > limit;
}

/** Behind a NAT nobody listens: what we know as the address of a phone is a hole that only its own datagrams made. */
function mayListen(target: Target, hop: Hop): boolean {
  if (target.isHidden === true) return false;
  if (!target.isBinding) return true;
  const own = numericHop(target.uri);
  return own !== undefined && own.host === hop.host && own.port === hop.port;
}
