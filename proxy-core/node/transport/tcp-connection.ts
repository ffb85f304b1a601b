/** One TCP connection as a flow: frames what comes, queues what goes, and ends by itself when the peer is no use. */
import type { Socket } from 'node:net';
import { StreamFramer } from '../../sip/transport/framer.ts';
import type { FlowId, Source, TransportFailure } from '../../sip/transport/port.ts';
import type { TcpLimits } from './tcp-limits.ts';

export interface TcpConnectionOptions {
  readonly socket: Socket;
  readonly id: FlowId;
  readonly accepted: boolean;
  /** The remote end; for a connection that we open the address that we open it to. */
  readonly host: string;
  readonly port: number;
  readonly listener: string;
  readonly limits: TcpLimits;
  readonly received: (wire: string, source: Source) => void;
  /** Called once. `reason` is undefined where the peer or we closed it in the ordinary way. */
  readonly closed: (connection: TcpConnection, reason: string | undefined) => void;
}

type Failed = (failure: TransportFailure) => void;

export class TcpConnection {
  readonly source: Source;
  readonly #socket: Socket;
  readonly #limits: TcpLimits;
  readonly #options: TcpConnectionOptions;
  readonly #framer: StreamFramer;
  /** Those whose bytes the system has not taken yet. */
  readonly #waiting = new Set<Failed>();
  #reason: string | undefined;
  #closed = false;
  /** Ends a connection that does not come about, a message that stays torn, and silence, whichever may come now. */
  #timer: NodeJS.Timeout | undefined;
  #torn = false;
  /** Messages that came whole. */
  #whole = 0;
  /** Bytes thrown away since the stream could not be read any more. */
  #drained: number | undefined;

  constructor(options: TcpConnectionOptions) {
    const { socket, host, port, id: flow, listener } = options;
    this.source = { transport: 'TCP', host, port, flow, listener };
    this.#socket = socket;
    this.#limits = options.limits;
    this.#options = options;
    this.#framer = new StreamFramer({
      accepted: options.accepted,
      sink: {
        message: (wire) => {
          this.#whole++;
          options.received(wire, this.source);
        },
        ping: () => this.#write('\r\n'),
        pong: () => {},
      },
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (data) => this.#take(data.toString('latin1')));
    socket.on('connect', () => this.#wait(this.#limits.idleMs, undefined));
    socket.on('error', (error) => {
      this.#reason ??= error.message;
    });
    socket.on('close', () => this.#ended());
    if (options.accepted) this.#wait(this.#limits.firstMessageMs, 'nothing that is SIP came');
    else this.#wait(this.#limits.connectMs, `no connection within ${this.#limits.connectMs} ms`);
  }

  send(wire: string, failed: Failed): void {
    if (this.#closed || this.#socket.destroyed) {
      queueMicrotask(() => failed({ reason: `The connection to ${this.#peer} is closed` }));
      return;
    }
    const entry: Failed = (failure) => failed(failure);
    this.#waiting.add(entry);
    this.#write(wire, () => this.#waiting.delete(entry));
  }

  close(reason?: string): void {
    this.#reason ??= reason;
    this.#socket.destroy();
  }

  #write(text: string, written?: () => void): void {
    this.#socket.write(text, 'latin1', (error) => {
      if (error === null || error === undefined) written?.();
    });
    if (this.#socket.writableLength > this.#limits.unreadBytes) this.close('the peer does not read what it is sent');
  }

  #take(text: string): void {
    if (this.#drained !== undefined) {
      this.#drained += text.length;
      if (this.#drained > this.#limits.unreadBytes) this.close();
      return;
    }
    const before = this.#whole;
    const fault = this.#framer.push(text);
    if (fault !== undefined) {
      this.#drain(fault);
      return;
    }
    const torn = this.#framer.isInside;
    // Each piece of a torn message must not win new time: the first one counts, unless another message became whole before.
    if (torn && (!this.#torn || this.#whole > before)) {
      this.#wait(this.#limits.firstMessageMs, 'a message that stayed torn');
    } else if (!torn && (this.#whole > 0 || !this.#options.accepted)) {
      // Whoever has sent nothing but keep-alives so far has not shown yet that this is SIP.
      this.#wait(this.#limits.idleMs, undefined);
    }
    this.#torn = torn;
  }

  /**
   * Ends the connection so that the peer still gets what was answered last: with bytes left unread the system would reset
   * it and throw the answer away.
   */
  #drain(fault: string): void {
    this.#reason ??= fault;
    this.#drained = 0;
    this.#socket.end();
    this.#wait(this.#limits.drainMs, undefined);
  }

  #wait(ms: number, reason: string | undefined): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(reason), ms);
    this.#timer.unref();
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const failure: TransportFailure = { reason: `The connection to ${this.#peer} failed: ${this.#reason ?? 'closed'}` };
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#options.closed(this, this.#reason);
    for (const failed of waiting) failed(failure);
  }

  get #peer(): string {
    return `${this.source.host}:${this.source.port}`;
  }
}
