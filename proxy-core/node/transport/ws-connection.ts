/**
 * One WebSocket as a flow (RFC 7118): each of its messages, text or binary, is one SIP message or a keep-alive. Answers
 * go in the kind that the peer uses, but bytes that are no UTF-8 never as text (RFC 6455 §8.1).
 */
import { isUtf8 } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import { phrase } from '../../server/phrase.ts';
import { Connection, type ConnectionOptions } from './connection.ts';

export interface WsConnectionOptions extends ConnectionOptions {
  /** Open. */
  readonly socket: WebSocket;
}

const ASCII = /^[\0-\x7f]*$/;
const GOING_AWAY = 1001;

export class WsConnection extends Connection {
  readonly #socket: WebSocket;
  readonly #options: WsConnectionOptions;
  readonly #pings: NodeJS.Timeout;
  #binary = false;
  /** Whether anything came since the last ping. */
  #heard = true;

  constructor(options: WsConnectionOptions) {
    super(options);
    const { socket } = options;
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('pong', () => {
      this.#heard = true;
    });
    socket.on('ping', () => {
      this.#heard = true;
    });
    // A frame that breaks the rules: the library has answered with the code that says so.
    socket.on('error', (error) => this.because(error.message));
    socket.on('close', () => {
      clearInterval(this.#pings);
      this.ended();
    });
    this.#pings = setInterval(() => this.#ping(), this.limits.pingMs);
    this.#pings.unref();
    if (options.accepted) this.wait(this.limits.firstMessageMs, phrase('nothing that is SIP came'));
  }

  override close(reason?: string): void {
    this.because(reason);
    // The close frame is on its way when the socket is destroyed, or the peer does not read anyhow.
    this.#socket.close(GOING_AWAY);
    this.destroy();
  }

  protected override get isWritable(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  protected override get unreadBytes(): number {
    return this.#socket.bufferedAmount;
  }

  protected override write(wire: string, written?: () => void): void {
    const bytes = Buffer.from(wire, 'latin1');
    const binary = this.#binary || !(ASCII.test(wire) || isUtf8(bytes));
    this.#socket.send(bytes, { binary }, (error) => {
      if (error === undefined || error === null) written?.();
    });
  }

  protected override destroy(): void {
    this.#socket.terminate();
  }

  #take(data: RawData, isBinary: boolean): void {
    this.#heard = true;
    const wire = (data as Buffer).toString('latin1');
    // The keep-alives of streams are not needed here, but some send them (RFC 5626 §4.4.1).
    if (/^[\r\n]*$/.test(wire)) {
      if (wire === '\r\n\r\n') this.pong();
      else this.#options.ponged?.();
      return;
    }
    this.#binary = isBinary;
    this.waitNoMore();
    this.#options.received(wire, this.source);
  }

  #ping(): void {
    if (!this.#heard) {
      this.close(phrase('no answer to a ping'));
      return;
    }
    this.#heard = false;
    if (this.isWritable) this.#socket.ping();
  }
}
