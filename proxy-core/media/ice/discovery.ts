/**
 * What a NAT makes of the addresses of two sockets, asked of a STUN server (RFC 8489 §6, RFC 3489 for old servers), and
 * asked again as long as the sockets are open, so that the NAT does not forget (RFC 8445 §11).
 */
import { addressFamily, addressKind, type Endpoint } from '../../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from '../clock.ts';
import type { PortPair } from '../port-pair.ts';
import { isSameEndpoint, plainEndpoint } from './candidate.ts';
import { newTransactionId } from './requests.ts';
import { ATTRIBUTE, BINDING, readAddress, readStun, writeStun } from './stun-message.ts';

/** When it is asked, after the first time; a call cannot wait for longer. */
const AGAIN_MS = [200, 600, 1_400] as const;
const PATIENCE_MS = 2_000;
const KEEP_MS = 15_000;

/** Where each socket is seen from outside, as far as the server told. */
export interface Mapped {
  readonly rtp?: Endpoint;
  readonly rtcp?: Endpoint;
}

export interface DiscoveryOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly ports: PortPair;
  readonly server: Endpoint;
  /** One of the two is known. */
  readonly found: () => void;
}

export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #server: Endpoint;
  readonly #timers = new Set<MediaTimer>();
  readonly #asked = new Map<string, 'rtp' | 'rtcp'>();
  #mapped: Mapped = {};
  #done: (() => void) | undefined;
  #closed = false;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#server = plainEndpoint(options.server);
    for (const socket of ['rtp', 'rtcp'] as const) {
      options.ports[socket].on('message', (data, from) => this.#answered(socket, data, from));
    }
  }

  /** What is known so far. */
  get mapped(): Mapped {
    return this.#mapped;
  }

  /** Resolves as soon as both are known, or after two seconds. */
  find(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = () => {
        this.#done = undefined;
        this.#stopTimers();
        if (!this.#closed) this.#keepOpen();
        resolve();
      };
      this.#ask();
      for (const wait of AGAIN_MS) this.#after(wait, () => this.#ask());
      this.#after(PATIENCE_MS, () => this.#done?.());
    });
  }

  close(): void {
    this.#closed = true;
    this.#stopTimers();
    this.#done?.();
  }

  #ask(): void {
    for (const socket of ['rtp', 'rtcp'] as const) {
      if (this.#mapped[socket]) continue;
      const transactionId = newTransactionId(this.#options.random);
      this.#asked.set(transactionId, socket);
      this.#send(socket, 'request', transactionId);
    }
  }

  /** An indication gets no answer; the way out is kept all the same. Nothing is kept where no server answers. */
  #keepOpen(): void {
    this.#asked.clear();
    if (!this.#mapped.rtp && !this.#mapped.rtcp) return;
    this.#after(KEEP_MS, () => {
      for (const socket of ['rtp', 'rtcp'] as const) {
        this.#send(socket, 'indication', newTransactionId(this.#options.random));
      }
      this.#keepOpen();
    });
  }

  #send(socket: 'rtp' | 'rtcp', kind: 'request' | 'indication', transactionId: string): void {
    const { address, port } = this.#options.server;
    const wire = writeStun({ kind, method: BINDING, transactionId }, []);
    this.#options.ports[socket].send(wire, port, address, () => undefined);
  }

  #answered(socket: 'rtp' | 'rtcp', data: Buffer, from: Endpoint): void {
    if (!this.#done || !isSameEndpoint(plainEndpoint(from), this.#server)) return;
    const message = readStun(data);
    if (message?.kind !== 'success' || this.#asked.get(message.transactionId) !== socket) return;
    const { attributes, transactionId } = message;
    const seen =
      readAddress(attributes.get(ATTRIBUTE.XOR_MAPPED_ADDRESS), transactionId) ??
      readAddress(attributes.get(ATTRIBUTE.MAPPED_ADDRESS), undefined);
    if (!seen || !this.#isUsable(seen)) return;
    this.#mapped = { ...this.#mapped, [socket]: seen };
    this.#options.found();
    if (this.#mapped.rtp && this.#mapped.rtcp) this.#done();
  }

  /** A server must not have us name an address that nobody should send to. */
  #isUsable({ address, port }: Endpoint): boolean {
    const { ports } = this.#options;
    const isHere = (one: string): boolean => one.startsWith('127.') || one === '::1';
    if (port === 0 || addressKind(address) !== 'unicast' || isHere(address) !== isHere(ports.address)) return false;
    return addressFamily(address) === addressFamily(ports.address);
  }

  #after(ms: number, run: () => void): void {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
