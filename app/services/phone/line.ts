/**
 * One connection of an account to its server, with sockets of its own: opened to the first address that can be reached, to
 * another one where that gave no sign of life, and told of once it is gone (RFC 3263 §4.3, RFC 5626 §4.2).
 */
import { RateLimit } from '../../../proxy-core/media/index.ts';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { NodeTransport, TransportLog } from '../../../proxy-core/node/transport/node-transport.ts';
import type { FailedHops } from '../../../proxy-core/server/failed-hops.ts';
import type { SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { deltaSeconds, optionTags } from '../../../proxy-core/sip/message/parse.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import type { Hop, Source } from '../../../proxy-core/sip/transport/port.ts';
import type { Account } from '../../shared/bridge.ts';
import type { AccountFlow, OpenedFlow, RegId } from '../../shared/phone-port.ts';
import { textOf } from '../../shared/text-of.ts';
import { dial } from './dial.ts';
import { datagramEdge, type Edge, streamEdge } from './edge.ts';
import { type ServerFinder, sameHop, type Way } from './server-finder.ts';
import { localAddressTowards, openSockets, portOf } from './sockets.ts';

export interface LineOptions {
  readonly regId: RegId;
  readonly account: () => Account;
  readonly loopback: boolean;
  readonly sipPort: number | undefined;
  readonly finder: ServerFinder;
  readonly failedHops: FailedHops;
  /** Where the other line goes. */
  readonly taken: () => Hop | undefined;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly log: TransportLog;
  readonly received: (flow: AccountFlow, wire: string, source: Source, isServer: boolean) => void;
  readonly closed: (flow: AccountFlow, reason: string) => void;
}

/** Messages from outside, far more than calls of one person bring. */
const PER_SECOND = 200;
const BURST = 400;
/** Addresses tried at once; the person sees that nothing was reached before more are. */
const MAX_TRIES = 3;
/** A Retry-After is believed up to this, in seconds. */
const LONGEST_RETRY_AFTER = 600;

const SIGNED_OUT: OpenedFlow = { ok: false, reason: 'The account was signed out.' };

export class Line {
  readonly #options: LineOptions;
  /** What comes faster never reaches the window. Strangers have one of their own and cannot use up the server's. */
  readonly #fromServer = new RateLimit(PER_SECOND, BURST);
  readonly #fromOthers = new RateLimit(PER_SECOND, BURST);
  #sockets: NodeTransport | undefined;
  #localHost = '';
  #edge: Edge | undefined;
  #flow: AccountFlow | undefined;
  /** Whether anything came since it was opened last: if not, another address is tried. */
  #alive = false;
  #opening: Promise<OpenedFlow> | undefined;
  #closed = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get flow(): AccountFlow | undefined {
    return this.#flow;
  }

  get edge(): Edge | undefined {
    return this.#flow && this.#edge;
  }

  get sockets(): NodeTransport | undefined {
    return this.#sockets;
  }

  get localHost(): string {
    return this.#localHost;
  }

  /** Opens it, or gives the connection that is there when nothing has changed. */
  open(): Promise<OpenedFlow> {
    this.#opening ??= this.#open()
      .catch((error: unknown): OpenedFlow => ({ ok: false, reason: `The network cannot be used: ${textOf(error)}.` }))
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  async #open(): Promise<OpenedFlow> {
    const { finder, failedHops, account, taken } = this.#options;
    if (this.#edge !== undefined && !this.#alive) failedHops.silent(this.#edge.way.hop);
    const found = await finder.find(account());
    if (!found.ok) return found;
    const other = taken();
    const ways = this.#preferred(found.ways.filter(({ hop }) => !sameHop(hop, other)));
    const hasOther = found.ways.length > 1;
    if (ways.length === 0) return { ok: false, reason: 'There is no second way to the server.' };
    let failed: OpenedFlow = { ok: false, reason: 'The server cannot be reached.' };
    for (const way of ways.slice(0, MAX_TRIES)) {
      if (this.#closed) return SIGNED_OUT;
      failed = await this.#reach(way, hasOther);
      // Whoever is not believed must not have us go where nobody has to prove anything.
      if (failed.ok || failed.certificate !== undefined) return failed;
      failedHops.failed(way.hop);
    }
    return failed;
  }

  /** What works stays; the second line begins with the second proxy. */
  #preferred(ways: readonly Way[]): readonly Way[] {
    const now = this.#alive ? ways.filter(({ hop }) => sameHop(hop, this.#edge?.way.hop)) : [];
    const rest = ways.filter((way) => !now.includes(way));
    if (this.#options.regId === 1) return [...now, ...rest];
    return [...now, ...rest.filter(({ proxy }) => proxy > 0), ...rest.filter(({ proxy }) => proxy === 0)];
  }

  async #reach(way: Way, hasOther: boolean): Promise<OpenedFlow> {
    const { hop } = way;
    const localHost = await this.#localTowards(hop);
    if (localHost === undefined) return { ok: false, reason: 'This computer has no network that reaches the server.' };
    const before = this.#edge;
    const isSame = before !== undefined && this.#localHost === localHost && sameHop(before.way.hop, hop);
    if (isSame && this.#flow !== undefined && this.#alive) return this.#opened(before, hasOther);
    const sockets = await this.#socketsOn(localHost);
    if (sockets === undefined) return SIGNED_OUT;
    const edge = await this.#connect(way, sockets, localHost);
    if ('ok' in edge) return edge;
    if (this.#closed) {
      edge.close();
      return SIGNED_OUT;
    }
    before?.close();
    this.#edge = edge;
    return this.#opened(edge, hasOther);
  }

  async #connect(way: Way, sockets: NodeTransport, localHost: string): Promise<Edge | (OpenedFlow & { ok: false })> {
    const { account, clock, random } = this.#options;
    let edge: Edge | undefined;
    const ended = (reason: string): void => {
      if (edge !== undefined && edge === this.#edge) this.lost(reason);
    };
    if (way.hop.transport === 'UDP') {
      edge = datagramEdge({ way, clock, random, ended }, sockets, localHost, portOf(sockets, 'UDP'));
      return edge;
    }
    const dialed = await dial(way, account().trusted ?? [], localHost);
    if (!dialed.ok) {
      const { certificate } = dialed;
      if (certificate !== undefined) return { ok: false, reason: dialed.reason, certificate };
      return { ok: false, reason: `The server cannot be reached: ${dialed.reason}.` };
    }
    const received = (wire: string, source: Source): void => {
      if (edge !== undefined && edge === this.#edge) this.#received(wire, source);
    };
    edge = streamEdge({ way, clock, random, ended, received }, dialed);
    return edge;
  }

  #opened(edge: Edge, hasOther: boolean): OpenedFlow {
    const { account, random } = this.#options;
    const { way, localHost, localPort } = edge;
    const { transport, host: remoteHost, port: remotePort } = way.hop;
    const before = this.#flow;
    const isSame = before?.transport === transport && before.localHost === localHost && before.localPort === localPort;
    this.#alive = false;
    this.#flow = {
      ...{ accountId: account().id, flowId: isSame ? before.flowId : random(8), transport, localHost, localPort },
      ...{ remoteHost, remotePort, proxy: way.proxy, hasOther },
    };
    return { ok: true, flow: this.#flow };
  }

  #localTowards(hop: Hop): Promise<string | undefined> {
    if (!this.#options.loopback) return localAddressTowards(hop).catch(() => undefined);
    return Promise.resolve(hop.host.includes(':') ? '::1' : '127.0.0.1');
  }

  /** Undefined where the account was signed out meanwhile. */
  async #socketsOn(localHost: string): Promise<NodeTransport | undefined> {
    if (this.#sockets !== undefined && this.#localHost === localHost) return this.#sockets;
    const before = this.#sockets;
    this.#sockets = undefined;
    this.#flow = undefined;
    await before?.close();
    const { log, sipPort } = this.#options;
    const stun = (data: Buffer, host: string, port: number): void => {
      const hop = this.#edge?.way.hop;
      if (hop?.host === host && hop.port === port) this.#edge?.keepAlive?.stun(data);
    };
    const sockets = await openSockets(localHost, this.#sink, log, stun, sipPort);
    if (this.#closed) {
      await sockets.close();
      return undefined;
    }
    this.#sockets = sockets;
    this.#localHost = localHost;
    return sockets;
  }

  readonly #sink = {
    received: (wire: string, source: Source): void => this.#received(wire, source),
    flowClosed: (): void => {},
  };

  #received(wire: string, source: Source): void {
    const flow = this.#flow;
    if (flow === undefined || (this.#options.loopback && !isLoopback(source.host))) return;
    const hop = this.#edge?.way.hop;
    const isServer = hop !== undefined && hop.host === source.host && hop.port === source.port;
    if (!(isServer ? this.#fromServer : this.#fromOthers).take(this.#options.clock.now())) return;
    if (isServer) this.#alive = true;
    this.#options.received(flow, wire, source, isServer);
  }

  /** An answer of the server to a REGISTER of ours says what the server can do, and whether it wants us at all. */
  registered(response: SipResponse): void {
    const hop = this.#edge?.way.hop;
    if (hop === undefined) return;
    const { failedHops } = this.#options;
    if (response.status === 503) {
      // A comment may follow (RFC 3261 §20.33).
      const seconds = Number.parseInt(response.header(H.RetryAfter) ?? '', 10);
      failedHops.failed(hop, seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER) * 1_000 : undefined);
      this.#alive = false;
      return;
    }
    failedHops.worked(hop);
    if (response.status < 200 || response.status > 299 || !optionTags(response, H.Require).includes('outbound')) return;
    this.#edge?.keepAlive?.promised(deltaSeconds(response.header(H.FlowTimer)));
  }

  lost(reason: string): void {
    const flow = this.#flow;
    this.#flow = undefined;
    this.#edge?.close();
    this.#edge = undefined;
    this.#alive = false;
    if (flow !== undefined) this.#options.closed(flow, reason);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#flow = undefined;
    this.#edge?.close();
    this.#edge = undefined;
    const sockets = this.#sockets;
    this.#sockets = undefined;
    await sockets?.close();
  }
}
