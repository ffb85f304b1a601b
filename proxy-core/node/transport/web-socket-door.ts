/**
 * Where a connection becomes a WebSocket for SIP (RFC 7118 §4, RFC 6455 §4.2): the request must come in time, name the
 * subprotocol `sip`, and, from a page, a page that may. Anything else is answered in HTTP and closed.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_MESSAGE } from '../../sip/message/parse.ts';
import type { StreamLimits } from './stream-limits.ts';

export interface WebSocketDoorOptions {
  readonly limits: StreamLimits;
  /** Origins of pages (RFC 6454), lower case; empty for all. Programs that are no browser send none and may always. */
  readonly origins: readonly string[];
  readonly opened: (socket: WebSocket, connection: Socket) => void;
  readonly info: (sentence: string) => void;
}

const MAX_HEADERS = 16 * 1024;
/** Of one message; more is somebody's game with our memory. */
const MAX_FRAGMENTS = 256;

export class WebSocketDoor {
  readonly #options: WebSocketDoorOptions;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #timers = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(options: WebSocketDoorOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: 4 * MAX_FRAGMENTS,
      handleProtocols: () => 'sip',
    });
    this.#http = createServer({ maxHeaderSize: MAX_HEADERS, insecureHTTPParser: false });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    this.#http.on('request', (_request, response) => {
      response.writeHead(426, { Connection: 'close, Upgrade', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
      response.end('This is a telephone exchange: it speaks SIP over WebSocket here.\n');
    });
    this.#http.on('clientError', (_error, socket) => refuse(socket, '400 Bad Request', ''));
  }

  /** Takes a connection, encrypted or not, on which nothing was read yet. */
  enter(connection: Socket): void {
    const { headerMs } = this.#options.limits;
    const timer = setTimeout(() => connection.destroy(), headerMs);
    timer.unref();
    this.#timers.set(connection, timer);
    connection.once('close', () => clearTimeout(timer));
    // `close` follows.
    connection.on('error', () => {});
    this.#http.emit('connection', connection);
  }

  #upgrade(request: IncomingMessage, connection: Socket, head: Buffer): void {
    const { origins, opened, info } = this.#options;
    const { origin } = request.headers;
    if (!offersSip(request)) {
      refuse(connection, '400 Bad Request', 'Name the subprotocol "sip" (RFC 7118).\n');
      return;
    }
    if (origin !== undefined && origins.length > 0 && !origins.includes(origin.toLowerCase())) {
      info(`A page of ${origin.slice(0, 200)} wanted a WebSocket and may have none.`);
      refuse(connection, '403 Forbidden', 'Pages of this origin may not call here.\n');
      return;
    }
    this.#sockets.handleUpgrade(request, connection, head, (socket) => {
      clearTimeout(this.#timers.get(connection));
      opened(socket, connection);
    });
  }
}

const offersSip = ({ headers }: IncomingMessage): boolean =>
  (headers['sec-websocket-protocol'] ?? '').split(',').some((name) => name.trim() === 'sip');

function refuse(socket: Duplex, status: string, text: string): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
  );
}
