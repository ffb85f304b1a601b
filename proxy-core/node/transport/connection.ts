/**
 * What every connection has in common, whatever it is made of: its place in the network, who waits for bytes to be taken,
 * one time limit at a time, and an end that is told once.
 */

import { phrase } from '../../server/phrase.ts';
import type { Source, TransportFailure } from '../../sip/transport/port.ts';
import type { PeerNames } from '../tls/sip-identity.ts';
import type { StreamLimits } from './stream-limits.ts';

export interface ConnectionOptions {
  /** For a connection that we open, host and port are the address that we open it to. */
  readonly source: Source;
  readonly accepted: boolean;
  readonly limits: StreamLimits;
  readonly received: (wire: string, source: Source) => void;
  readonly lost?: (bytes: string, source: Source) => void;
  /** The peer answered a keep-alive of ours (RFC 5626 §4.4.1). */
  readonly ponged?: (() => void) | undefined;
  /** Called once. `reason` is undefined where the peer or we closed it in the ordinary way. */
  readonly closed: (connection: Connection, reason: string | undefined) => void;
}

/** In bytes. */
const MOST_UNREAD_PONGS = 1024;

type Failed = (failure: TransportFailure) => void;

export abstract class Connection {
  readonly source: Source;
  readonly accepted: boolean;
  /** Whom a certificate that we checked says is at the other end. */
  peer: PeerNames | undefined;
  protected readonly limits: StreamLimits;
  readonly #closed: ConnectionOptions['closed'];
  /** Those whose bytes the system has not taken yet. */
  readonly #waiting = new Set<Failed>();
  #reason: string | undefined;
  #over = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    this.source = options.source;
    this.accepted = options.accepted;
    this.limits = options.limits;
    this.#closed = options.closed;
  }

  send(wire: string, failed: Failed): void {
    if (this.#over || !this.isWritable) {
      queueMicrotask(() => failed({ reason: `The connection to ${this.#name} is closed` }));
      return;
    }
    const entry: Failed = (failure) => failed(failure);
    this.#waiting.add(entry);
    this.write(wire, () => this.#waiting.delete(entry));
    if (this.unreadBytes > this.limits.unreadBytes) this.close(phrase('the peer does not read what it is sent'));
  }

  /** Answers a keep-alive, unless the peer does not read: such answers would only pile up. */
  protected pong(): void {
    if (this.unreadBytes < MOST_UNREAD_PONGS) this.write('\r\n');
  }

  close(reason?: string): void {
    this.because(reason);
    this.destroy();
  }

  /** Whether the other end may stand for this name (RFC 5922 §7.2, RFC 5923 §9.1). */
  serves(name: string | undefined): boolean {
    return name === undefined || this.peer?.includes(name) === true;
  }

  protected abstract get isWritable(): boolean;
  /** What was written and not yet taken by the system. */
  protected abstract get unreadBytes(): number;
  /** `written` is called when the system has taken the bytes, and not at all when it never will. */
  protected abstract write(wire: string, written?: () => void): void;
  /** Leads to `ended`. */
  protected abstract destroy(): void;

  /** The first reason counts. */
  protected because(reason: string | undefined): void {
    this.#reason ??= reason;
  }

  /** Ends the connection after `ms`; takes the place of the limit that was there before. */
  protected wait(ms: number, reason: string | undefined): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(reason), ms);
    this.#timer.unref();
  }

  /** Takes the time limit away: something else tells whether the peer is there. */
  protected waitNoMore(): void {
    clearTimeout(this.#timer);
  }

  /** The last event of what the connection is made of. */
  protected ended(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    const failure: TransportFailure = { reason: `The connection to ${this.#name} failed: ${this.#reason ?? 'closed'}` };
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#closed(this, this.#reason);
    for (const failed of waiting) failed(failure);
  }

  get #name(): string {
    return `${this.source.host}:${this.source.port}`;
  }
}
