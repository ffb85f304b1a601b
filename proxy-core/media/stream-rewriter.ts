/**
 * Keeps one outgoing stream continuous: a single SSRC, sequence numbers that only the network's own losses break and
 * timestamps that follow the clock, whatever the source does to its own (RFC 3550 §5.1, §8; RFC 7160 §4).
 */
import type { RandomBelow } from './clock.ts';
import { type RtpPacket, sequenceDistance, timestampDistance } from './rtp-packet.ts';

/** A wider gap starts anew: werift loses the SRTP roll-over counter when more than 100 numbers are missing at the wrap. */
const MAX_GAP = 100;
/** A timestamp that is further than this from where the wall clock puts it was restarted by its source. */
const MAX_DRIFT_MS = 3000;

interface Source {
  readonly ssrc: number;
  readonly clockRate: number;
  sequenceOffset: number;
  timestampOffset: number;
  highest: number;
}

export class StreamRewriter {
  readonly ssrc: number;
  #source: Source | undefined;
  /** The last number and timestamp that went out, and when. */
  #sequence: number;
  #timestamp: number;
  #at: number | undefined;
  #event: { readonly from: number; readonly to: number } | undefined;

  constructor(random: RandomBelow) {
    this.ssrc = random(0xffffffff) + 1;
    // The lower half leaves SRTP far from its first wrap (RFC 3711 §3.3.1).
    this.#sequence = random(0x8000);
    this.#timestamp = random(2 ** 32);
  }

  /** The timestamp that sound of this moment would have in the outgoing stream. */
  timestampAt(now: number, clockRate: number): number {
    const elapsed = this.#at === undefined ? 0 : Math.max(0, now - this.#at);
    return (this.#timestamp + Math.round((elapsed * clockRate) / 1000)) >>> 0;
  }

  /** Gives a sound packet its place in the outgoing stream; the payload stays as it is. */
  sound(packet: RtpPacket, payloadType: number, clockRate: number, now: number): RtpPacket {
    const { source, anew } = this.#follow(packet, clockRate, now);
    const late = sequenceDistance(source.highest, packet.sequence) < 0;
    if (!late && this.#at !== undefined && !anew) this.#holdTimestamp(source, packet, now);
    const sequence = (packet.sequence + source.sequenceOffset) & 0xffff;
    const timestamp = (packet.timestamp + source.timestampOffset) >>> 0;
    if (!late) {
      source.highest = packet.sequence;
      this.#sequence = sequence;
      this.#timestamp = timestamp;
      this.#at = now;
    }
    return { ...packet, marker: packet.marker || anew, payloadType, sequence, timestamp, ssrc: this.ssrc };
  }

  /**
   * The same for a telephone-event packet. All packets of an event keep one timestamp, its start; with `ownClock` the
   * source counts events on another clock than its sound, and the start is taken from the time of arrival.
   */
  event(packet: RtpPacket, payloadType: number, clockRate: number, now: number, ownClock: boolean): RtpPacket {
    const { source } = this.#follow(packet, clockRate, now);
    const sequence = (packet.sequence + source.sequenceOffset) & 0xffff;
    if (sequenceDistance(source.highest, packet.sequence) >= 0) {
      source.highest = packet.sequence;
      this.#sequence = sequence;
    }
    let timestamp = (packet.timestamp + source.timestampOffset) >>> 0;
    if (ownClock) {
      if (this.#event?.from !== packet.timestamp) {
        this.#event = { from: packet.timestamp, to: this.timestampAt(now, clockRate) };
      }
      timestamp = this.#event.to;
    }
    return { ...packet, payloadType, sequence, timestamp, ssrc: this.ssrc };
  }

  #follow(packet: RtpPacket, clockRate: number, now: number): { source: Source; anew: boolean } {
    const current = this.#source;
    if (current && current.ssrc === packet.ssrc && current.clockRate === clockRate) {
      if (Math.abs(sequenceDistance(current.highest, packet.sequence)) <= MAX_GAP)
        return { source: current, anew: false };
    }
    const source: Source = {
      ssrc: packet.ssrc,
      clockRate,
      sequenceOffset: this.#sequence + 1 - packet.sequence,
      timestampOffset: this.#nextTimestamp(now, clockRate) - packet.timestamp,
      highest: packet.sequence,
    };
    this.#source = source;
    this.#event = undefined;
    return { source, anew: true };
  }

  /** For a new source: never the timestamp that is already out, even when its first packet comes in the same moment. */
  #nextTimestamp(now: number, clockRate: number): number {
    if (this.#at === undefined) return this.#timestamp;
    const least = (this.#timestamp + clockRate / 100) >>> 0;
    const natural = this.timestampAt(now, clockRate);
    return timestampDistance(least, natural) > 0 ? natural : least;
  }

  #holdTimestamp(source: Source, packet: RtpPacket, now: number): void {
    const expected = this.timestampAt(now, source.clockRate);
    const drift = timestampDistance(expected, (packet.timestamp + source.timestampOffset) >>> 0);
    if (Math.abs(drift) > (MAX_DRIFT_MS * source.clockRate) / 1000)
      source.timestampOffset = expected - packet.timestamp;
  }
}
