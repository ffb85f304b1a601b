/**
 * One direction of one call as it is measured: packets that were made and protected before the clock runs, and a note of
 * when each left and came. What those who talk do themselves is thereby the same for every kind of call: a datagram out, a
 * datagram in, its header read.
 */
import { performance } from 'node:perf_hooks';
import { looksLikeRtcp, parseRtp, serialiseRtp } from '../../../proxy-core/media/rtp-packet.ts';
import { type MasterKey, SrtpReceiver, SrtpSender } from '../../../proxy-core/media/srtp/srtp.ts';

/** 20 ms of G.711. */
const PAYLOAD = 160;
/** The first ones pay for what is made once, and tell how packets are numbered on the other side. */
export const WARM_UP = 10;

export interface StreamOptions {
  readonly packets: number;
  readonly ssrc: number;
  readonly send: (data: Buffer) => void;
  /** Keys by which it leaves and comes; in the clear where there are none. */
  readonly sealed?: MasterKey | undefined;
  readonly opened?: MasterKey | undefined;
}

export class Stream {
  /** One way, ms, in the order of their coming. */
  readonly delays: Float64Array;
  count = 0;
  longestGap = 0;
  readonly #packets: readonly Buffer[];
  readonly #sentAt: Float64Array;
  readonly #send: (data: Buffer) => void;
  readonly #receiver: SrtpReceiver | undefined;
  /** What is added to our numbers on the way. */
  #offset: number | undefined;
  #lastAt = 0;

  constructor({ packets, ssrc, send, sealed, opened }: StreamOptions) {
    const sender = sealed && new SrtpSender(sealed);
    this.#packets = Array.from({ length: packets + WARM_UP }, (_, sequence) => packet(ssrc, sequence, sender));
    this.#sentAt = new Float64Array(packets + WARM_UP);
    this.delays = new Float64Array(packets);
    this.#send = send;
    this.#receiver = opened && new SrtpReceiver(opened);
  }

  say(at: number): void {
    const data = this.#packets[at];
    if (data === undefined) return;
    this.#sentAt[at] = performance.now();
    this.#send(data);
  }

  /** @throws where the first or the last is not what was sent. */
  heard(data: Buffer): void {
    const now = performance.now();
    // Reports, and what a gateway asks of a peer that has not spoken yet.
    if (data.length < PAYLOAD || looksLikeRtcp(data)) return;
    const sequence = data.readUInt16BE(2);
    this.#offset ??= sequence - this.#numberIn(data);
    const at = (sequence - this.#offset) & 0xffff;
    if (at >= WARM_UP && this.count < this.delays.length) {
      this.delays[this.count++] = now - (this.#sentAt[at] ?? 0);
      if (this.#lastAt !== 0) this.longestGap = Math.max(this.longestGap, now - this.#lastAt);
      this.#lastAt = now;
    }
    if (at === this.#packets.length - 1 && this.#numberIn(data) !== at)
      throw new Error('another packet came than was sent');
  }

  /** Whether the numbers of the other side are known. */
  get isThrough(): boolean {
    return this.#offset !== undefined;
  }

  #numberIn(data: Buffer): number {
    const plain = this.#receiver ? this.#receiver.rtp(data) : data;
    const payload = plain && parseRtp(plain)?.payload;
    if (payload?.length !== PAYLOAD) throw new Error('what came is not what was sent');
    return payload.readUInt32BE(0);
  }
}

function packet(ssrc: number, sequence: number, sender: SrtpSender | undefined): Buffer {
  const payload = Buffer.alloc(PAYLOAD, 0xd5);
  payload.writeUInt32BE(sequence, 0);
  const timestamp = sequence * PAYLOAD;
  const plain = serialiseRtp({ marker: false, payloadType: 0, sequence, timestamp, ssrc, payload });
  const wire = sender ? sender.rtp(plain) : plain;
  if (wire === undefined) throw new Error('a packet could not be protected');
  return wire;
}
