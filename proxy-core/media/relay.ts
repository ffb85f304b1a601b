/** Carries one call's packets between the peer's UDP sockets and the window, both ways, and reports on them by RTCP. */
import type { RemoteInfo } from 'node:dgram';
import { type AgreedAudio, type DtlsRole, type Endpoint, receives, sends } from '../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from './clock.ts';
import { looksLikeDtls } from './dtls/association.ts';
import { SymmetricLatch } from './latch.ts';
import type { PayloadMap, Route } from './payload-map.ts';
import { PeerProtection } from './peer-protection.ts';
import type { PortPair } from './port-pair.ts';
import { RateLimit } from './rate-limit.ts';
import { Reception } from './reception.ts';
import { RtcpLeg } from './rtcp-leg.ts';
import { looksLikeRtcp, parseRtp, type RtpPacket, serialiseRtp } from './rtp-packet.ts';
import { type SilenceCause, SilenceWatch } from './silence.ts';
import { StreamRewriter } from './stream-rewriter.ts';
import type { Certificate, WindowTransport } from './window-transport.ts';

/** Ten times what 10 ms packets need, and room for what a network held back for some seconds. */
const PACKETS_PER_SECOND = 1000;
const BURST = 500;
const RTCP_INTERVAL_MS = 5000;

export interface RelayStats {
  readonly received: number;
  readonly sent: number;
  readonly lost: number;
  readonly silentMs: number;
  readonly jitterMs: number;
  readonly codec: string;
  /** The SRTP suite towards the peer; empty where sound goes in the clear. */
  readonly protection: string;
}

export interface RelayOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly onSilence: (cause: SilenceCause, silentMs: number) => void;
}

export class MediaRelay {
  readonly #clock: MediaClock;
  readonly #random: RandomBelow;
  readonly #latch = new SymmetricLatch();
  readonly #protection = new PeerProtection((kind, data) => this.#sendHandshake(kind, data));
  /** Where the last handshake came from, by socket: it may be behind a NAT that no description tells of. */
  readonly #handshakeFrom = new Map<'rtp' | 'rtcp', Endpoint>();
  readonly #limit = new RateLimit(PACKETS_PER_SECOND, BURST);
  readonly #toWindow: StreamRewriter;
  readonly #toPeer: StreamRewriter;
  readonly #fromPeer = new Reception();
  readonly #fromWindow = new Reception();
  readonly #windowLeg: RtcpLeg;
  readonly #peerLeg: RtcpLeg;
  readonly #silence: SilenceWatch;
  #ports: PortPair | undefined;
  #window: WindowTransport | undefined;
  #agreed: AgreedAudio | undefined;
  #map: PayloadMap | undefined;
  #received = 0;
  #sent = 0;
  #lastPacketAt: number | undefined;
  #reportTimer: MediaTimer | undefined;

  constructor(options: RelayOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#toWindow = new StreamRewriter(options.random);
    this.#toPeer = new StreamRewriter(options.random);
    this.#windowLeg = new RtcpLeg(this.#toWindow.ssrc, 'tandem');
    // A name of its own for each call tells the peer nothing of who we are (RFC 7022 §4.2).
    this.#peerLeg = new RtcpLeg(this.#toPeer.ssrc, options.random(2 ** 47).toString(36));
    this.#silence = new SilenceWatch(options.clock, options.onSilence);
  }

  /** The SSRC of all that the window gets. */
  get windowSsrc(): number {
    return this.#toWindow.ssrc;
  }

  /** Listens on these sockets from now on; closing the former ones is the owner's work. */
  attachPorts(ports: PortPair): void {
    this.#ports = ports;
    ports.rtp.on('message', (data, from) => this.#peerDatagram(data, from));
    ports.rtcp.on('message', (data, from) => this.#peerReport(data, from, 'rtcp'));
  }

  attachWindow(window: WindowTransport): void {
    this.#window = window;
  }

  /** What was negotiated holds from now on. */
  apply(agreed: AgreedAudio, map: PayloadMap, certificate: Certificate): void {
    this.#agreed = agreed;
    this.#map = map;
    this.#handshakeFrom.clear();
    this.#latch.announce(agreed.remote.rtp);
    this.#protection.apply(agreed.protection, certificate, agreed.remote.rtcpMux);
    this.#silence.arm(receives(agreed.direction));
    if (!this.#reportTimer) this.#scheduleReport();
  }

  windowRtp(packet: RtpPacket): void {
    const route = this.#map?.fromWindow.get(packet.payloadType);
    const target = this.#latch.target;
    if (!route || !target || !this.#agreed || !sends(this.#agreed.direction)) return;
    const now = this.#clock.now();
    if (!this.#fromWindow.add(packet, route.clockRate, now)) return;
    const out = rewrite(this.#toPeer, packet, route, now);
    if (!out) return;
    this.#peerLeg.sent(out, route.clockRate, now);
    this.#sent += 1;
    this.#send('rtp', serialiseRtp(out), target);
  }

  windowRtcp(data: Buffer): void {
    this.#windowLeg.received(data, this.#clock.now());
  }

  stats(): RelayStats {
    return {
      received: this.#received,
      sent: this.#sent,
      lost: this.#fromPeer.lost,
      silentMs: this.#lastPacketAt === undefined ? -1 : Math.round(this.#clock.now() - this.#lastPacketAt),
      jitterMs: this.#fromPeer.jitterMs,
      codec: this.#map?.windowCodecs[0]?.name ?? '',
      protection: this.#protection.suite,
    };
  }

  /** What we are in the DTLS association with the peer; undefined where there is none. */
  get dtlsRole(): DtlsRole | undefined {
    return this.#protection.role;
  }

  /** Says goodbye to the peer and stops every timer; sockets are the owner's. */
  close(): void {
    this.#silence.stop();
    this.#reportTimer?.cancel();
    this.#reportTimer = undefined;
    if (this.#agreed) this.#sendReport(this.#peerLeg.goodbye());
    this.#protection.close();
    this.#agreed = undefined;
    this.#map = undefined;
    this.#ports = undefined;
    this.#window = undefined;
  }

  #peerDatagram(data: Buffer, from: RemoteInfo): void {
    const now = this.#clock.now();
    if (!this.#agreed) return;
    if (looksLikeDtls(data)) {
      this.#peerHandshake(data, from, 'rtp');
      return;
    }
    if (looksLikeRtcp(data)) {
      this.#peerReport(data, from, 'rtp');
      return;
    }
    const plain = this.#protection.open('rtp', data, 'rtp');
    const packet = plain && parseRtp(plain);
    const route = packet && this.#map?.fromPeer.get(packet.payloadType);
    if (!packet || !route || packet.payload.length === 0) return;
    // A held call still learns where the peer is, so that it goes on at once when it is resumed.
    if (!this.#latch.accept(from, packet, now) || !receives(this.#agreed.direction)) return;
    // Only now, so that a stranger's flood cannot use up what is the peer's.
    if (!this.#limit.take(now)) return;
    this.#lastPacketAt = now;
    this.#silence.packet(now);
    if (!this.#fromPeer.add(packet, route.clockRate, now)) return;
    const out = rewrite(this.#toWindow, packet, route, now);
    if (!out) return;
    this.#received += 1;
    this.#windowLeg.sent(out, route.clockRate, now);
    this.#window?.sendRtp(out);
  }

  #peerReport(data: Buffer, from: RemoteInfo, socket: 'rtp' | 'rtcp'): void {
    if (looksLikeDtls(data)) {
      this.#peerHandshake(data, from, socket);
      return;
    }
    if (from.address !== this.#latch.target?.address) return;
    const plain = this.#protection.open('rtcp', data, socket);
    if (plain) this.#peerLeg.received(plain, this.#clock.now());
  }

  #peerHandshake(data: Buffer, from: RemoteInfo, socket: 'rtp' | 'rtcp'): void {
    this.#handshakeFrom.set(socket, { address: from.address, port: from.port });
    this.#protection.handshake(socket, data, from);
  }

  #scheduleReport(): void {
    // Spread over half to one and a half of the interval, so that calls do not report in step (RFC 3550 §6.3.1).
    const wait = RTCP_INTERVAL_MS / 2 + this.#random(RTCP_INTERVAL_MS);
    this.#reportTimer = this.#clock.after(wait, () => {
      const now = this.#clock.now();
      this.#sendReport(this.#peerLeg.compose(this.#fromPeer.report(), undefined, now));
      this.#window?.sendRtcp(this.#windowLeg.compose(this.#fromWindow.report(), this.#peerLeg.remoteView(now), now));
      this.#scheduleReport();
    });
  }

  /** To where the SDP says, or beside the RTP where the latch found that the peer is elsewhere. */
  #sendReport(data: Buffer): void {
    const target = this.#latch.target;
    const remote = this.#agreed?.remote;
    if (!target || !remote) return;
    if (remote.rtcpMux) {
      this.#send('rtcp', data, target, 'rtp');
      return;
    }
    const moved = remote.rtp?.address !== target.address || remote.rtp.port !== target.port;
    const beside = target.port < 65535 ? { address: target.address, port: target.port + 1 } : undefined;
    const rtcp = moved ? beside : remote.rtcp;
    if (rtcp) this.#send('rtcp', data, rtcp);
  }

  #send(kind: 'rtp' | 'rtcp', data: Buffer, to: Endpoint, socket: 'rtp' | 'rtcp' = kind): void {
    const wire = this.#protection.seal(kind, data, socket);
    // Without a callback an unreachable network would come back as an event of the socket.
    if (wire) this.#ports?.[socket].send(wire, to.port, to.address, () => undefined);
  }

  #sendHandshake(socket: 'rtp' | 'rtcp', data: Buffer): void {
    const told = socket === 'rtp' ? this.#latch.target : this.#agreed?.remote.rtcp;
    const to = this.#handshakeFrom.get(socket) ?? told;
    if (to) this.#ports?.[socket].send(data, to.port, to.address, () => undefined);
  }
}

function rewrite(stream: StreamRewriter, packet: RtpPacket, route: Route, now: number): RtpPacket | undefined {
  const { payloadType, clockRate, scaler, ownClock } = route;
  if (!scaler) return stream.sound(packet, payloadType, clockRate, now);
  const scaled = scaler.scale(packet);
  return scaled && stream.event(scaled, payloadType, clockRate, now, ownClock);
}
