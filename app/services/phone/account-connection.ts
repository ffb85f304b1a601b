/**
 * One account on the network: finds its server, holds its sockets, and lets out only what goes to that server or to where
 * the peers of a call asked to be reached (RFC 3261 §8.1.2, §18.1.1, §18.2.2; RFC 5626 §4.4.1 for keeping NATs open).
 */
import { RateLimit } from '../../../proxy-core/media/index.ts';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { NodeTransport, TransportLog } from '../../../proxy-core/node/transport/node-transport.ts';
import type { Resolve } from '../../../proxy-core/server/parts.ts';
import { parseUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { replyToMalformed } from '../../../proxy-core/sip/message/build.ts';
import { editRequest, editResponse } from '../../../proxy-core/sip/message/edit.ts';
import type { SipRequest } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../proxy-core/sip/message/parse.ts';
import { Via } from '../../../proxy-core/sip/message/via.ts';
import type { FlowId, Hop, Source } from '../../../proxy-core/sip/transport/port.ts';
import type { Account } from '../../shared/bridge.ts';
import type { AccountFlow } from '../../shared/phone-port.ts';
import { readServer } from '../../shared/server-address.ts';
import { BoundedMap } from './bounded-map.ts';
import { Descriptions } from './descriptions.ts';
import { KnownWays } from './known-ways.ts';
import { addressForPeers, localAddressTowards, openSockets, portOf } from './sockets.ts';

export interface ConnectionOptions {
  readonly account: Account;
  readonly loopback: boolean;
  /** Where it listens; any free port without it. */
  readonly sipPort?: number | undefined;
  readonly resolve: Resolve;
  readonly random: (bytes: number) => string;
  readonly log: TransportLog;
  readonly received: (flow: AccountFlow, wire: string, source: Source) => void;
  readonly closed: (flow: AccountFlow, reason: string) => void;
}

export type Opened =
  | { readonly ok: true; readonly flow: AccountFlow }
  | { readonly ok: false; readonly reason: string };
export type SendResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Larger requests go by TCP where the server takes it: a datagram might be cut (§18.1.1). */
const DATAGRAM_LIMIT = 1_300;
const MAX_MESSAGE = 65_535;
/** Messages from outside, far more than calls of one person bring. */
const PER_SECOND = 200;
const BURST = 400;
const KEEP_ALIVE_MS = 25_000;
/** For how long a server that took no TCP connection is not asked again. */
const NO_TCP_MS = 10 * 60_000;
/** How long `send` waits for the system to refuse. */
const FAILS_WITHIN_MS = 25;

export class AccountConnection {
  readonly descriptions = new Descriptions();
  readonly #options: ConnectionOptions;
  readonly #ways = new KnownWays();
  /** Where each transaction of ours went, so that CANCEL, ACK and resends go the same way (§9.1, §17.1.1.3). */
  readonly #sentTo = new BoundedMap<string, Hop>(2_000);
  /** Requests that went by TCP although the window believes in UDP: its resends are needless. */
  readonly #streamed = new BoundedMap<string, true>(2_000);
  /** What comes faster never reaches the window. Strangers have one of their own and cannot use up the server's. */
  readonly #fromServer = new RateLimit(PER_SECOND, BURST);
  readonly #fromOthers = new RateLimit(PER_SECOND, BURST);
  #transport: NodeTransport | undefined;
  #server: Hop | undefined;
  #localHost = '';
  #soundHost = '';
  #flow: AccountFlow | undefined;
  #hops: readonly Hop[] = [];
  #hopIndex = 0;
  /** Whether anything came since the account was opened last: if not, its next address is tried. */
  #alive = false;
  #serverFlow: FlowId | undefined;
  #noTcpUntil = 0;
  #keepAlive: NodeJS.Timeout | undefined;
  #opening: Promise<Opened> | undefined;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get account(): Account {
    return this.#options.account;
  }

  /** Where peers send sound to; undefined while there is no connection. */
  get soundHost(): string | undefined {
    return this.#flow && this.#soundHost;
  }

  /** Whether these are our sockets for SIP, which no sound goes to. */
  listensOn({ address, port }: { readonly address: string; readonly port: number }): boolean {
    return this.#flow?.localPort === port && this.#localHost === address;
  }

  /** Opens the connection, or gives the one that is there when our address has not changed. */
  open(): Promise<Opened> {
    this.#opening ??= this.#open()
      .catch((error: unknown): Opened => ({ ok: false, reason: `The network cannot be used: ${textOf(error)}.` }))
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  async #open(): Promise<Opened> {
    const found = await this.#findServer();
    if (!found.ok) return found;
    const { hop } = found;
    const localHost = this.#options.loopback
      ? hop.host.includes(':')
        ? '::1'
        : '127.0.0.1'
      : await localAddressTowards(hop).catch(() => undefined);
    if (localHost === undefined) return { ok: false, reason: 'This computer has no network that reaches the server.' };
    const soundHost = this.#options.loopback ? localHost : await addressForPeers(localHost);
    if (this.#closed) return { ok: false, reason: 'The account was signed out.' };
    this.#soundHost = soundHost;
    if (this.#transport === undefined || this.#localHost !== localHost) {
      const before = this.#transport;
      this.#transport = undefined;
      this.#flow = undefined;
      await before?.close();
      const transport = await openSockets(localHost, this.#sink, this.#options.log, this.#options.sipPort);
      if (this.#closed) {
        await transport.close();
        return { ok: false, reason: 'The account was signed out.' };
      }
      this.#transport = transport;
      this.#localHost = localHost;
    }
    this.#server = hop;
    this.#alive = false;
    this.#keepOpen(hop);
    const protocol = hop.transport === 'TCP' ? 'TCP' : 'UDP';
    if (this.#flow?.transport !== protocol) {
      this.#flow = {
        accountId: this.account.id,
        flowId: this.#options.random(8),
        transport: protocol,
        localHost,
        localPort: portOf(this.#transport, protocol),
      };
    }
    return { ok: true, flow: this.#flow };
  }

  async #findServer(): Promise<{ ok: true; hop: Hop } | { ok: false; reason: string }> {
    const { account, loopback, resolve } = this.#options;
    const typed = account.outboundProxy.trim() === '' ? account.server : account.outboundProxy;
    const read = readServer(typed);
    if (!read.ok) return read;
    const { host, port, transport } = read.value;
    const suffix = transport === undefined ? '' : `;transport=${transport.toLowerCase()}`;
    const uri = parseUri(`sip:${host}${port === undefined ? '' : `:${port}`}${suffix}`);
    if (!uri.ok) return { ok: false, reason: `${typed} is not a server.` };
    const hops = (await resolve(uri.value)).filter((hop) => hop.port > 0 && (!loopback || isLoopback(hop.host)));
    if (hops.length === 0) {
      return loopback
        ? { ok: false, reason: `Only servers on this computer (127.0.0.1) can be reached now; ${host} is none.` }
        : { ok: false, reason: `The server ${host} cannot be found.` };
    }
    // The addresses of one name are tried in turn, the next one where the last gave no sign of life.
    const same = hops.length === this.#hops.length && hops.every((hop, i) => sameHop(hop, this.#hops[i]));
    this.#hopIndex = same && !this.#alive ? (this.#hopIndex + 1) % hops.length : 0;
    if (same && this.#alive)
      this.#hopIndex = Math.max(
        0,
        hops.findIndex((hop) => sameHop(hop, this.#server)),
      );
    this.#hops = hops;
    const hop = hops[this.#hopIndex];
    return hop === undefined ? { ok: false, reason: `The server ${host} cannot be found.` } : { ok: true, hop };
  }

  /** Sends one message of the window. Where it goes is decided here. */
  async send(flowId: string, wire: string): Promise<SendResult> {
    const transport = this.#transport;
    if (transport === undefined || this.#flow?.flowId !== flowId) {
      return { ok: false, reason: 'This connection to the server is no longer there.' };
    }
    if (typeof wire !== 'string' || wire.length > MAX_MESSAGE)
      return { ok: false, reason: 'The message is too large.' };
    const parsed = parseMessage(wire);
    if (!parsed.ok) return { ok: false, reason: `The message cannot be read: ${parsed.error.reason}.` };
    const message = parsed.value;
    if (!this.descriptions.mayLeave(message)) {
      return { ok: false, reason: 'The message describes sound that this phone does not have.' };
    }
    this.#ways.sending(message.callId);
    if (message.kind === 'response') {
      const hop = this.#ways.wayBack(message);
      if (hop === undefined) return { ok: false, reason: 'Nobody waits for this answer.' };
      return this.#deliver(transport, hop, message.wire);
    }
    const found = await this.#hopFor(message);
    if (!found.ok) return found;
    if (this.#transport !== transport) return { ok: false, reason: 'The connection was replaced.' };
    return this.#sendRequest(transport, message, found.hop);
  }

  async #hopFor(request: SipRequest): Promise<{ ok: true; hop: Hop } | { ok: false; reason: string }> {
    const earlier = this.#sentTo.get(request.via.branch);
    if (earlier !== undefined) return { ok: true, hop: earlier };
    const destination = this.#ways.destination(request);
    const server = this.#server;
    switch (destination.to) {
      case 'nowhere':
        return { ok: false, reason: destination.reason };
      case 'server':
        return server === undefined ? { ok: false, reason: 'There is no server.' } : { ok: true, hop: server };
      case 'uri': {
        const hops = await this.#options.resolve(destination.uri);
        const hop = hops.find((one) => this.#mayReach(one));
        return hop === undefined
          ? { ok: false, reason: `${destination.uri.host} cannot be reached from here.` }
          : { ok: true, hop };
      }
    }
  }

  /** A peer may not aim our messages at this computer or at many, unless the server is on this computer too. */
  #mayReach({ host, port, transport }: Hop): boolean {
    if (port < 1 || (transport !== 'UDP' && transport !== 'TCP')) return false;
    if (isLoopback(host)) return this.#server !== undefined && isLoopback(this.#server.host);
    return !this.#options.loopback && !/^(?:0|22[4-9]|23\d|255)\.|^ff|^::$|^fe80/i.test(host);
  }

  #sendRequest(transport: NodeTransport, request: SipRequest, hop: Hop): Promise<SendResult> {
    const { branch } = request.via;
    const key = `${branch} ${request.method}`;
    if (this.#streamed.get(key) === true) return Promise.resolve({ ok: true });
    const known = this.#sentTo.get(branch);
    this.#sentTo.set(branch, hop);
    if (hop.transport !== 'UDP' || request.wire.length <= DATAGRAM_LIMIT || Date.now() < this.#noTcpUntil) {
      return this.#deliver(transport, hop, this.#carriedBy(request, hop));
    }
    if (known !== undefined) return this.#deliver(transport, hop, request.wire);
    const stream: Hop = { ...hop, transport: 'TCP' };
    this.#sentTo.set(branch, stream);
    this.#streamed.set(key, true);
    return new Promise((resolve) => {
      const wire = this.#carriedBy(request, stream);
      const done = setTimeout(() => resolve({ ok: true }), FAILS_WITHIN_MS);
      transport.send(stream, wire, () => {
        clearTimeout(done);
        this.#noTcpUntil = Date.now() + NO_TCP_MS;
        this.#sentTo.set(branch, hop);
        this.#streamed.delete(key);
        this.#deliver(transport, hop, request.wire).then(resolve, resolve);
      });
    });
  }

  /** The Via must name the transport that is used (§18.1.1); the window is not told, and its answers are put back. */
  #carriedBy(request: SipRequest, hop: Hop): string {
    if (request.via.transport === hop.transport) return request.wire;
    const { host, port, params } = request.via;
    return editRequest(request)
      .replaceFirst(H.Via, new Via(hop.transport, host, port, params).toString())
      .toWire();
  }

  #deliver(transport: NodeTransport, hop: Hop, wire: string): Promise<SendResult> {
    return new Promise((resolve) => {
      const done = setTimeout(() => resolve({ ok: true }), FAILS_WITHIN_MS);
      transport.send(hop, wire, ({ reason }) => {
        clearTimeout(done);
        resolve({ ok: false, reason: `The server cannot be reached: ${reason}.` });
        if (hop.transport === 'TCP' && sameHop(hop, this.#server))
          this.#lost(`The server cannot be reached: ${reason}.`);
      });
    });
  }

  readonly #sink = {
    received: (wire: string, source: Source): void => this.#received(wire, source),
    flowClosed: (flow: FlowId): void => {
      if (flow === this.#serverFlow) this.#lost('The server closed the connection.');
    },
  };

  #received(wire: string, source: Source): void {
    const flow = this.#flow;
    if (flow === undefined) return;
    if (this.#options.loopback && !isLoopback(source.host)) return;
    const server = this.#server;
    const isServer = server !== undefined && server.host === source.host && server.port === source.port;
    if (!(isServer ? this.#fromServer : this.#fromOthers).take(Date.now())) return;
    const parsed = parseMessage(wire);
    if (!parsed.ok) {
      const reply = replyToMalformed(parsed.error, this.#options.random(8));
      if (reply !== undefined) this.#transport?.send(source, reply, () => {});
      return;
    }
    const message = parsed.value;
    if (isServer) {
      this.#alive = true;
      if (source.transport === 'TCP' && server?.transport === 'TCP') this.#serverFlow = source.flow;
    }
    this.#ways.heard(message, source, isServer);
    this.descriptions.heard(message);
    const { via } = message;
    const foreign = message.kind === 'response' && via.transport !== flow.transport;
    const text = foreign
      ? editResponse(message)
          .replaceFirst(H.Via, new Via(flow.transport, via.host, via.port, via.params).toString())
          .toWire()
      : message.wire;
    this.#options.received(flow, text, source);
  }

  #lost(reason: string): void {
    const flow = this.#flow;
    this.#flow = undefined;
    this.#serverFlow = undefined;
    if (flow !== undefined) this.#options.closed(flow, reason);
  }

  /** Two empty lines now and then keep the way back through a NAT open. */
  #keepOpen(hop: Hop): void {
    clearInterval(this.#keepAlive);
    if (isLoopback(hop.host)) return;
    this.#keepAlive = setInterval(() => {
      if (this.#flow !== undefined) this.#transport?.send(hop, '\r\n\r\n', () => {});
    }, KEEP_ALIVE_MS);
    this.#keepAlive.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#keepAlive);
    this.#flow = undefined;
    const transport = this.#transport;
    this.#transport = undefined;
    await transport?.close();
  }
}

const sameHop = (a: Hop, b: Hop | undefined): boolean =>
  b !== undefined && a.host === b.host && a.port === b.port && a.transport === b.transport;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
