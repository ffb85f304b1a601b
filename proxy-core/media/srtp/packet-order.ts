/** Which packets of one stream have been seen: the index that 16 bits stand for, and no index twice (RFC 3711 §3.3.1, §3.3.2). */
import { sequenceDistance } from '../rtp-packet.ts';

/** In packets; the RFC asks for 64 at least. */
const WINDOW = 128;
/** Of RTP packets, and of RTCP packets, under one master key (RFC 3711 §9.2). */
export const MAX_RTP_INDEX = 2 ** 48;
export const MAX_RTCP_INDEX = 2 ** 31;

export class PacketOrder {
  #highest = -1;
  /** The index that each place of the window was last taken by. */
  readonly #seen = new Float64Array(WINDOW).fill(-1);

  /** The index nearest to the highest seen that ends in this sequence number: roll-overs × 65536 + number. */
  indexOf(sequence: number): number {
    if (this.#highest < 0) return sequence;
    return this.#highest + sequenceDistance(this.#highest % 0x10000, sequence);
  }

  /** Whether a packet with this index may still come: not below the window, not there already. */
  isNew(index: number): boolean {
    return index >= 0 && index > this.#highest - WINDOW && this.#seen[index % WINDOW] !== index;
  }

  /** One that proved to be genuine. */
  add(index: number): void {
    this.#seen[index % WINDOW] = index;
    if (index > this.#highest) this.#highest = index;
  }
}
