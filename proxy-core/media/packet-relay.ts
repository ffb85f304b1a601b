/**
 * One stream of a call between two others: packets pass as they are, SRTP, DTLS and STUN included, between the ports that
 * each side was given. Where a side really is, its own packets tell (RFC 7362, RFC 4961); nobody else gets in.
 */
import type { RemoteInfo, Socket } from 'node:dgram';
import type { Endpoint, RelayPeer } from '../sip/sdp/index.ts';
import type { MediaClock } from './clock.ts';
import { SymmetricLatch, type Trust } from './latch.ts';
import type { PortPair } from './port-pair.ts';
import { RateLimit } from './rate-limit.ts';
import { looksLikeRtcp, sequenceDistance } from './rtp-packet.ts';

/** Counted over all streams of a relay. */
export interface RelayTotals {
  packets: number;
  bytes: number;
  /** Gaps in the sequence numbers of RTP: lost before they came here. */
  lost: number;
  /** From strangers, faster than anybody talks, or for nobody. */
  dropped: number;
}

/** Video in a large picture; one side cannot use up the machine. */
const PACKETS_PER_SECOND = 5000;
const BURST = 2500;
const RTP_HEADER = 12;
/** Another port of the same address takes RTCP over after this silence, in ms. */
const RTCP_SILENCE_MS = 15_000;

const ignore = (): void => undefined;
/** No packet has one like it. */
const NO_SSRC = -1;

/** One end of a stream: our ports for a side, and where that side is. */
class Leg {
  readonly ports: PortPair;
  readonly latch: SymmetricLatch;
  readonly limit = new RateLimit(PACKETS_PER_SECOND, BURST);
  peer: RelayPeer | undefined;
  rtcpFrom: Endpoint | undefined;
  rtcpAt = 0;
  ssrc = NO_SSRC;
  sequence = -1;

  constructor(ports: PortPair) {
    this.ports = ports;
    this.latch = new SymmetricLatch((address) => this.#trust(address));
  }

  announce(peer: RelayPeer): void {
    const before = this.peer;
    this.peer = peer;
    const isElsewhere = before !== undefined && before.expected !== peer.expected;
    if (isElsewhere) {
      this.latch.reset();
      this.rtcpFrom = undefined;
    }
    this.latch.announce(peer.rtp);
  }

  #trust(address: string): Trust {
    const { peer } = this;
    if (peer === undefined) return 'never';
    if (address === peer.expected) return 'now';
    return peer.isStrict ? 'never' : 'after-proof';
  }
}

export class PacketRelay {
  /** When a packet last passed, in the ms of the clock; 0 before the first. */
  lastPacketAt = 0;
  readonly #legs: readonly [Leg, Leg];
  readonly #clock: MediaClock;
  readonly #totals: RelayTotals;
  #isClosed = false;

  /** @param totals counts along. The ports are closed with the relay. */
  constructor(ports: readonly [PortPair, PortPair], clock: MediaClock, totals: RelayTotals) {
    this.#clock = clock;
    this.#totals = totals;
    const [a, b] = [new Leg(ports[0]), new Leg(ports[1])];
    this.#legs = [a, b];
    this.#join(a, b);
    this.#join(b, a);
  }

  /** What the description of a side says now. */
  announce(side: 0 | 1, peer: RelayPeer): void {
    this.#legs[side].announce(peer);
  }

  port(side: 0 | 1): number {
    return this.#legs[side].ports.port;
  }

  /** Whether RTP ever came from this side. */
  heard(side: 0 | 1): boolean {
    return this.#legs[side].ssrc !== NO_SSRC;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#legs.map(({ ports }) => ports.close()));
  }

  #join(from: Leg, to: Leg): void {
    from.ports.rtp.on('message', (data, remote) => this.#media(from, to, data, remote));
    from.ports.rtcp.on('message', (data, remote) => this.#control(from, to, data, remote));
  }

  #media(from: Leg, to: Leg, data: Buffer, remote: RemoteInfo): void {
    const now = this.#clock.now();
    const isRtp = from.peer?.isRtp === true && (data[0] ?? 0) >> 6 === 2 && data.length >= RTP_HEADER;
    const isPacket = isRtp && !looksLikeRtcp(data);
    if (!from.latch.holds(remote.address, remote.port, now) && !this.#admits(from, data, remote, now, isPacket)) {
      this.#totals.dropped++;
      return;
    }
    if (!from.limit.take(now)) {
      this.#totals.dropped++;
      return;
    }
    if (isPacket) this.#count(from, data);
    this.#pass(to.ports.rtp, data, to.latch.target, now);
  }

  /** Only RTP can prove whose it is: anything else comes from where it must, or not at all. */
  #admits(from: Leg, data: Buffer, remote: RemoteInfo, now: number, isPacket: boolean): boolean {
    if (isPacket) {
      const packet = { ssrc: data.readUInt32BE(8), sequence: data.readUInt16BE(2) };
      return from.latch.accept(remote, packet, now);
    }
    const { peer, latch } = from;
    if (peer === undefined || remote.address !== peer.expected) return false;
    // STUN and DTLS come before the first RTP and open the way for it; T.38 has nothing else.
    return latch.accept(remote, NOT_RTP, now);
  }

  #control(from: Leg, to: Leg, data: Buffer, remote: RemoteInfo): void {
    const now = this.#clock.now();
    const { rtcpFrom } = from;
    const isKnown = rtcpFrom !== undefined && rtcpFrom.port === remote.port && rtcpFrom.address === remote.address;
    if (!isKnown) {
      const address = from.latch.isLatched ? from.latch.target?.address : from.peer?.expected;
      const isFree = rtcpFrom === undefined || rtcpFrom.address !== address || now - from.rtcpAt > RTCP_SILENCE_MS;
      if (remote.address !== address || !isFree) {
        this.#totals.dropped++;
        return;
      }
      from.rtcpFrom = { address: remote.address, port: remote.port };
    }
    if (!from.limit.take(now)) return;
    from.rtcpAt = now;
    this.#pass(to.ports.rtcp, data, to.rtcpFrom ?? to.peer?.rtcp, now);
  }

  #pass(socket: Socket, data: Buffer, target: Endpoint | undefined, now: number): void {
    // Nobody listens on port 0, but datagrams come from there, and a description names 65535 without an RTCP port above.
    if (target === undefined || target.port < 1 || target.port > 65_535 || this.#isClosed) {
      this.#totals.dropped++;
      return;
    }
    this.lastPacketAt = now;
    this.#totals.packets++;
    this.#totals.bytes += data.length;
    // Without a callback an unreachable network would come back as an event of the socket.
    socket.send(data, target.port, target.address, ignore);
  }

  #count(leg: Leg, data: Buffer): void {
    const ssrc = data.readUInt32BE(8);
    const sequence = data.readUInt16BE(2);
    if (ssrc !== leg.ssrc) {
      leg.ssrc = ssrc;
      leg.sequence = sequence;
      return;
    }
    const ahead = sequenceDistance(leg.sequence, sequence);
    if (ahead > 0) {
      // A jump is a new beginning, not a loss of thousands.
      if (ahead < 1000) this.#totals.lost += ahead - 1;
      leg.sequence = sequence;
    } else if (ahead < 0 && ahead > -100 && this.#totals.lost > 0) this.#totals.lost--;
  }
}

const NOT_RTP = { ssrc: NO_SSRC, sequence: -1 };
