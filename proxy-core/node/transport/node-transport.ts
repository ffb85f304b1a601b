/** SIP over the sockets of Node: every listener and connection of one program behind one port (RFC 3261 §18). */
import { isIP } from 'node:net';
import type {
  FlowId,
  Hop,
  Source,
  TransportFailure,
  TransportName,
  TransportPort,
  TransportSink,
} from '../../sip/transport/port.ts';
import {
  bracketed,
  isWildcard,
  type ListenAddress,
  ListenError,
  parseListenAddress,
  pickListener,
} from './listen-address.ts';
import { LocalAddresses } from './local-address.ts';
import { TcpTransport } from './tcp.ts';
import { TCP_LIMITS, type TcpLimits } from './tcp-limits.ts';
import { listenerOfFlow, UdpListener } from './udp.ts';

export { ListenError };

/** Sentences for the log; pino and console fit. */
export interface TransportLog {
  info(sentence: string): void;
  warn(sentence: string): void;
}

export interface NodeTransportOptions {
  /** `udp://HOST:PORT` or `tcp://HOST:PORT`; HOST is an address (IPv6 in brackets), port 0 takes any free one. */
  readonly listeners: readonly string[];
  readonly sink: TransportSink;
  readonly log?: TransportLog | undefined;
  readonly limits?: Partial<TcpLimits> | undefined;
}

type Failed = (failure: TransportFailure) => void;

const SILENT: TransportLog = { info: () => {}, warn: () => {} };

export class NodeTransport implements TransportPort {
  readonly #sink: TransportSink;
  readonly #log: TransportLog;
  readonly #udp = new Map<string, UdpListener>();
  readonly #tcp: TcpTransport;
  readonly #local = new LocalAddresses(Date.now);
  readonly #names: string[] = [];

  /** Opens every listener, or none: throws ListenError with a sentence for people. */
  static async listen(options: NodeTransportOptions): Promise<NodeTransport> {
    const addresses = options.listeners.map(parseListenAddress);
    const transport = new NodeTransport(options);
    try {
      for (const address of addresses) await transport.#open(address);
    } catch (error) {
      await transport.close();
      throw error;
    }
    return transport;
  }

  private constructor({ sink, log = SILENT, limits }: NodeTransportOptions) {
    this.#sink = sink;
    this.#log = log;
    this.#tcp = new TcpTransport({
      limits: { ...TCP_LIMITS, ...limits },
      received: this.#received,
      flowClosed: this.#flowClosed,
      info: (sentence) => log.info(sentence),
      warn: (sentence) => log.warn(sentence),
    });
  }

  /** In the order given, with the real ports: `udp://127.0.0.1:5060`. */
  get listeners(): string[] {
    return [...this.#names];
  }

  send(hop: Hop, wire: string, failed: Failed): void {
    if (isIP(hop.host) === 0 || hop.port < 1 || hop.port > 65_535) {
      queueMicrotask(() => failed({ reason: `${hop.host}:${hop.port} is no address to send to` }));
    } else if (hop.transport === 'UDP') {
      const listener = this.#udpFor(hop);
      if (listener !== undefined) listener.send(hop.host, hop.port, wire, failed);
      else queueMicrotask(() => failed({ reason: `No UDP listener can reach ${hop.host}` }));
    } else if (hop.transport === 'TCP') this.#tcp.send(hop, wire, failed);
    else queueMicrotask(() => failed({ reason: `${hop.transport} is not open here` }));
  }

  sentBy(hop: Hop): { readonly transport: TransportName; readonly sentBy: string } {
    const address = hop.transport === 'UDP' ? this.#udpFor(hop)?.address : this.#tcp.listenerFor(hop)?.address;
    const bound = address?.host;
    const host = bound === undefined || isWildcard(bound) ? this.#local.towards(hop.host) : bound;
    // Without a listener the answer comes back on the connection that we open.
    return { transport: hop.transport, sentBy: `${bracketed(host)}${address === undefined ? '' : `:${address.port}`}` };
  }

  isReliable(transport: TransportName): boolean {
    return transport !== 'UDP';
  }

  /** Closes every listener and connection; what was not sent yet fails. */
  async close(): Promise<void> {
    await Promise.all([this.#tcp.close(), ...[...this.#udp.values()].map((listener) => listener.close())]);
  }

  async #open(address: ListenAddress): Promise<void> {
    if (address.transport === 'TCP') {
      this.#names.push((await this.#tcp.listen(address)).name);
      return;
    }
    const warn = (sentence: string): void => this.#log.warn(sentence);
    const listener = await UdpListener.open({ address, received: this.#received, warn });
    this.#udp.set(listener.name, listener);
    this.#names.push(listener.name);
  }

  #udpFor(hop: Hop): UdpListener | undefined {
    const asked =
      hop.listener !== undefined
        ? this.#udp.get(hop.listener)
        : hop.flow !== undefined
          ? this.#udp.get(listenerOfFlow(hop.flow))
          : undefined;
    if (asked !== undefined) return asked;
    return pickListener(this.#udp.values(), hop.host);
  }

  /** Whatever one message does to the layers above, the others go on. */
  readonly #received = (wire: string, source: Source): void => {
    try {
      this.#sink.received(wire, source);
    } catch (error) {
      this.#log.warn(`A message from ${source.host}:${source.port} made the program fail: ${describe(error)}`);
    }
  };

  readonly #flowClosed = (flow: FlowId, remote: Hop): void => {
    try {
      this.#sink.flowClosed(flow, remote);
    } catch (error) {
      this.#log.warn(`The end of a connection made the program fail: ${describe(error)}`);
    }
  };
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
