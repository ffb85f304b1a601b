/** What one incoming stream says of the way it came: loss, reordering, jitter (RFC 3550 §6.4.1, A.1, A.3, A.8). */
import { type RtpPacket, sequenceDistance, timestampDistance } from './rtp-packet.ts';

/** A step further than this, forwards or back, is a new start and no loss. */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;
/** How many sequence numbers back a duplicate is told from a late packet. */
const MEMORY = 1024;

export interface ReceptionReport {
  readonly ssrc: number;
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  readonly jitter: number;
}

export class Reception {
  #ssrc: number | undefined;
  #base = 0;
  /** Extended by the count of wraps; so are #base and what #seen remembers. */
  #highest = 0;
  #received = 0;
  #lostBefore = 0;
  #strayNext: number | undefined;
  #seen = new Float64Array(MEMORY).fill(-1);
  #jitter = 0;
  #clockRate = 8000;
  #last: { readonly timestamp: number; readonly at: number } | undefined;
  #reported = { expected: 0, received: 0 };

  /** Takes note of a packet that came at `now` (ms). False when it is a duplicate. */
  add(packet: RtpPacket, clockRate: number, now: number): boolean {
    const step = sequenceDistance(this.#highest & 0xffff, packet.sequence);
    if (packet.ssrc !== this.#ssrc) {
      this.#restart(packet);
    } else if (step > MAX_DROPOUT || step < -MAX_MISORDER) {
      // One stray number is passed over; a second that follows it shows that the source counts anew.
      const follows = packet.sequence === this.#strayNext;
      this.#strayNext = (packet.sequence + 1) & 0xffff;
      if (!follows) return true;
      this.#restart(packet);
    } else {
      this.#highest = Math.max(this.#highest, this.#highest + step);
    }
    const extended = this.#highest + sequenceDistance(this.#highest & 0xffff, packet.sequence);
    // A late packet from before the first one adjusts the base, so that it does not count as a surplus.
    this.#base = Math.min(this.#base, extended);
    const slot = ((extended % MEMORY) + MEMORY) % MEMORY;
    if (this.#seen[slot] === extended) return false;
    this.#seen[slot] = extended;
    this.#received += 1;
    this.#measureJitter(packet, clockRate, now);
    return true;
  }

  /** Packets missing so far, over every stream of this call. A late packet takes its loss back. */
  get lost(): number {
    return this.#lostBefore + Math.max(0, this.#expected - this.#received);
  }

  get jitterMs(): number {
    return (this.#jitter * 1000) / this.#clockRate;
  }

  /** The figures for a report block; undefined before the first packet. The fraction counts since the last call. */
  report(): ReceptionReport | undefined {
    if (this.#ssrc === undefined) return undefined;
    const expected = this.#expected - this.#reported.expected;
    const lost = expected - (this.#received - this.#reported.received);
    this.#reported = { expected: this.#expected, received: this.#received };
    return {
      ssrc: this.#ssrc,
      fractionLost: expected > 0 && lost > 0 ? Math.min(255, Math.floor((lost * 256) / expected)) : 0,
      cumulativeLost: this.#expected - this.#received,
      highestSequence: this.#highest % 2 ** 32,
      jitter: Math.floor(this.#jitter),
    };
  }

  get #expected(): number {
    return this.#ssrc === undefined ? 0 : this.#highest - this.#base + 1;
  }

  #restart(packet: RtpPacket): void {
    this.#lostBefore = this.lost;
    this.#ssrc = packet.ssrc;
    // One whole cycle up, so that packets from just before the first never go below zero.
    this.#base = this.#highest = 0x10000 + packet.sequence;
    this.#received = 0;
    this.#strayNext = undefined;
    this.#reported = { expected: 0, received: 0 };
    this.#seen.fill(-1);
    this.#last = undefined;
  }

  #measureJitter(packet: RtpPacket, clockRate: number, now: number): void {
    if (clockRate !== this.#clockRate) {
      this.#clockRate = clockRate;
      this.#last = undefined;
      this.#jitter = 0;
    }
    const last = this.#last;
    // Packets that share a timestamp (events, split frames) were not meant to be evenly spaced.
    if (last?.timestamp === packet.timestamp) return;
    this.#last = { timestamp: packet.timestamp, at: now };
    if (!last) return;
    const transit = ((now - last.at) * clockRate) / 1000 - timestampDistance(last.timestamp, packet.timestamp);
    // A pause or a restarted timestamp says nothing of the network.
    if (Math.abs(transit) > clockRate) return;
    this.#jitter += (Math.abs(transit) - this.#jitter) / 16;
  }
}
