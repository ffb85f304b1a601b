/** One UDP socket as a listener (RFC 3261 §18). A flow is the pair of it and a remote address. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { FlowId, Source, TransportFailure } from '../../sip/transport/port.ts';
import { fixedSentBy, type ListenAddress, listenError, listenerName } from './listen-address.ts';
import { answerStun, mayBeStun } from './stun.ts';

export interface UdpOptions {
  readonly address: ListenAddress;
  /** Whether nothing from there is to be answered. */
  readonly refuses: (host: string) => boolean;
  readonly received: (wire: string, source: Source) => void;
  readonly warn: (sentence: string) => void;
  /** STUN that is no request for us. */
  readonly stun?: ((data: Buffer, host: string, port: number) => void) | undefined;
}

/** Room for a burst while the program is busy; the system may grant less. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Shorter datagrams are keep-alives (CRLF, or a few zeros), not messages. */
const MIN_BYTES = 16;

export class UdpListener {
  readonly name: string;
  readonly address: ListenAddress;
  /** `host:port` in Via; undefined where it depends on the peer. */
  readonly sentBy: string | undefined;
  readonly #socket: Socket;
  readonly #refuses: UdpOptions['refuses'];
  readonly #received: UdpOptions['received'];
  readonly #stun: UdpOptions['stun'];
  readonly #sources: Sources;
  #closed = false;

  /** Rejects with ListenError. */
  static async open(options: UdpOptions): Promise<UdpListener> {
    const { host, port } = options.address;
    const six = isIP(host) === 6;
    const socket = createSocket({
      type: six ? 'udp6' : 'udp4',
      ipv6Only: six,
      recvBufferSize: BUFFER_BYTES,
      sendBufferSize: BUFFER_BYTES,
      // Only addresses come here: to ask the resolver for each datagram would cost more than to send it.
      lookup: (name, _options, found) => found(null, name, isIP(name)),
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(listenError(error, options.address));
      });
      socket.bind({ address: host, port }, () => {
        socket.removeAllListeners('error');
        resolve();
      });
    });
    return new UdpListener(socket, options);
  }

  private constructor(socket: Socket, options: UdpOptions) {
    this.address = { ...options.address, port: socket.address().port };
    this.name = listenerName(this.address);
    this.sentBy = fixedSentBy(this.address);
    this.#socket = socket;
    this.#refuses = options.refuses;
    this.#received = options.received;
    this.#stun = options.stun;
    this.#sources = new Sources(this.name);
    socket.on('message', (data, from) => this.#take(data, from));
    // The socket goes on after an error such as an ICMP refusal.
    socket.on('error', (error) => options.warn(`${this.name}: ${error.message}`));
  }

  send(host: string, port: number, wire: string, failed: (failure: TransportFailure) => void): void {
    if (this.#closed) {
      queueMicrotask(() => failed({ reason: `${this.name} is closed` }));
      return;
    }
    this.#socket.send(Buffer.from(wire, 'latin1'), port, host, (error) => {
      if (error !== null && error !== undefined) {
        failed({ reason: `The datagram to ${host} could not be sent: ${error.message}`, cause: error });
      }
    });
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #take(data: Buffer, { address: host, port }: RemoteInfo): void {
    if (this.#closed || data.length < MIN_BYTES) return;
    if (mayBeStun(data)) {
      const answer = this.#refuses(host) ? undefined : answerStun(data, host, port);
      // What the system would not send, the phone asks again.
      if (answer !== undefined) this.#socket.send(answer, port, host, () => {});
      else this.#stun?.(data, host, port);
      return;
    }
    this.#received(data.toString('latin1'), this.#sources.of(host, port));
  }
}

/** More senders than this at a time are a flood. */
const MAX_SOURCES = 20_000;

/** Each sender is described once, not with every datagram: what lingers of thousands of requests then shares it. */
class Sources {
  readonly #listener: string;
  readonly #known = new Map<string, Map<number, Source>>();
  #count = 0;

  constructor(listener: string) {
    this.#listener = listener;
  }

  of(host: string, port: number): Source {
    let ports = this.#known.get(host);
    const known = ports?.get(port);
    if (known !== undefined) return known;
    if (this.#count >= MAX_SOURCES) {
      this.#known.clear();
      this.#count = 0;
      ports = undefined;
    }
    if (ports === undefined) {
      ports = new Map();
      this.#known.set(host, ports);
    }
    const listener = this.#listener;
    const source: Source = { transport: 'UDP', host, port, flow: udpFlow(listener, host, port), listener };
    ports.set(port, source);
    this.#count++;
    return source;
  }
}

/** The same after a restart, so that a binding kept in the store still names its path. */
const udpFlow = (listener: string, host: string, port: number): FlowId => `${listener}>${host}:${port}` as FlowId;

/** The listener of a flow that `udpFlow` named. */
export const listenerOfFlow = (flow: FlowId): string => flow.slice(0, Math.max(0, flow.indexOf('>')));
