/**
 * An account without a registrar on the network: it listens on one port, by UDP and TCP, for whoever knows its address, and
 * calls others at theirs: one line by IPv4, and one by IPv6 where the computer has that.
 */
import { isIP } from 'node:net';
import { RateLimit } from '../../../proxy-core/media/index.ts';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { NodeTransport } from '../../../proxy-core/node/transport/node-transport.ts';
import type { Resolve } from '../../../proxy-core/server/parts.ts';
import { parseUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { replyToMalformed } from '../../../proxy-core/sip/message/build.ts';
import { editResponse } from '../../../proxy-core/sip/message/edit.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../proxy-core/sip/message/parse.ts';
import { Via } from '../../../proxy-core/sip/message/via.ts';
import type { Source } from '../../../proxy-core/sip/transport/port.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import type { AccountFlow, OpenedFlow, RegId } from '../../shared/phone-port.ts';
import { textOf } from '../../shared/text-of.ts';
import type { ConnectionOptions } from './account-connection.ts';
import type { Connection } from './connection.ts';
import { Descriptions } from './descriptions.ts';
import { FAMILY, lineTo } from './direct-lines.ts';
import { DirectWays } from './direct-ways.ts';
import { Outgoing, type SendResult } from './outgoing.ts';
import { addressForPeers, openSockets, portOf } from './sockets.ts';
import { presentHost } from './sound-host.ts';
import { readWindowMessage } from './window-message.ts';

/** Where the search for a free port begins: the port of SIP, and those after it. */
const FIRST_PORT = 5_060;
const PORTS = 100;
/** Where each line listens: the first by IPv4, the second by IPv6. */
const LOOPBACK: Readonly<Record<RegId, string>> = { 1: '127.0.0.1', 2: '::1' };
const EVERYWHERE: Readonly<Record<RegId, string>> = { 1: '0.0.0.0', 2: '::' };
/** Messages from outside: far more than calls of one person bring, and of one stranger no more than a part of it. */
const PER_SECOND = 200;
const BURST = 400;
const TAKES_STUN = (): void => {};

interface End {
  readonly outgoing: Outgoing;
  sockets: NodeTransport | undefined;
  flow: AccountFlow | undefined;
  opening: Promise<OpenedFlow> | undefined;
}

export class DirectConnection implements Connection {
  readonly descriptions = new Descriptions();
  readonly #options: ConnectionOptions;
  readonly #ways = new DirectWays();
  readonly #ends: Readonly<Record<RegId, End>>;
  readonly #strangers = new RateLimit(PER_SECOND, BURST);
  #account: Account;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#account = options.account;
    this.#ends = { 1: this.#end(1), 2: this.#end(2) };
  }

  get account(): Account {
    return this.#account;
  }

  reconfigure(account: Account): void {
    this.#account = account;
  }

  async soundHost(regId: RegId): Promise<string | undefined> {
    const known = this.#ends[regId].flow?.localHost;
    if (known === undefined || this.#options.loopback) return known ?? '';
    return presentHost(known, () => addressForPeers(LOOPBACK[regId]));
  }

  listensOn({ port }: { readonly address: string; readonly port: number }): boolean {
    return this.#all.some(({ flow }) => flow?.localPort === port);
  }

  /** Where the computer has no IPv6, there is no second line, and the first does without. */
  open(regId: RegId): Promise<OpenedFlow> {
    const end = this.#ends[regId];
    end.opening ??= this.#open(regId)
      .catch((error: unknown): OpenedFlow => ({ ok: false, reason: `This computer cannot listen: ${textOf(error)}.` }))
      .finally(() => {
        end.opening = undefined;
      });
    return end.opening;
  }

  async #open(regId: RegId): Promise<OpenedFlow> {
    const { loopback, random } = this.#options;
    const end = this.#ends[regId];
    const localHost = loopback ? LOOPBACK[regId] : await addressForPeers(LOOPBACK[regId]);
    end.sockets ??= await this.#listen(regId);
    const { sockets } = end;
    if (this.#closed) {
      await sockets.close();
      return { ok: false, reason: 'The account was signed out.' };
    }
    end.flow = {
      ...{ accountId: this.#account.id, flowId: end.flow?.flowId ?? random(8), transport: 'UDP', localHost },
      ...{ localPort: portOf(sockets, 'UDP'), remoteHost: '', remotePort: 0, proxy: 0, hasOther: regId === 1 },
    };
    return { ok: true, flow: end.flow };
  }

  /** On the port that was chosen, or else on the first free one; both lines on the same. */
  async #listen(regId: RegId): Promise<NodeTransport> {
    const { log, loopback, sipPort } = this.#options;
    const host = (loopback ? LOOPBACK : EVERYWHERE)[regId];
    const sink = {
      received: (wire: string, source: Source): void => this.#received(this.#ends[regId], wire, source),
      flowClosed: (): void => {},
    };
    const { listenPort } = accountSettingsOf(this.#account);
    const other = this.#all.find(({ flow }) => flow !== undefined)?.flow?.localPort;
    const chosen = other ?? (listenPort > 0 ? listenPort : sipPort);
    if (chosen !== undefined) return openSockets(host, sink, log, TAKES_STUN, chosen);
    for (let port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
      // Taken, most likely; what stands in the way of all is told by the last attempt.
      const sockets = await openSockets(host, sink, log, TAKES_STUN, port).catch(() => undefined);
      if (sockets !== undefined) return sockets;
    }
    return openSockets(host, sink, log, TAKES_STUN);
  }

  async send(flowId: string, wire: string): Promise<SendResult> {
    const end = this.#all.find(({ flow }) => flow?.flowId === flowId);
    if (end === undefined) return { ok: false, reason: 'This account listens no more.' };
    const read = readWindowMessage(wire, this.descriptions);
    if (!read.ok) return read;
    const { message } = read;
    this.#ways.sending(message.callId);
    return message.kind === 'response' ? end.outgoing.respond(message) : end.outgoing.request(message);
  }

  async lineTowards(text: string): Promise<RegId> {
    const uri = parseUri(text);
    const hops = uri.ok && uri.value.isSip ? await this.#options.resolve(uri.value) : [];
    return lineTo(hops, (regId) => this.#ends[regId].flow !== undefined);
  }

  get #all(): readonly End[] {
    return [this.#ends[1], this.#ends[2]];
  }

  #end(regId: RegId): End {
    const { clock, loopback, resolve } = this.#options;
    const ofFamily: Resolve = async (uri) => (await resolve(uri)).filter(({ host }) => isIP(host) === FAMILY[regId]);
    const end: End = {
      ...{ sockets: undefined, flow: undefined, opening: undefined },
      outgoing: new Outgoing({
        ...{ ways: this.#ways, loopback, resolve: ofFamily, now: () => clock.now() },
        edge: () => undefined,
        sockets: () => end.sockets,
        home: () => undefined,
        mayStayHere: (request) => this.#ways.mayStayHere(request),
        // Without a server there is no connection that could be.
        lost: () => {},
      }),
    };
    return end;
  }

  #received({ flow, sockets }: End, wire: string, source: Source): void {
    const { clock, loopback, random, received } = this.#options;
    if (flow === undefined || (loopback && !isLoopback(source.host))) return;
    if (!this.#strangers.take(clock.now())) return;
    const parsed = parseMessage(wire);
    if (!parsed.ok) {
      const reply = replyToMalformed(parsed.error, random(8));
      // Who does not hear of it sends it again.
      if (reply !== undefined) sockets?.send(source, reply, () => {});
      return;
    }
    const message = parsed.value;
    this.#ways.heard(message, source, false);
    this.descriptions.heard(message);
    const { via } = message;
    // The window believes in datagrams; see `carriedBy`.
    const foreign = message.kind === 'response' && via.transport !== flow.transport;
    const shown = foreign ? new Via(flow.transport, via.host, via.port, via.params).toString() : undefined;
    const text = shown === undefined || message.kind !== 'response' ? wire : inPlaceOf(message, shown);
    received(flow, text, source);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#all.map((end) => {
        const { sockets } = end;
        end.flow = undefined;
        end.sockets = undefined;
        return sockets?.close();
      }),
    );
  }
}

const inPlaceOf = (response: Parameters<typeof editResponse>[0], via: string): string =>
  editResponse(response).replaceFirst(H.Via, via).toWire();
