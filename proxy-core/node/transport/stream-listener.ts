/**
 * One listening socket for TCP, TLS, WS or WSS. On its way to a connection a socket is counted, gives its PROXY header
 * where it comes from a load balancer, and then has its TLS and its WebSocket handshake, each within a time.
 */
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { WebSocket } from 'ws';
import { isSecure } from '../../sip/transport/port.ts';
import { serverOptions } from '../tls/contexts.ts';
import type { TlsStore } from '../tls/store.ts';
import type { Admission } from './admission.ts';
import { fixedSentBy, type ListenAddress, ListenError, listenError, listenerName } from './listen-address.ts';
import { takeProxyHeader } from './proxied-socket.ts';
import type { StreamLimits } from './stream-limits.ts';
import { WebSocketDoor } from './web-socket-door.ts';

/** Who is at the other end: the phone, also where a load balancer stands between. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface StreamListenerOptions {
  readonly address: ListenAddress;
  readonly limits: StreamLimits;
  readonly admission: Admission;
  readonly tls: TlsStore | undefined;
  readonly proxyFrom: (host: string) => boolean;
  readonly refuses: (host: string) => boolean;
  readonly wsOrigins: readonly string[];
  readonly stream: (socket: Socket | TLSSocket, from: Endpoint, listener: StreamListener) => void;
  readonly webSocket: (socket: WebSocket, connection: Socket, from: Endpoint, listener: StreamListener) => void;
  readonly info: (sentence: string) => void;
  readonly warn: (sentence: string) => void;
}

export class StreamListener {
  readonly name: string;
  readonly address: ListenAddress;
  /** `host:port` in Via; undefined where it depends on the peer. */
  readonly sentBy: string | undefined;
  readonly #options: StreamListenerOptions;
  readonly #server: Server;
  readonly #tls: TlsServer | undefined;
  readonly #door: WebSocketDoor | undefined;
  readonly #sockets = new Set<Socket>();
  /** By the address that the system knows, which the layers above the socket see too. */
  readonly #endpoints = new Map<string, Endpoint>();
  #closed = false;

  /** Rejects with ListenError. */
  static async open(options: StreamListenerOptions): Promise<StreamListener> {
    const { address } = options;
    if (isSecure(address.transport) && options.tls === undefined)
      throw new ListenError(`There is no certificate for ${listenerName(address)}.`, listenerName(address), 'EINVAL');
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, address)));
      server.listen(
        { host: address.host, port: address.port, ipv6Only: isIP(address.host) === 6, backlog: 1024 },
        resolve,
      );
    });
    server.removeAllListeners('error');
    return new StreamListener(server, options);
  }

  private constructor(server: Server, options: StreamListenerOptions) {
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : options.address.port;
    this.address = { ...options.address, port };
    this.name = listenerName(this.address);
    this.sentBy = fixedSentBy(this.address);
    this.#options = options;
    this.#server = server;
    this.#tls =
      isSecure(this.address.transport) && options.tls !== undefined ? this.#createTls(options.tls) : undefined;
    this.#door = isWeb(this.address) ? this.#createDoor() : undefined;
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => options.warn(`${this.name}: ${error.message}`));
  }

  /** Stops listening and ends what has not become a connection yet; resolves when all sockets are closed. */
  close(): Promise<void> {
    this.#closed = true;
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    return closed;
  }

  #accept(socket: Socket): void {
    const { remoteAddress: host, remotePort: port } = socket;
    if (host === undefined || port === undefined || this.#closed) {
      socket.destroy();
      return;
    }
    const { admission, proxyFrom, limits, info } = this.#options;
    // `close` follows.
    socket.on('error', () => {});
    if (!admission.enter(socket, host)) return;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (!proxyFrom(host)) {
      this.#admit(socket, { host, port });
      return;
    }
    takeProxyHeader(socket, limits.headerMs, (result) => {
      if (typeof result !== 'string') this.#admit(socket, result.source ?? { host, port });
      else {
        info(`A connection from the load balancer ${host} was closed: ${result}.`);
        socket.destroy();
      }
    });
  }

  #admit(socket: Socket, from: Endpoint): void {
    const { admission, refuses } = this.#options;
    if (refuses(from.host)) {
      socket.destroy();
      return;
    }
    if (!admission.enterFrom(socket, from.host)) return;
    if (this.#tls === undefined && this.#door === undefined) {
      this.#options.stream(socket, from, this);
      return;
    }
    const key = endpointKey(socket);
    this.#endpoints.set(key, from);
    socket.once('close', () => this.#endpoints.delete(key));
    if (this.#tls !== undefined) this.#tls.emit('connection', socket);
    else this.#door?.enter(socket);
  }

  /** It never listens itself: sockets are handed to it. */
  #createTls(store: TlsStore): TlsServer {
    const { info, limits } = this.#options;
    const server = createTlsServer({ ...serverOptions(store.credentials), handshakeTimeout: limits.handshakeMs });
    store.onChange((credentials) => {
      if (!this.#closed) server.setSecureContext(serverOptions(credentials));
    });
    server.on('tlsClientError', (error, socket) => {
      // A certificate that was refused is known only here.
      const reason = (socket.authorizationError as string | Error | null | undefined) ?? error.message;
      info(`No TLS connection with ${socket.remoteAddress ?? 'somebody who left'}: ${reason}.`);
      socket.destroy();
    });
    server.on('secureConnection', (socket) => {
      const from = this.#endpoints.get(endpointKey(socket));
      if (from === undefined || this.#closed) socket.destroy();
      else if (this.#door !== undefined) this.#door.enter(socket);
      else this.#options.stream(socket, from, this);
    });
    return server;
  }

  #createDoor(): WebSocketDoor {
    const { limits, wsOrigins: origins, info } = this.#options;
    return new WebSocketDoor({
      limits,
      origins,
      info,
      opened: (socket, connection) => {
        const from = this.#endpoints.get(endpointKey(connection));
        if (from === undefined || this.#closed) socket.terminate();
        else this.#options.webSocket(socket, connection, from, this);
      },
    });
  }
}

const isWeb = ({ transport }: ListenAddress): boolean => transport === 'WS' || transport === 'WSS';
const endpointKey = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}>${remotePort}`;
