/**
 * One account on the network: one or two lines to its servers (RFC 5626), and what keeps the window from sending to anybody
 * but those servers and the peers of a call.
 */

import { namedHops } from '../../../proxy-core/node/tls/named-hops.ts';
import type { NodeTransport, TransportLog } from '../../../proxy-core/node/transport/node-transport.ts';
import type { FailedHops } from '../../../proxy-core/server/failed-hops.ts';
import type { Resolve } from '../../../proxy-core/server/parts.ts';
import { replyToMalformed } from '../../../proxy-core/sip/message/build.ts';
import { editResponse } from '../../../proxy-core/sip/message/edit.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../proxy-core/sip/message/parse.ts';
import { Via } from '../../../proxy-core/sip/message/via.ts';
import type { Clock } from '../../../proxy-core/sip/transaction/clock.ts';
import type { Hop, Source } from '../../../proxy-core/sip/transport/port.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import type { AccountFlow, OpenedFlow, RegId } from '../../shared/phone-port.ts';
import type { Connection } from './connection.ts';
import { Descriptions } from './descriptions.ts';
import { KnownWays } from './known-ways.ts';
import { Line } from './line.ts';
import { Outgoing, type SendResult } from './outgoing.ts';
import { ServerFinder } from './server-finder.ts';
import { addressForPeers, localAddressTowards } from './sockets.ts';
import { presentHost } from './sound-host.ts';
import { readWindowMessage } from './window-message.ts';

export interface ConnectionOptions {
  readonly account: Account;
  readonly loopback: boolean;
  /** Where it listens; any free port without it. */
  readonly sipPort?: number | undefined;
  readonly resolve: Resolve;
  readonly failedHops: FailedHops;
  readonly clock: Clock;
  readonly random: (bytes: number) => string;
  readonly log: TransportLog;
  readonly received: (flow: AccountFlow, wire: string, source: Source) => void;
  readonly closed: (flow: AccountFlow, reason: string) => void;
}

const REG_IDS: readonly RegId[] = [1, 2];

interface End {
  readonly line: Line;
  readonly outgoing: Outgoing;
}

export class AccountConnection implements Connection {
  readonly descriptions = new Descriptions();
  readonly #options: ConnectionOptions;
  readonly #finder: ServerFinder;
  readonly #resolve: Resolve;
  readonly #ways = new KnownWays();
  readonly #ends = new Map<RegId, End>();
  #account: Account;
  #soundHost = '';

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#account = options.account;
    this.#resolve = namedHops(options.resolve);
    this.#finder = new ServerFinder({ ...options, resolve: this.#resolve });
  }

  get account(): Account {
    return this.#account;
  }

  reconfigure(account: Account): void {
    this.#account = account;
  }

  async soundHost(): Promise<string | undefined> {
    const hop = this.#lines().find(({ flow }) => flow !== undefined)?.edge?.way.hop;
    if (hop === undefined || this.#options.loopback) return hop && this.#soundHost;
    return presentHost(this.#soundHost, async () => addressForPeers(await localAddressTowards(hop)));
  }

  /** The server leads everywhere. */
  async lineTowards(): Promise<RegId> {
    return 1;
  }

  listensOn({ address, port }: { readonly address: string; readonly port: number }): boolean {
    return this.#lines().some(({ sockets }) => sockets !== undefined && hasListener(sockets, address, port));
  }

  async open(regId: RegId): Promise<OpenedFlow> {
    const { line } = this.#end(regId);
    const opened = await line.open();
    if (!opened.ok) return opened;
    const { loopback } = this.#options;
    const soundHost = loopback ? line.localHost : await addressForPeers(line.localHost);
    this.#soundHost = soundHost;
    return line.flow === undefined ? { ok: false, reason: 'The connection ended at once.' } : opened;
  }

  async send(flowId: string, wire: string): Promise<SendResult> {
    const end = [...this.#ends.values()].find(({ line }) => line.flow?.flowId === flowId);
    if (end === undefined) return { ok: false, reason: 'This connection to the server is no longer there.' };
    const read = readWindowMessage(wire, this.descriptions);
    if (!read.ok) return read;
    const { message } = read;
    this.#ways.sending(message.callId);
    return message.kind === 'response' ? end.outgoing.respond(message) : end.outgoing.request(message);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines().map((line) => line.close()));
  }

  #lines(): Line[] {
    return [...this.#ends.values()].map(({ line }) => line);
  }

  #end(regId: RegId): End {
    const known = this.#ends.get(regId);
    if (known !== undefined) return known;
    const { loopback, sipPort, failedHops, clock, random, log, closed } = this.#options;
    const others = REG_IDS.filter((other) => other !== regId);
    const line = new Line({
      ...{ regId, loopback, failedHops, clock, random, log, closed, finder: this.#finder },
      account: () => this.#account,
      sipPort: regId === 1 ? sipPort : undefined,
      taken: () => others.map((other) => this.#ends.get(other)?.line.edge?.way.hop).find((hop) => hop !== undefined),
      received: (flow, wire, source, isServer) => this.#received(line, flow, wire, source, isServer),
    });
    const outgoing = new Outgoing({
      ...{ ways: this.#ways, loopback, resolve: this.#resolve, now: () => clock.now() },
      edge: () => line.edge,
      sockets: () => line.sockets,
      home: () => this.#home(),
      lost: (reason) => line.lost(reason),
    });
    const end = { line, outgoing };
    this.#ends.set(regId, end);
    return end;
  }

  #home(): Promise<readonly Hop[]> | undefined {
    const { outboundProxy } = this.#account;
    const { proxyUse } = accountSettingsOf(this.#account);
    if (proxyUse !== 'registration' || outboundProxy.trim() === '') return undefined;
    return this.#finder.home(this.#account).then((found) => (found.ok ? found.ways.map(({ hop }) => hop) : []));
  }

  #received(line: Line, flow: AccountFlow, wire: string, source: Source, isServer: boolean): void {
    const parsed = parseMessage(wire);
    if (!parsed.ok) {
      const reply = replyToMalformed(parsed.error, this.#options.random(8));
      if (reply === undefined) return;
      // Who does not hear of it sends it again.
      if (line.edge?.flow === source.flow) line.edge.send(reply, () => {});
      else line.sockets?.send(source, reply, () => {});
      return;
    }
    const message = parsed.value;
    if (isServer && message.kind === 'response' && message.cseqMethod === 'REGISTER') {
      line.registered(message);
      this.#ways.registered(message);
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
}

const hasListener = ({ listeners }: NodeTransport, address: string, port: number): boolean =>
  listeners.some((name) => name.endsWith(`//${address.includes(':') ? `[${address}]` : address}:${port}`));
