/** TCP: listeners, and every connection by flow and by remote address, so that one is used again (RFC 3261 §18, RFC 5923). */
import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import type { FlowId, Hop, Source, TransportFailure } from '../../sip/transport/port.ts';
import { randomHex } from '../random.ts';
import {
  bracketed,
  isWildcard,
  type ListenAddress,
  listenError,
  listenerName,
  pickListener,
} from './listen-address.ts';
import { TcpConnection } from './tcp-connection.ts';
import type { TcpLimits } from './tcp-limits.ts';

export interface TcpOptions {
  readonly limits: TcpLimits;
  readonly received: (wire: string, source: Source) => void;
  readonly flowClosed: (flow: FlowId, remote: Hop) => void;
  readonly info: (sentence: string) => void;
  readonly warn: (sentence: string) => void;
}

export interface TcpListener {
  readonly name: string;
  readonly address: ListenAddress;
  readonly server: Server;
}

export class TcpTransport {
  readonly listeners: TcpListener[] = [];
  readonly #options: TcpOptions;
  readonly #byFlow = new Map<FlowId, TcpConnection>();
  readonly #byRemote = new Map<string, TcpConnection>();
  readonly #perAddress = new Map<string, number>();
  /** A flow of another run of the program, kept in some store, must never name one of this run. */
  readonly #run = randomHex(6);
  #count = 0;
  #closed = false;

  constructor(options: TcpOptions) {
    this.#options = options;
  }

  /** Rejects with ListenError. */
  async listen(wanted: ListenAddress): Promise<TcpListener> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, wanted)));
      server.listen(
        { host: wanted.host, port: wanted.port, ipv6Only: isIP(wanted.host) === 6, backlog: 1024 },
        resolve,
      );
    });
    server.removeAllListeners('error');
    const bound = server.address();
    const address = { ...wanted, port: typeof bound === 'object' && bound !== null ? bound.port : wanted.port };
    const listener = { name: listenerName(address), address, server };
    server.on('connection', (socket) => this.#accept(socket, listener.name));
    server.on('error', (error) => this.#options.warn(`${listener.name}: ${error.message}`));
    this.listeners.push(listener);
    return listener;
  }

  send(hop: Hop, wire: string, failed: (failure: TransportFailure) => void): void {
    if (this.#closed) {
      queueMicrotask(() => failed({ reason: 'The transport is closed' }));
      return;
    }
    const known = hop.flow === undefined ? undefined : this.#byFlow.get(hop.flow);
    const connection = known ?? this.#byRemote.get(remoteKey(hop.host, hop.port)) ?? this.#open(hop, failed);
    connection?.send(wire, failed);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const servers = this.listeners.map(({ server }) => new Promise<void>((done) => server.close(() => done())));
    for (const connection of this.#byFlow.values()) connection.close();
    await Promise.all(servers);
  }

  #accept(socket: Socket, listener: string): void {
    const { remoteAddress: host, remotePort: port } = socket;
    if (host === undefined || port === undefined || this.#closed) {
      socket.destroy();
      return;
    }
    const { limits } = this.#options;
    if (this.#byFlow.size >= limits.connections || (this.#perAddress.get(host) ?? 0) >= limits.connectionsPerAddress) {
      this.#options.warn(`Too many connections; one from ${host} is refused.`);
      socket.destroy();
      return;
    }
    this.#perAddress.set(host, (this.#perAddress.get(host) ?? 0) + 1);
    this.#add(socket, host, port, listener, true);
  }

  #open(hop: Hop, failed: (failure: TransportFailure) => void): TcpConnection | undefined {
    if (this.#byFlow.size >= this.#options.limits.connections) {
      queueMicrotask(() => failed({ reason: `Too many connections; none to ${hop.host} is opened` }));
      return undefined;
    }
    const listener = this.listenerFor(hop);
    const local = listener?.address.host;
    try {
      const socket = connect({
        host: hop.host,
        port: hop.port,
        ...(local === undefined || isWildcard(local) ? {} : { localAddress: local }),
      });
      return this.#add(socket, hop.host, hop.port, listener?.name ?? '', false);
    } catch (cause) {
      // A port or an address that the system would not even try.
      queueMicrotask(() => failed({ reason: `No connection to ${hop.host}:${hop.port}`, cause }));
      return undefined;
    }
  }

  /** The listener that a connection to `hop` is sent from: the one that is asked for, else the first that can reach it. */
  listenerFor(hop: Hop): TcpListener | undefined {
    const asked = this.listeners.find(({ name }) => name === hop.listener);
    if (asked !== undefined) return asked;
    return pickListener(this.listeners, hop.host);
  }

  #add(socket: Socket, host: string, port: number, listener: string, accepted: boolean): TcpConnection {
    const id = `tcp-${this.#run}-${++this.#count}` as FlowId;
    const connection = new TcpConnection({
      socket,
      id,
      accepted,
      host,
      port,
      listener,
      limits: this.#options.limits,
      received: this.#options.received,
      closed: (ended, reason) => this.#ended(ended, reason, accepted),
    });
    this.#byFlow.set(id, connection);
    this.#byRemote.set(remoteKey(host, port), connection);
    return connection;
  }

  #ended(connection: TcpConnection, reason: string | undefined, accepted: boolean): void {
    const { host, port, flow } = connection.source;
    this.#byFlow.delete(flow);
    const key = remoteKey(host, port);
    if (this.#byRemote.get(key) === connection) this.#byRemote.delete(key);
    if (accepted) {
      const left = (this.#perAddress.get(host) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(host, left);
      else this.#perAddress.delete(host);
    }
    if (reason !== undefined)
      this.#options.info(`The connection with ${bracketed(host)}:${port} was closed: ${reason}.`);
    this.#options.flowClosed(flow, connection.source);
  }
}

const remoteKey = (host: string, port: number): string => `${host}>${port}`;
