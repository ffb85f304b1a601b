/**
 * Between bytes and transactions (RFC 3261 §18, RFC 3581): reads what a transport carries, stamps where a request came
 * from into its Via, refuses what cannot be read, and finds the way back for a response.
 */
import { replyToMalformed } from '../message/build.ts';
import { fitted } from '../message/compact.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { parseMessage } from '../message/parse.ts';
import { stampVia } from '../message/stamp.ts';
import type { Via } from '../message/via.ts';
import { type FindSentBy, LastWays } from './last-ways.ts';
import type {
  FlowId,
  Hop,
  RandomHex,
  Source,
  TransportFailure,
  TransportName,
  TransportPort,
  TransportSink,
} from './port.ts';

/** The upward sink of the transport layer: whole, well-formed messages. */
export interface TransportUser {
  requestReceived(request: SipRequest, source: Source): void;
  responseReceived(response: SipResponse, source: Source): void;
  flowClosed(flow: FlowId, remote?: Hop): void;
}

export interface TransportLayerOptions {
  readonly port: TransportPort;
  readonly random: RandomHex;
  readonly sink: TransportUser;
  /** Told where bytes came from that are no SIP. */
  readonly malformed?: ((source: Source) => void) | undefined;
  /** For answers whose connection is gone; without it they are lost with it. */
  readonly findSentBy?: FindSentBy | undefined;
}

type Failed = (failure: TransportFailure) => void;

/** What a datagram may hold without knowing the path (§18.1.1), in bytes. */
const MAX_DATAGRAM = 1300;
/** How many of our own addresses are remembered to know a response as ours. */
const MAX_OWN = 256;

const ignore = (): void => {};

export class TransportLayer implements TransportSink {
  readonly #port: TransportPort;
  readonly #random: RandomHex;
  readonly #sink: TransportUser;
  readonly #malformed: (source: Source) => void;
  /** `UDP host:port` of every Via that we have made. */
  readonly #own = new Set<string>();
  readonly #lastWays: LastWays | undefined;

  constructor(options: TransportLayerOptions) {
    this.#port = options.port;
    this.#random = options.random;
    this.#sink = options.sink;
    this.#malformed = options.malformed ?? ignore;
    const { findSentBy, port } = options;
    if (findSentBy !== undefined)
      this.#lastWays = new LastWays(findSentBy, (hop, wire, failed) => port.send(hop, wire, failed));
  }

  isReliable(transport: TransportName): boolean {
    return this.#port.isReliable(transport);
  }

  /** The Via of a request that we send to `hop` (§18.1.1); `rport` asks for the port that the answer must go to. */
  viaFor(hop: Hop, branch: string): string {
    const { transport, sentBy, alias } = this.#port.sentBy(hop);
    this.#remember(`${transport} ${sentBy}`);
    return `SIP/2.0/${transport} ${sentBy};branch=${branch};rport${alias === true ? ';alias' : ''}`;
  }

  /** Sends a request as it is, with our Via on top. */
  send(request: SipRequest, hop: Hop, failed: Failed): void {
    this.#send(hop, request.wire, failed);
  }

  /** Sends a response by the `wayBack` of its request. */
  sendBack(response: SipResponse, hop: Hop, failed: Failed): void {
    this.#port.send(hop, response.wire, this.#orElse(response, hop, failed));
  }

  /**
   * Sends a response back to where its request came from (§18.2.2, RFC 3581 §4). Without `source`, as a stateless proxy
   * sends, the way is read from the top Via.
   */
  sendResponse(response: SipResponse, source: Source | undefined, failed: Failed): void {
    const hop = source === undefined ? hopFromVia(response) : wayBack(response.via, source);
    if (hop === undefined) failed({ reason: 'The response has no usable address in its Via' });
    else this.#send(hop, response.wire, this.#orElse(response, hop, failed));
  }

  received(wire: string, source: Source): void {
    const parsed = parseMessage(wire);
    if (!parsed.ok) {
      this.#malformed(source);
      const reply = replyToMalformed(parsed.error, this.#random(8));
      if (reply !== undefined) this.#port.send(source, reply, ignore);
      return;
    }
    const message = parsed.value;
    if (source.transport === 'TLS' && message.via.has('alias') && message.kind === 'request')
      this.#port.alias?.(source.flow, message.via.host, message.via.port ?? defaultPort('TLS'));
    if (message.kind === 'request') this.#sink.requestReceived(stampVia(message, source.host, source.port), source);
    else if (this.#isOurs(message, source)) this.#sink.responseReceived(message, source);
  }

  flowClosed(flow: FlowId, remote?: Hop): void {
    this.#sink.flowClosed(flow, remote);
  }

  #orElse(response: SipResponse, hop: Hop, failed: Failed): Failed {
    const lastWays = this.#lastWays;
    if (lastWays === undefined || !LastWays.mayHelp(hop, response)) return failed;
    return (failure) => lastWays.go(response, hop, failure, failed);
  }

  /** A datagram that the network would have to cut is written shorter, where that saves it (§7.3.3, §18.1.1). */
  #send(hop: Hop, wire: string, failed: Failed): void {
    const isLong = hop.transport === 'UDP' && wire.length > MAX_DATAGRAM;
    this.#port.send(hop, isLong ? fitted(wire, MAX_DATAGRAM) : wire, failed);
  }

  /** A response whose top Via is not ours was sent here by mistake or malice and is dropped (§18.1.2). */
  #isOurs(response: SipResponse, source: Source): boolean {
    const { transport, sentBy } = response.via;
    if (this.#own.has(`${transport} ${sentBy}`)) return true;
    // Sent by us before a restart.
    const now = this.#port.sentBy(source);
    return now.transport === transport && now.sentBy.toLowerCase() === sentBy.toLowerCase();
  }

  #remember(own: string): void {
    if (this.#own.has(own)) return;
    this.#own.add(own);
    if (this.#own.size <= MAX_OWN) return;
    for (const oldest of this.#own) return void this.#own.delete(oldest);
  }
}

/** 5061 for TLS, 5060 otherwise (§18.2.2, §19.1.2); 80 and 443 for WebSocket (RFC 7118 §5). */
export function defaultPort(transport: TransportName): number {
  switch (transport) {
    case 'UDP':
    case 'TCP':
      return 5060;
    case 'TLS':
      return 5061;
    case 'WS':
      return 80;
    case 'WSS':
      return 443;
  }
}

/** Where the responses to a request go that came from `source` with `via` on top (§18.2.2, RFC 3581 §4). */
export function wayBack(via: Via, source: Source): Hop {
  const { transport, host, flow, listener } = source;
  if (transport === 'UDP' && via.has('rport')) return source;
  // Where a connection is gone, a new one is opened to the port of sent-by. `maddr` is not followed: it would let
  // anyone aim our answers at a third party.
  const hop = { transport, host, port: via.port ?? defaultPort(transport), listener, flow };
  // The name that it must prove is the one that it gave (RFC 5922 §7.2).
  return transport === 'TLS' && via.name !== undefined ? { ...hop, name: via.name } : hop;
}

const NAMES: readonly string[] = ['UDP', 'TCP', 'TLS', 'WS', 'WSS'];
const isTransportName = (name: string): name is TransportName => NAMES.includes(name);

function hopFromVia(response: SipResponse): Hop | undefined {
  const { via } = response;
  if (!isTransportName(via.transport)) return undefined;
  const host = via.address;
  if (host === undefined) return undefined;
  const rport = /^\d{1,5}$/.test(via.rport ?? '') ? Number(via.rport) : undefined;
  return { transport: via.transport, host, port: rport ?? via.port ?? defaultPort(via.transport) };
}
