/** TCP, TLS and WebSocket: listeners, and the connections that were accepted or opened (RFC 3261 §18, RFC 5923, RFC 7118). */
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { FlowId, Hop, Source, TransportFailure, TransportName } from '../../sip/transport/port.ts';
import { randomHex } from '../random.ts';
import { clientOptions } from '../tls/contexts.ts';
import type { TlsStore } from '../tls/store.ts';
import { Admission } from './admission.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import { ConnectionTable } from './connection-table.ts';
import { bracketed, isWildcard, type ListenAddress, pickListener } from './listen-address.ts';
import { StreamConnection } from './stream-connection.ts';
import type { StreamLimits } from './stream-limits.ts';
import { StreamListener } from './stream-listener.ts';
import { WsConnection } from './ws-connection.ts';

export interface StreamsOptions {
  readonly limits: StreamLimits;
  readonly tls: TlsStore | undefined;
  readonly proxyFrom: (host: string) => boolean;
  readonly wsOrigins: readonly string[];
  /** Whether nobody from there gets a connection, or keeps one. */
  readonly refuses: (host: string) => boolean;
  readonly received: (wire: string, source: Source) => void;
  readonly lost: (bytes: string, source: Source) => void;
  readonly flowClosed: (flow: FlowId, remote: Hop) => void;
  readonly info: (sentence: string) => void;
  readonly warn: (sentence: string) => void;
}

type Failed = (failure: TransportFailure) => void;

const NONE: readonly StreamListener[] = [];

export class Streams {
  readonly listeners: StreamListener[] = [];
  readonly #byTransport = new Map<TransportName, readonly StreamListener[]>();
  readonly #options: StreamsOptions;
  readonly #admission: Admission;
  readonly #connections = new ConnectionTable();
  /** A flow of another run of the program, kept in some store, must never name one of this run. */
  readonly #run = randomHex(6);
  #count = 0;
  #closed = false;

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#admission = new Admission(options.limits, options.warn);
  }

  /** Rejects with ListenError. */
  async listen(address: ListenAddress): Promise<StreamListener> {
    const listener = await StreamListener.open({
      ...this.#options,
      address,
      admission: this.#admission,
      stream: (socket, { host, port }, { name, address: { transport } }) => {
        this.#add(new StreamConnection({ ...this.#connection(transport, host, port, name, true), socket }));
      },
      webSocket: (socket, _connection, { host, port }, { name, address: { transport } }) => {
        this.#add(new WsConnection({ ...this.#connection(transport, host, port, name, true), socket }));
      },
    });
    this.listeners.push(listener);
    this.#byTransport.set(address.transport, [...(this.#byTransport.get(address.transport) ?? NONE), listener]);
    return listener;
  }

  send(hop: Hop, wire: string, failed: Failed): void {
    if (this.#closed) {
      queueMicrotask(() => failed({ reason: 'The transport is closed' }));
      return;
    }
    const connection = this.#connections.find(hop) ?? this.#open(hop, failed);
    connection?.send(wire, failed);
  }

  alias(flow: FlowId, host: string, port: number): void {
    this.#connections.alias(flow, host, port);
  }

  /** The listener whose address stands for us towards `hop`. */
  listenerFor(hop: Hop): StreamListener | undefined {
    const name = hop.listener ?? this.#connections.ofFlow(hop.flow)?.source.listener;
    const ours = this.#byTransport.get(hop.transport) ?? NONE;
    return ours.find((listener) => listener.name === name) ?? pickListener(ours, hop.host);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const connection of this.#connections) connection.close();
    await Promise.all(this.listeners.map((listener) => listener.close()));
  }

  #open(hop: Hop, failed: Failed): Connection | undefined {
    if (hop.transport === 'WS' || hop.transport === 'WSS') {
      queueMicrotask(() => failed({ reason: `${hop.host}:${hop.port} has no WebSocket open to us` }));
      return undefined;
    }
    if (this.#admission.isFull) {
      queueMicrotask(() => failed({ reason: `Too many connections; none to ${hop.host} is opened` }));
      return undefined;
    }
    const listener = this.listenerFor(hop);
    try {
      const socket = this.#connect(hop, listener?.address.host);
      this.#admission.count(socket);
      const options = this.#connection(hop.transport, hop.host, hop.port, listener?.name ?? '', false);
      return this.#add(new StreamConnection({ ...options, socket }));
    } catch (cause) {
      // A port or an address that the system would not even try.
      queueMicrotask(() => failed({ reason: `No connection to ${hop.host}:${hop.port}`, cause }));
      return undefined;
    }
  }

  #connect({ transport, host, port, name }: Hop, local: string | undefined): Socket | TLSSocket {
    const to = { host, port, ...(local === undefined || isWildcard(local) ? {} : { localAddress: local }) };
    if (transport !== 'TLS') return connect(to);
    return connectTls({ ...to, ...clientOptions(this.#options.tls?.credentials, name ?? host) });
  }

  #connection(
    transport: TransportName,
    host: string,
    port: number,
    listener: string,
    accepted: boolean,
  ): ConnectionOptions {
    const { limits, lost } = this.#options;
    const received = accepted ? this.#received : this.#options.received;
    const flow = `${transport.toLowerCase()}-${this.#run}-${++this.#count}` as FlowId;
    const source = { transport, host, port, flow, listener };
    return { source, accepted, limits, received, lost, closed: this.#ended };
  }

  #add<C extends Connection>(connection: C): C {
    this.#connections.add(connection);
    return connection;
  }

  /** Who is banned while he is connected loses his connection with the next word. */
  readonly #received = (wire: string, source: Source): void => {
    if (this.#options.refuses(source.host)) this.#connections.ofFlow(source.flow)?.close();
    else this.#options.received(wire, source);
  };

  readonly #ended = (connection: Connection, reason: string | undefined): void => {
    const { host, port, flow } = connection.source;
    const alias = this.#connections.remove(connection);
    if (reason !== undefined)
      this.#options.info(`The connection with ${bracketed(host)}:${port} was closed: ${reason}.`);
    this.#options.flowClosed(flow, { ...connection.source, port: alias ?? port });
  };
}
