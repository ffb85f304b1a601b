/**
 * Keeps the way to a server open and tells when it is gone (RFC 5626 §4.4): empty lines on a connection, answered by one;
 * on UDP the question how we are seen, where the server is known to answer it, else empty lines that nobody answers.
 */
import { ATTRIBUTE, BINDING, readAddress, readStun, writeStun } from '../../../proxy-core/media/ice/stun-message.ts';
import type { Clock, RandomHex, Timer } from '../../../proxy-core/sip/transaction/clock.ts';

export interface KeepAliveOptions {
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly kind: 'stream' | 'datagram';
  readonly send: (bytes: string) => void;
  /** The way is gone, or leads back to another place; `reason` is a sentence. */
  readonly dead: (reason: string) => void;
}

/** Routers forget a UDP way after half a minute, and a dead connection should not be believed in for long. */
const EVERY_MS = 29_000;
const PONG_WITHIN_MS = 10_000;
/** When the question is asked again, and at last given up. */
const AGAIN_MS = [500, 1_000, 2_000, 4_000] as const;
const EMPTY_LINES = '\r\n\r\n';
const NO_ANSWER = 'The server answers no signs of life.';

export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #everyMs = EVERY_MS;
  /** Whether the server answers: it said so, or it did before. */
  #answers = false;
  #timer: Timer | undefined;
  #patience: Timer | undefined;
  #asked = '';
  #seen: string | undefined;
  #stopped = false;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#next();
  }

  /** The server has RFC 5626; @param seconds its Flow-Timer, where it gave one (§4.4.1). */
  promised(seconds: number | undefined): void {
    this.#answers = true;
    if (seconds !== undefined && seconds > 0) this.#everyMs = Math.min(EVERY_MS, Math.max(seconds, 5) * 1_000);
  }

  /** An empty line came back on the connection. */
  ponged(): void {
    this.#answers = true;
    this.#patience?.cancel();
    this.#patience = undefined;
  }

  /** Something that may be the answer to a question came from the server. */
  stun(data: Buffer): void {
    const message = readStun(data);
    if (message === undefined || message.transactionId !== this.#asked || message.kind !== 'success') return;
    this.#asked = '';
    this.ponged();
    const { attributes, transactionId } = message;
    const seen = readAddress(attributes.get(ATTRIBUTE.XOR_MAPPED_ADDRESS), transactionId);
    const text = seen && `${seen.address} ${seen.port}`;
    const before = this.#seen;
    this.#seen = text;
    if (before !== undefined && text !== before) this.#options.dead('The network gave this phone another address.');
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#patience?.cancel();
  }

  /** Between 80 and 100 % of the time, so that phones that came together do not stay so. */
  #next(): void {
    if (this.#stopped) return;
    const { clock, random } = this.#options;
    const share = 0.8 + (0.2 * Number.parseInt(random(2), 16)) / 0xffff;
    this.#timer = clock.after(this.#everyMs * share, () => {
      this.#ping();
      this.#next();
    });
  }

  #ping(): void {
    const { kind, send, clock, random } = this.#options;
    if (kind === 'datagram' && this.#answers) {
      this.#asked = random(12);
      this.#ask(0);
      return;
    }
    send(EMPTY_LINES);
    if (kind === 'stream' && this.#answers && this.#patience === undefined) {
      this.#patience = clock.after(PONG_WITHIN_MS, () => this.#gone());
    }
  }

  #ask(attempt: number): void {
    const wait = AGAIN_MS[attempt];
    if (wait === undefined) {
      this.#gone();
      return;
    }
    const question = writeStun({ kind: 'request', method: BINDING, transactionId: this.#asked }, []);
    this.#options.send(question.toString('latin1'));
    this.#patience?.cancel();
    this.#patience = this.#options.clock.after(wait, () => this.#ask(attempt + 1));
  }

  #gone(): void {
    this.stop();
    this.#options.dead(NO_ANSWER);
  }
}
