/**
 * An account without a registrar on the network: it listens on one port, by UDP and TCP, for whoever knows its address, and
 * calls others at theirs.
 */
import { RateLimit } from '../../../proxy-core/media/index.ts';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { NodeTransport } from '../../../proxy-core/node/transport/node-transport.ts';
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
import { DirectWays } from './direct-ways.ts';
import { Outgoing, type SendResult } from './outgoing.ts';
import { addressForPeers, openSockets, portOf } from './sockets.ts';
import { readWindowMessage } from './window-message.ts';

/** Where the search for a free port begins: the port of SIP, and those after it. */
const FIRST_PORT = 5_060;
const PORTS = 100;
const LOOPBACK = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';
/** Messages from outside: far more than calls of one person bring, and of one stranger no more than a part of it. */
const PER_SECOND = 200;
const BURST = 400;
const TAKES_STUN = (): void => {};

export class DirectConnection implements Connection {
  readonly descriptions = new Descriptions();
  readonly #options: ConnectionOptions;
  readonly #ways = new DirectWays();
  readonly #outgoing: Outgoing;
  readonly #strangers = new RateLimit(PER_SECOND, BURST);
  #account: Account;
  #sockets: NodeTransport | undefined;
  #flow: AccountFlow | undefined;
  #opening: Promise<OpenedFlow> | undefined;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#account = options.account;
    this.#outgoing = new Outgoing({
      ...{ ways: this.#ways, loopback: options.loopback, resolve: options.resolve, now: () => options.clock.now() },
      edge: () => undefined,
      sockets: () => this.#sockets,
      home: () => undefined,
      mayStayHere: (request) => this.#ways.mayStayHere(request),
      // Without a server there is no connection that could be.
      lost: () => {},
    });
  }

  get account(): Account {
    return this.#account;
  }

  reconfigure(account: Account): void {
    this.#account = account;
  }

  get soundHost(): string | undefined {
    return this.#flow?.localHost;
  }

  listensOn({ port }: { readonly address: string; readonly port: number }): boolean {
    return this.#flow?.localPort === port;
  }

  open(regId: RegId): Promise<OpenedFlow> {
    if (regId !== 1) return Promise.resolve({ ok: false, reason: 'There is no second way without a server.' });
    this.#opening ??= this.#open()
      .catch((error: unknown): OpenedFlow => ({ ok: false, reason: `This computer cannot listen: ${textOf(error)}.` }))
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  async #open(): Promise<OpenedFlow> {
    const { loopback, random } = this.#options;
    const localHost = loopback ? LOOPBACK : await addressForPeers(LOOPBACK);
    this.#sockets ??= await this.#listen(loopback ? LOOPBACK : EVERYWHERE);
    const sockets = this.#sockets;
    if (this.#closed) {
      await sockets.close();
      return { ok: false, reason: 'The account was signed out.' };
    }
    const before = this.#flow;
    this.#flow = {
      ...{ accountId: this.#account.id, flowId: before?.flowId ?? random(8), transport: 'UDP', localHost },
      ...{ localPort: portOf(sockets, 'UDP'), remoteHost: '', remotePort: 0, proxy: 0, hasOther: false },
    };
    return { ok: true, flow: this.#flow };
  }

  /** On the port that was chosen, or else on the first free one. */
  async #listen(host: string): Promise<NodeTransport> {
    const { log, sipPort } = this.#options;
    const { listenPort } = accountSettingsOf(this.#account);
    const chosen = listenPort > 0 ? listenPort : sipPort;
    if (chosen !== undefined) return openSockets(host, this.#sink, log, TAKES_STUN, chosen);
    for (let port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
      // Taken, most likely; what stands in the way of all is told by the last attempt.
      const sockets = await openSockets(host, this.#sink, log, TAKES_STUN, port).catch(() => undefined);
      if (sockets !== undefined) return sockets;
    }
    return openSockets(host, this.#sink, log, TAKES_STUN);
  }

  async send(flowId: string, wire: string): Promise<SendResult> {
    if (this.#flow?.flowId !== flowId) return { ok: false, reason: 'This account listens no more.' };
    const read = readWindowMessage(wire, this.descriptions);
    if (!read.ok) return read;
    const { message } = read;
    this.#ways.sending(message.callId);
    return message.kind === 'response' ? this.#outgoing.respond(message) : this.#outgoing.request(message);
  }

  readonly #sink = {
    received: (wire: string, source: Source): void => this.#received(wire, source),
    flowClosed: (): void => {},
  };

  #received(wire: string, source: Source): void {
    const flow = this.#flow;
    const { clock, loopback, random, received } = this.#options;
    if (flow === undefined || (loopback && !isLoopback(source.host))) return;
    if (!this.#strangers.take(clock.now())) return;
    const parsed = parseMessage(wire);
    if (!parsed.ok) {
      const reply = replyToMalformed(parsed.error, random(8));
      // Who does not hear of it sends it again.
      if (reply !== undefined) this.#sockets?.send(source, reply, () => {});
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
    this.#flow = undefined;
    const sockets = this.#sockets;
    this.#sockets = undefined;
    await sockets?.close();
  }
}

const inPlaceOf = (response: Parameters<typeof editResponse>[0], via: string): string =>
  editResponse(response).replaceFirst(H.Via, via).toWire();
