/** SIP over the sockets of Node: every listener and connection of one program behind one port (RFC 3261 §18). */
import { isIP } from 'node:net';
import type {
  FlowId,
  Hop,
  OwnAddress,
  Source,
  TransportFailure,
  TransportName,
  TransportPort,
  TransportSink,
} from '../../sip/transport/port.ts';
import { calm } from '../calm.ts';
import type { TlsCredentials } from '../tls/files.ts';
import type { TlsStore } from '../tls/store.ts';
import {
  bracketed,
  isWildcard,
  type ListenAddress,
  ListenError,
  listenerName,
  parseListenAddress,
  pickListener,
} from './listen-address.ts';
import { LocalAddresses } from './local-address.ts';
import { STREAM_LIMITS, type StreamLimits } from './stream-limits.ts';
import { Streams } from './streams.ts';
import { listenerOfFlow, UdpListener } from './udp.ts';

export { ListenError };

/** Sentences for the log; pino and console fit. */
export interface TransportLog {
  info(sentence: string): void;
  warn(sentence: string): void;
}

export interface NodeTransportOptions {
  /** `udp://HOST:PORT` and its like; HOST is an address (IPv6 in brackets), port 0 takes any free one. */
  readonly listeners: readonly string[];
  readonly sink: TransportSink;
  readonly log?: TransportLog | undefined;
  readonly limits?: Partial<StreamLimits> | undefined;
  /** Certificates; closed with the transport. Needed for TLS and WSS. */
  readonly tls?: TlsStore | undefined;
  /** Whose connections begin with a PROXY header. */
  readonly proxyFrom?: ((host: string) => boolean) | undefined;
  /** Origins of pages that may open a WebSocket; empty for all. */
  readonly wsOrigins?: readonly string[] | undefined;
  /** STUN on a UDP listener that is no request: an answer to one of ours. */
  readonly stun?: ((data: Buffer, host: string, port: number) => void) | undefined;
}

type Failed = (failure: TransportFailure) => void;

const SILENT: TransportLog = { info: () => {}, warn: () => {} };

export class NodeTransport implements TransportPort {
  readonly #sink: TransportSink;
  readonly #log: TransportLog;
  readonly #udp = new Map<string, UdpListener>();
  readonly #streams: Streams;
  readonly #stun: NodeTransportOptions['stun'];
  readonly #tls: TlsStore | undefined;
  readonly #local = new LocalAddresses(Date.now);
  readonly #addresses: ListenAddress[] = [];

  /** Opens every listener, or none: throws ListenError with a sentence for people. */
  static async listen(options: NodeTransportOptions): Promise<NodeTransport> {
    const addresses = options.listeners.map(parseListenAddress);
    const transport = new NodeTransport(options);
    try {
      for (const address of addresses) await transport.#open(address);
    } catch (error) {
      await transport.#closeSockets();
      throw error;
    }
    return transport;
  }

  private constructor({ sink, log = SILENT, limits, tls, proxyFrom, wsOrigins = [], stun }: NodeTransportOptions) {
    this.#sink = sink;
    this.#stun = stun;
    this.#log = log;
    this.#tls = tls;
    this.#streams = new Streams({
      limits: { ...STREAM_LIMITS, ...limits },
      tls,
      proxyFrom: proxyFrom ?? (() => false),
      wsOrigins: wsOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, '')),
      refuses: this.#refuses,
      received: this.#received,
      lost: (bytes, source) => sink.lost?.(bytes, source),
      flowClosed: this.#flowClosed,
      info: calm((sentence) => log.info(sentence)),
      warn: calm((sentence) => log.warn(sentence)),
    });
  }

  /** In the order given, with the real ports: `udp://127.0.0.1:5060`. */
  get listeners(): string[] {
    return this.#addresses.map(listenerName);
  }

  /** The same with what they advertise. */
  get addresses(): readonly ListenAddress[] {
    return this.#addresses;
  }

  /** The certificate that is shown now; undefined where nothing is encrypted. */
  get credentials(): TlsCredentials | undefined {
    return this.#tls?.credentials;
  }

  send(hop: Hop, wire: string, failed: Failed): void {
    if (isIP(hop.host) === 0 || hop.port < 1 || hop.port > 65_535) {
      queueMicrotask(() => failed({ reason: `${hop.host}:${hop.port} is no address to send to` }));
    } else if (hop.transport === 'UDP') {
      const listener = this.#udpFor(hop);
      if (listener !== undefined) listener.send(hop.host, hop.port, wire, failed);
      else queueMicrotask(() => failed({ reason: `No UDP listener can reach ${hop.host}` }));
    } else this.#streams.send(hop, wire, failed);
  }

  sentBy(hop: Hop): OwnAddress {
    const { transport } = hop;
    const listener = transport === 'UDP' ? this.#udpFor(hop) : this.#streams.listenerFor(hop);
    // An office whose certificate others believe wants its connections used in both directions (RFC 5923 §5.1).
    const alias = transport === 'TLS' && this.#tls?.credentials.isSelfMade === false;
    return { transport, sentBy: listener?.sentBy ?? this.#sentByTowards(hop.host, listener?.address), alias };
  }

  alias(flow: FlowId, host: string, port: number): void {
    this.#streams.alias(flow, host, port);
  }

  isReliable(transport: TransportName): boolean {
    return transport !== 'UDP';
  }

  /** Closes every listener and connection; what was not sent yet fails. */
  async close(): Promise<void> {
    this.#tls?.close();
    await this.#closeSockets();
  }

  async #closeSockets(): Promise<void> {
    await Promise.all([this.#streams.close(), ...[...this.#udp.values()].map((listener) => listener.close())]);
  }

  async #open(address: ListenAddress): Promise<void> {
    if (address.transport !== 'UDP') {
      this.#addresses.push((await this.#streams.listen(address)).address);
      return;
    }
    const warn = calm((sentence) => this.#log.warn(sentence));
    const listener = await UdpListener.open({
      address,
      refuses: this.#refuses,
      received: this.#received,
      warn,
      stun: this.#stun,
    });
    this.#udp.set(listener.name, listener);
    this.#addresses.push(listener.address);
  }

  /** Without a listener the answer comes back on the connection that we open. */
  #sentByTowards(host: string, address: ListenAddress | undefined): string {
    const own = address === undefined || isWildcard(address.host) ? this.#local.towards(host) : address.host;
    return address === undefined ? bracketed(own) : `${bracketed(own)}:${address.port}`;
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

  readonly #refuses = (host: string): boolean => this.#sink.refuses?.(host) === true;

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
