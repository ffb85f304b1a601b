/**
 * Where the requests and answers of an account go, and by what: over its connection to the server, or to where the peers of
 * a call asked to be reached; long ones by TCP where the other side takes it (RFC 3261 §8.1.2, §18.1.1, §18.2.2).
 */
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { NodeTransport } from '../../../proxy-core/node/transport/node-transport.ts';
import type { Resolve } from '../../../proxy-core/server/parts.ts';
import { editRequest } from '../../../proxy-core/sip/message/edit.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { Via } from '../../../proxy-core/sip/message/via.ts';
import { type Hop, isSecure, type TransportFailure } from '../../../proxy-core/sip/transport/port.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Edge } from './edge.ts';
import type { KnownWays } from './known-ways.ts';
import { sameHop } from './server-finder.ts';

export type SendResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface OutgoingOptions {
  readonly edge: () => Edge | undefined;
  readonly sockets: () => NodeTransport | undefined;
  readonly ways: KnownWays;
  readonly loopback: boolean;
  readonly resolve: Resolve;
  /** Addresses of the server itself where requests go past the proxies; undefined where they do not. */
  readonly home: () => Promise<readonly Hop[]> | undefined;
  readonly now: () => number;
  /** Whether a request may go to this computer although its server is not here. */
  readonly mayStayHere?: (request: SipRequest) => boolean;
  /** The connection to the server broke under a request. */
  readonly lost: (reason: string) => void;
}

/** Larger requests go by TCP where the server takes it: a datagram might be cut (§18.1.1). */
const DATAGRAM_LIMIT = 1_300;
/** For how long a server that took no TCP connection is not asked again. */
const NO_TCP_MS = 10 * 60_000;
/** How long `send` waits for the system to refuse. */
const FAILS_WITHIN_MS = 25;

/** The connection to the server, or an address that the sockets send to. */
type To = { readonly edge: Edge } | { readonly hop: Hop };

export class Outgoing {
  readonly #options: OutgoingOptions;
  /** Where each transaction of ours went, so that CANCEL, ACK and resends go the same way (§9.1, §17.1.1.3). */
  readonly #sentTo = new BoundedMap<string, To>(2_000);
  /** Requests that went by TCP although the window believes in UDP: its resends are needless. */
  readonly #streamed = new BoundedMap<string, true>(2_000);
  #noTcpUntil = 0;

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  async respond(response: SipResponse): Promise<SendResult> {
    const hop = this.#options.ways.wayBack(response);
    if (hop === undefined) return { ok: false, reason: 'Nobody waits for this answer.' };
    const edge = this.#options.edge();
    // Where the connection is gone by which the request came, there may be another to the same server (§18.2.2).
    const isEdge =
      edge !== undefined && edge.flow !== undefined && (hop.flow === edge.flow || sameHop(hop, edge.way.hop));
    const to = isEdge ? { edge } : { hop };
    return this.#deliver(to, response.wire);
  }

  async request(request: SipRequest): Promise<SendResult> {
    const { branch } = request.via;
    const known = this.#present(this.#sentTo.get(branch));
    const found = known === undefined ? await this.#find(request) : { ok: true as const, to: known };
    if (!found.ok) return found;
    const { to } = found;
    // The window would not ask for it; whoever calls by `sips:` is promised that nobody can listen (RFC 3261 §26.2.2).
    if (request.uri.scheme === 'sips' && !isSecure(hopOf(to).transport))
      return { ok: false, reason: 'Addresses with sips: can only be reached by TLS or WSS.' };
    const key = `${branch} ${request.method}`;
    if (this.#streamed.get(key) === true) return { ok: true };
    this.#sentTo.set(branch, to);
    const hop = hopOf(to);
    const isLong = hop.transport === 'UDP' && request.wire.length > DATAGRAM_LIMIT;
    if (!isLong || known !== undefined || this.#options.now() < this.#noTcpUntil) {
      return this.#deliver(to, carriedBy(request, hop));
    }
    const stream: Hop = { transport: 'TCP', host: hop.host, port: hop.port };
    this.#sentTo.set(branch, { hop: stream });
    this.#streamed.set(key, true);
    return this.#deliver({ hop: stream }, carriedBy(request, stream), () => {
      this.#noTcpUntil = this.#options.now() + NO_TCP_MS;
      this.#sentTo.set(branch, to);
      this.#streamed.delete(key);
      return this.#deliver(to, carriedBy(request, hop));
    });
  }

  /** The server is at the end of the connection that there is now. */
  #present(known: To | undefined): To | undefined {
    const edge = this.#options.edge();
    return known !== undefined && 'edge' in known && edge !== undefined ? { edge } : known;
  }

  async #find(request: SipRequest): Promise<{ ok: true; to: To } | { ok: false; reason: string }> {
    const { ways, resolve, home } = this.#options;
    const edge = this.#options.edge();
    const destination = ways.destination(request);
    if (destination.to === 'nowhere') return { ok: false, reason: destination.reason };
    const isRegister = request.method === 'REGISTER';
    if (destination.to === 'server') {
      const past = isRegister || request.header(H.Route) !== undefined ? undefined : home();
      const hop = past === undefined ? undefined : (await past).find((one) => this.#mayReach(one, edge, request));
      if (hop !== undefined) return { ok: true, to: isBehind(hop, edge) ? { edge } : { hop } };
      return edge === undefined ? { ok: false, reason: 'There is no server.' } : { ok: true, to: { edge } };
    }
    const hops = await resolve(destination.uri);
    const hop = hops.find((one) => isBehind(one, edge) || this.#mayReach(one, edge, request));
    if (edge !== undefined && hop !== undefined && isBehind(hop, edge)) return { ok: true, to: { edge } };
    if (hop !== undefined) return { ok: true, to: { hop } };
    // A name for itself that only the server understands.
    const isName = !/^(?:\[|[\d.]+$)/.test(destination.uri.host);
    if (edge !== undefined && isName && hops.length === 0) return { ok: true, to: { edge } };
    return { ok: false, reason: `${destination.uri.host} cannot be reached from here.` };
  }

  /** A peer may not aim our messages at this computer or at many, unless the server is on this computer too. */
  #mayReach({ host, port, transport }: Hop, edge: Edge | undefined, request: SipRequest): boolean {
    if (port < 1 || transport === 'WS' || transport === 'WSS') return false;
    const { mayStayHere } = this.#options;
    if (isLoopback(host)) {
      return mayStayHere?.(request) ?? (edge !== undefined && isLoopback(edge.way.hop.host));
    }
    return !this.#options.loopback && !/^(?:0|22[4-9]|23\d|255)\.|^ff|^::$|^fe80/i.test(host);
  }

  /** @param instead what is done where it fails, in place of saying so. */
  #deliver(to: To, wire: string, instead?: () => Promise<SendResult>): Promise<SendResult> {
    return new Promise((resolve) => {
      const done = setTimeout(() => resolve({ ok: true }), FAILS_WITHIN_MS);
      const failed = ({ reason }: TransportFailure): void => {
        clearTimeout(done);
        if (instead !== undefined) {
          instead().then(resolve, () => resolve({ ok: false, reason }));
          return;
        }
        const sentence = `The server cannot be reached: ${reason}.`;
        resolve({ ok: false, reason: sentence });
        if ('edge' in to && to.edge.flow !== undefined && to.edge === this.#options.edge())
          this.#options.lost(sentence);
      };
      const sockets = this.#options.sockets();
      if ('edge' in to) to.edge.send(wire, failed);
      else if (sockets !== undefined) sockets.send(to.hop, wire, failed);
      else failed({ reason: 'the connection was closed' });
    });
  }
}

/**
 * Whether `hop` is the server at the other end of the connection. Whatever else of it is named, a protected connection is
 * not left for one that is not, and behind a WebSocket nobody can be reached but by it.
 */
function isBehind(hop: Hop, edge: Edge | undefined): edge is Edge {
  const server = edge?.way.hop;
  if (server === undefined || server.host !== hop.host) return false;
  return sameHop(hop, server) || (server.transport !== 'UDP' && server.transport !== 'TCP');
}

const hopOf = (to: To): Hop => ('edge' in to ? to.edge.way.hop : to.hop);

/** The Via must name the transport that is used (§18.1.1); the window is not told, and its answers are put back. */
function carriedBy(request: SipRequest, hop: Hop): string {
  if (request.via.transport === hop.transport) return request.wire;
  const { host, port, params } = request.via;
  return editRequest(request)
    .replaceFirst(H.Via, new Via(hop.transport, host, port, params).toString())
    .toWire();
}
