/** Carries key presses from one event clock to another (RFC 4733 §2.3, §2.5.1.3): 48 kHz beside Opus, 8 kHz at most peers. */
import { type RtpPacket, timestampDistance } from './rtp-packet.ts';

const MAX_DURATION = 0xffff;
/** An event this long in ms is no key press any more; later segments count as new events. */
const MAX_EVENT_MS = 8000;

/** The next segment of an event begins where the last ended; Chromium begins it up to a packet later. */
const SEGMENT_TOLERANCE_MS = 100;
const END_BIT = 0x80;

interface Event {
  readonly code: number;
  readonly start: number;
  /** Timestamp and length of the present segment. */
  segment: number;
  duration: number;
  ended: boolean;
}

/**
 * Rescales durations. A long event that its source cut into segments becomes one event again with the timestamp of its
 * start: at the slower clock it fits into one, and a peer would count each segment as another key press.
 */
export class EventScaler {
  readonly #from: number;
  readonly #to: number;
  #event: Event | undefined;

  /** The clocks in Hz. */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  /** The packet for the other clock; the same one when the clocks agree, undefined when it is no telephone-event. */
  scale(packet: RtpPacket): RtpPacket | undefined {
    if (packet.payload.length < 4) return undefined;
    if (this.#from === this.#to) return packet;
    const code = packet.payload.readUInt8(0);
    const duration = packet.payload.readUInt16BE(2);
    const ended = (packet.payload.readUInt8(1) & END_BIT) !== 0;
    const start = this.#startOf(code, packet, duration, ended);
    const whole = ((packet.timestamp - start) >>> 0) + duration;
    const payload = Buffer.from(packet.payload);
    payload.writeUInt16BE(Math.min(MAX_DURATION, Math.round((whole * this.#to) / this.#from)), 2);
    return { ...packet, timestamp: start, payload };
  }

  #startOf(code: number, packet: RtpPacket, duration: number, ended: boolean): number {
    const event = this.#event;
    if (event && event.code === code && packet.timestamp === event.segment) {
      event.duration = Math.max(event.duration, duration);
      event.ended ||= ended;
      return event.start;
    }
    if (event && event.code === code && !packet.marker && this.#continues(event, packet.timestamp)) {
      this.#event = { ...event, segment: packet.timestamp, duration, ended };
      return event.start;
    }
    this.#event = { code, start: packet.timestamp, segment: packet.timestamp, duration, ended };
    return packet.timestamp;
  }

  #continues(event: Event, timestamp: number): boolean {
    const gap = timestampDistance((event.segment + event.duration) >>> 0, timestamp);
    const length = (timestamp - event.start) >>> 0;
    return (
      !event.ended &&
      gap >= 0 &&
      gap <= (SEGMENT_TOLERANCE_MS * this.#from) / 1000 &&
      length <= (MAX_EVENT_MS * this.#from) / 1000
    );
  }
}
