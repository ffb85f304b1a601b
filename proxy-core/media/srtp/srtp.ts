/** Protects what we send, and opens what a peer sends, under one master key each (RFC 3711 §3.3, §3.4). */
import { rtpHeaderLength } from '../rtp-packet.ts';
import { CounterMode } from './counter-mode.ts';
import { GaloisMode } from './galois-mode.ts';
import { type PacketCipher, RTCP_CLEAR, rtcpIndex } from './packet-cipher.ts';
import { MAX_RTCP_INDEX, MAX_RTP_INDEX, PacketOrder } from './packet-order.ts';
import type { SrtpSuite } from './suites.ts';

export interface MasterKey {
  readonly suite: SrtpSuite;
  /** Key and salt, one after the other, `suite.keyLength + suite.saltLength` bytes. */
  readonly material: Buffer;
  /** Which key it is, where packets say so (RFC 3711 §3.1); empty where they do not. */
  readonly mki?: Buffer | undefined;
}

/** Streams of one peer that are told apart; when there are more, the one that was quiet longest is forgotten. */
const MAX_STREAMS = 16;

export class SrtpSender {
  readonly #cipher: PacketCipher;
  readonly #rtp = new Streams();
  readonly #rtcp = new Map<number, number>();

  /** @throws RangeError when the material is not as long as the suite says. */
  constructor(key: MasterKey) {
    this.#cipher = cipherOf(key);
  }

  /** Undefined where no packet may go out: malformed, or its number was used (one key stream must not serve twice). */
  rtp(packet: Buffer): Buffer | undefined {
    const headerLength = rtpHeaderLength(packet);
    if (headerLength === undefined) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const order = this.#rtp.get(ssrc);
    const index = order.indexOf(packet.readUInt16BE(2));
    if (!order.isNew(index) || index >= MAX_RTP_INDEX) return undefined;
    order.add(index);
    this.#rtp.keep(ssrc, order);
    return this.#cipher.sealRtp(packet, headerLength, ssrc, index);
  }

  /** @param packet a compound one. Undefined when it is cut short, or the key has served too long. */
  rtcp(packet: Buffer): Buffer | undefined {
    if (packet.length < RTCP_CLEAR) return undefined;
    const ssrc = packet.readUInt32BE(4);
    const index = (this.#rtcp.get(ssrc) ?? 0) + 1;
    if (index >= MAX_RTCP_INDEX) return undefined;
    this.#rtcp.set(ssrc, index);
    return this.#cipher.sealRtcp(packet, ssrc, index);
  }
}

export class SrtpReceiver {
  readonly #cipher: PacketCipher;
  readonly #rtp = new Streams();
  readonly #rtcp = new Streams();

  /** @throws RangeError when the material is not as long as the suite says. */
  constructor(key: MasterKey) {
    this.#cipher = cipherOf(key);
  }

  /** The RTP packet inside; undefined when it is malformed, forged, or came before. */
  rtp(packet: Buffer): Buffer | undefined {
    const headerLength = rtpHeaderLength(packet);
    if (headerLength === undefined) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const order = this.#rtp.get(ssrc);
    const index = order.indexOf(packet.readUInt16BE(2));
    if (!order.isNew(index)) return undefined;
    const plain = this.#cipher.openRtp(packet, headerLength, ssrc, index);
    if (plain) {
      order.add(index);
      this.#rtp.keep(ssrc, order);
    }
    return plain;
  }

  /** The RTCP packet inside; undefined when it is malformed, forged, or came before. */
  rtcp(packet: Buffer): Buffer | undefined {
    const word = this.#cipher.rtcpWord(packet);
    if (word === undefined) return undefined;
    const ssrc = packet.readUInt32BE(4);
    const order = this.#rtcp.get(ssrc);
    const index = rtcpIndex(word);
    if (!order.isNew(index)) return undefined;
    const plain = this.#cipher.openRtcp(packet, ssrc);
    if (plain) {
      order.add(index);
      this.#rtcp.keep(ssrc, order);
    }
    return plain;
  }
}

/** What is known of each stream. One that is not known is new, and kept only once a packet of it was genuine. */
class Streams {
  readonly #orders = new Map<number, PacketOrder>();
  /** Nearly every packet is of the same one as the packet before. */
  #latest: PacketOrder | undefined;

  get(ssrc: number): PacketOrder {
    return this.#orders.get(ssrc) ?? new PacketOrder();
  }

  keep(ssrc: number, order: PacketOrder): void {
    if (order === this.#latest) return;
    this.#latest = order;
    this.#orders.delete(ssrc);
    this.#orders.set(ssrc, order);
    if (this.#orders.size <= MAX_STREAMS) return;
    const [quietest] = this.#orders.keys();
    if (quietest !== undefined) this.#orders.delete(quietest);
  }
}

function cipherOf({ suite, material, mki = Buffer.alloc(0) }: MasterKey): PacketCipher {
  if (material.length !== suite.keyLength + suite.saltLength) {
    throw new RangeError(`${suite.name} wants ${suite.keyLength + suite.saltLength} bytes of key and salt`);
  }
  return suite.saltLength === 12 ? new GaloisMode(suite, material, mki) : new CounterMode(suite, material, mki);
}
