/**
 * One TCP or TLS connection as a flow: frames what comes, queues what goes, and ends by itself when the peer is no use.
 * Nothing leaves on a TLS connection of ours before its certificate was found to be the right one.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { phrase } from '../../server/phrase.ts';
import { StreamFramer } from '../../sip/transport/framer.ts';
import { PeerNames } from '../tls/sip-identity.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { looksLikeProxyHeader } from './proxy-header.ts';

export interface StreamConnectionOptions extends ConnectionOptions {
  /** Accepted ones have their handshake behind them. */
  readonly socket: Socket | TLSSocket;
  /** One that we opened has it behind it too, and whoever made it has checked the certificate. */
  readonly isOpen?: boolean;
}

export class StreamConnection extends Connection {
  readonly #socket: Socket | TLSSocket;
  readonly #framer: StreamFramer;
  /** What is to go once the handshake is done. */
  #held: { readonly text: string; readonly written: (() => void) | undefined }[] | undefined;
  #heldBytes = 0;
  /** Messages that came whole. */
  #whole = 0;
  #anyBytes = false;
  #torn = false;
  /** Bytes thrown away since the stream could not be read any more. */
  #drained: number | undefined;

  constructor(options: StreamConnectionOptions) {
    super(options);
    const { socket, accepted, isOpen = accepted } = options;
    const isTls = options.source.transport === 'TLS';
    this.#socket = socket;
    this.#framer = new StreamFramer({
      accepted,
      sink: {
        message: (wire) => {
          this.#whole++;
          options.received(wire, this.source);
        },
        ping: () => this.pong(),
        pong: () => options.ponged?.(),
        lost: (bytes) => options.lost?.(bytes, this.source),
      },
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (data) => this.#take(data.toString('latin1')));
    socket.on('error', (error) => this.because(error.message));
    socket.on('close', () => this.ended());
    if (isTls && !isOpen) this.#held = [];
    if (!isOpen) socket.once(isTls ? 'secureConnect' : 'connect', () => this.#connected());
    if (isTls && accepted) this.peer = PeerNames.of(socket as TLSSocket);
    if (accepted) this.wait(this.limits.firstMessageMs, phrase('nothing that is SIP came'));
    else if (isOpen) this.wait(this.limits.idleMs, undefined);
    else this.wait(this.limits.connectMs, `no connection within ${this.limits.connectMs} ms`);
  }

  protected override get isWritable(): boolean {
    return !this.#socket.destroyed;
  }

  protected override get unreadBytes(): number {
    return this.#socket.writableLength + this.#heldBytes;
  }

  protected override write(text: string, written?: () => void): void {
    if (this.#held !== undefined) {
      this.#held.push({ text, written });
      this.#heldBytes += text.length;
      return;
    }
    this.#socket.write(text, 'latin1', (error) => {
      if (error === null || error === undefined) written?.();
    });
  }

  protected override destroy(): void {
    this.#socket.destroy();
  }

  #connected(): void {
    if (this.source.transport === 'TLS') this.peer = PeerNames.of(this.#socket as TLSSocket);
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#heldBytes = 0;
    for (const { text, written } of held) this.write(text, written);
    this.wait(this.limits.idleMs, undefined);
  }

  #take(text: string): void {
    if (this.#drained !== undefined) {
      this.#drained += text.length;
      if (this.#drained > this.limits.unreadBytes) this.close();
      return;
    }
    const isForeign = !this.#anyBytes && this.accepted && looksLikeProxyHeader(text);
    this.#anyBytes = true;
    const before = this.#whole;
    const fault = isForeign
      ? 'a PROXY header from an address that is not trusted with one (--proxy-from)'
      : this.#framer.push(text);
    if (fault !== undefined) {
      this.#drain(fault);
      return;
    }
    const torn = this.#framer.isInside;
    // Each piece of a torn message must not win new time: the first one counts, unless another message became whole before.
    if (torn && (!this.#torn || this.#whole > before)) {
      this.wait(this.limits.firstMessageMs, 'a message that stayed torn');
    } else if (!torn && (this.#whole > 0 || !this.accepted)) {
      // Whoever has sent nothing but keep-alives so far has not shown yet that this is SIP.
      this.wait(this.limits.idleMs, undefined);
    }
    this.#torn = torn;
  }

  /**
   * Ends the connection so that the peer still gets what was answered last: with bytes left unread the system would reset
   * it and throw the answer away.
   */
  #drain(fault: string): void {
    this.because(fault);
    this.#drained = 0;
    this.#socket.end();
    this.wait(this.limits.drainMs, undefined);
  }
}
