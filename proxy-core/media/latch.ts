/**
 * Symmetric RTP: where to send, learnt from where the peer's packets come from (RFC 4961, RFC 7362).
 *
 * - Until a packet came, the address of the SDP is the target.
 * - The first packet that fits (RTP of an agreed payload type) makes its source the target. From then on packets of
 *   other sources are dropped, so that nobody can slip sound into a call or draw it to himself.
 * - The address that the SDP names always wins, at once.
 * - Another source takes over only after the present one was silent for RELATCH_SILENCE_MS and the new one sent
 *   RELATCH_PACKETS packets of one SSRC in sequence.
 * - A new SDP address starts all over.
 * - Whoever knows more of the peer gives a `trust`: sources that may never latch, and those that must prove themselves as
 *   if another had been there before.
 */
import type { Endpoint } from '../sip/sdp/index.ts';
import { type RtpPacket, sequenceDistance } from './rtp-packet.ts';

export const RELATCH_SILENCE_MS = 1000;
export const RELATCH_PACKETS = 5;

const sameEndpoint = (a: Endpoint | undefined, b: Endpoint | undefined): boolean =>
  a?.address === b?.address && a?.port === b?.port;

/** Whether packets from an address may latch at once, after `RELATCH_PACKETS` in sequence, or never. */
export type Trust = 'now' | 'after-proof' | 'never';

const trustAll = (): Trust => 'now';

export class SymmetricLatch {
  readonly #trust: (address: string) => Trust;
  #announced: Endpoint | undefined;
  #latched: Endpoint | undefined;
  #lastAt = 0;
  #candidate: { readonly from: Endpoint; readonly ssrc: number; sequence: number; count: number } | undefined;

  constructor(trust: (address: string) => Trust = trustAll) {
    this.#trust = trust;
  }

  /** The peer's description names this address now; undefined when it names none (hold by 0.0.0.0). */
  announce(endpoint: Endpoint | undefined): void {
    if (sameEndpoint(endpoint, this.#announced)) return;
    // A hold without an address keeps what was learnt: the peer comes back from the same place or names a new one.
    if (endpoint) {
      this.#latched = undefined;
      this.#candidate = undefined;
    }
    this.#announced = endpoint;
  }

  /** Whether a packet has told where the peer is. */
  get isLatched(): boolean {
    return this.#latched !== undefined;
  }

  get target(): Endpoint | undefined {
    return this.#latched ?? this.#announced;
  }

  /** Whether this is the source that was latched; if so, it is alive at `now`. The way of nearly every packet. */
  holds(address: string, port: number, now: number): boolean {
    const current = this.#latched;
    if (current === undefined || current.port !== port || current.address !== address) return false;
    this.#lastAt = now;
    this.#candidate = undefined;
    return true;
  }

  /** Starts all over, whatever the description says. */
  reset(): void {
    this.#latched = undefined;
    this.#candidate = undefined;
  }

  /** Whether a packet that fits may pass, given where it came from. */
  accept(from: Endpoint, packet: Pick<RtpPacket, 'ssrc' | 'sequence'>, now: number): boolean {
    const current = this.#latched;
    if (
      sameEndpoint(from, current) ||
      sameEndpoint(from, this.#announced) ||
      this.#isPreferred(from, current) ||
      this.#takesOver(from, packet, now)
    ) {
      this.#latched = sameEndpoint(from, current) ? current : { address: from.address, port: from.port };
      this.#lastAt = now;
      this.#candidate = undefined;
      return true;
    }
    return false;
  }

  /** The first to be trusted at once, also before one who only proved himself. */
  #isPreferred(from: Endpoint, current: Endpoint | undefined): boolean {
    if (this.#trust(from.address) !== 'now') return false;
    return current === undefined || this.#trust(current.address) !== 'now';
  }

  #takesOver(from: Endpoint, packet: Pick<RtpPacket, 'ssrc' | 'sequence'>, now: number): boolean {
    if (this.#trust(from.address) === 'never') return false;
    if (now - this.#lastAt < RELATCH_SILENCE_MS) return false;
    const candidate = this.#candidate;
    const follows =
      candidate !== undefined &&
      sameEndpoint(candidate.from, from) &&
      candidate.ssrc === packet.ssrc &&
      sequenceDistance(candidate.sequence, packet.sequence) === 1;
    if (!follows) {
      this.#candidate = { from: { ...from }, ssrc: packet.ssrc, sequence: packet.sequence, count: 1 };
      return false;
    }
    candidate.sequence = packet.sequence;
    candidate.count += 1;
    return candidate.count >= RELATCH_PACKETS;
  }
}
