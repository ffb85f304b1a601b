/** Carries one call's packets between the peer's UDP sockets and the window, both ways, and reports on them by RTCP. */
import { type AgreedAudio, type DtlsRole, type Endpoint, receives, sends } from '../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from './clock.ts';
import { looksLikeDtls } from './dtls/association.ts';
import type { PeerSocket } from './own-candidates.ts';
import type { PayloadMap, Route } from './payload-map.ts';
import type { PeerIce } from './peer-ice.ts';
import { PeerProtection } from './peer-protection.ts';
import { PeerWay } from './peer-way.ts';
import type { PortPair } from './port-pair.ts';
import { RateLimit } from './rate-limit.ts';
import { Reception } from './reception.ts';
import { type RemoteReception, RtcpLeg } from './rtcp-leg.ts';
import { looksLikeRtcp, parseRtp, type RtpPacket, serialiseRtp } from './rtp-packet.ts';
import { type SilenceCause, SilenceWatch } from './silence.ts';
import { StreamRewriter } from './stream-rewriter.ts';
import { type WayFacts, WayWatch } from './way-watch.ts';
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
  readonly way: WayFacts;
  /** How the peer receives us, by its reports; null where there is none, or no new one. */
  readonly peer: RemoteReception | null;
  /** From the window to the peer and back, over both hops; null where no report tells. */
  readonly roundTripMs: number | null;
}

export interface RelayOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly onSilence: (cause: SilenceCause, silentMs: number) => void;
}

/** Its static payload type (RFC 3389 §4), which some peers use without being asked. */
const COMFORT_NOISE = 13;
const NARROW_HZ = 8_000;

export class MediaRelay {
  readonly #clock: MediaClock;
  readonly #random: RandomBelow;
  readonly #watch: WayWatch;
  readonly #way: PeerWay;
  readonly #protection = new PeerProtection((socket, data) => this.#way.sendHandshake(socket, data));
  readonly #limit = new RateLimit(PACKETS_PER_SECOND, BURST);
  readonly #toWindow: StreamRewriter;
  readonly #toPeer: StreamRewriter;
  readonly #fromPeer = new Reception();
  readonly #fromWindow = new Reception();
  readonly #windowLeg: RtcpLeg;
  readonly #peerLeg: RtcpLeg;
  readonly #silence: SilenceWatch;
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
    this.#watch = new WayWatch(options.clock);
    this.#way = new PeerWay(
      (socket, data, from) =>
        socket === 'rtp' ? this.#peerDatagram(data, from) : this.#peerReport(data, from, 'rtcp'),
      this.#watch.sent,
    );
    this.#toWindow = new StreamRewriter(options.random);
    this.#toPeer = new StreamRewriter(options.random);
    this.#windowLeg = new RtcpLeg(this.#toWindow.ssrc, 'tandem');
    // A name of its own for each call tells the peer nothing of who we are (RFC 7022 §4.2).
    this.#peerLeg = new RtcpLeg(this.#toPeer.ssrc, options.random(2 ** 47).toString(36));
    this.#silence = new SilenceWatch(options.clock, (cause, silentMs) => {
      if (cause !== 'resumed') this.#watch.ask(this.#way.target, this.#way.localAddress);
      options.onSilence(cause, silentMs);
    });
  }

  /** The SSRC of all that the window gets. */
  get windowSsrc(): number {
    return this.#toWindow.ssrc;
  }

  /** Listens on these sockets from now on; closing the former ones is the owner's work. */
  attachPorts(ports: PortPair): void {
    this.#way.attachPorts(ports);
  }

  /** ICE answers checks on these sockets from now on, and finds the way once the peer agreed; undefined: nothing does. */
  attachIce(ice: PeerIce | undefined): void {
    this.#way.attachIce(ice);
  }

  attachWindow(window: WindowTransport): void {
    this.#window = window;
  }

  /** What was negotiated holds from now on. */
  apply(agreed: AgreedAudio, map: PayloadMap, certificate: Certificate): void {
    this.#agreed = agreed;
    this.#map = map;
    this.#way.agree(agreed.remote);
    this.#protection.apply(agreed.protection, certificate, agreed.remote.rtcpMux);
    this.#silence.arm(receives(agreed.direction));
    if (!this.#reportTimer) this.#scheduleReport();
  }

  windowRtp(packet: RtpPacket): void {
    this.#watch.fromWindow();
    const route = this.#map?.fromWindow.get(packet.payloadType);
    if (!route || !this.#way.isOpen || !this.#agreed || !sends(this.#agreed.direction)) return;
    const now = this.#clock.now();
    if (!this.#fromWindow.add(packet, route.clockRate, now)) return;
    const out = rewrite(this.#toPeer, packet, route, now);
    if (!out) return;
    this.#peerLeg.sent(out, route.clockRate, now);
    this.#sent += 1;
    const wire = this.#protection.seal('rtp', serialiseRtp(out), 'rtp');
    if (wire) this.#way.sendRtp(wire);
  }

  windowRtcp(data: Buffer): void {
    this.#windowLeg.received(data, this.#clock.now());
  }

  stats(): RelayStats {
    const now = this.#clock.now();
    const toPeer = this.#peerLeg.roundTripMs(now);
    return {
      received: this.#received,
      sent: this.#sent,
      lost: this.#fromPeer.lost,
      silentMs: this.#lastPacketAt === undefined ? -1 : Math.round(now - this.#lastPacketAt),
      jitterMs: this.#fromPeer.jitterMs,
      codec: this.#map?.windowCodecs[0]?.name ?? '',
      protection: this.#protection.suite,
      peer: this.#peerLeg.heard(now) ?? null,
      way: this.#watch.facts(this.#way.target, this.#way.localAddress),
      roundTripMs: toPeer === undefined ? null : toPeer + (this.#windowLeg.roundTripMs(now) ?? 0),
    };
  }

  /** What we are in the DTLS association with the peer; undefined where there is none. */
  get dtlsRole(): DtlsRole | undefined {
    return this.#protection.role;
  }

  /** Says goodbye to the peer and stops every timer; sockets are the owner's. */
  close(): void {
    this.#silence.stop();
    this.#watch.close();
    this.#reportTimer?.cancel();
    this.#reportTimer = undefined;
    if (this.#agreed) this.#sendReport(this.#peerLeg.goodbye());
    this.#protection.close();
    this.#agreed = undefined;
    this.#map = undefined;
    this.#way.close();
    this.#window = undefined;
  }

  #peerDatagram(data: Buffer, from: Endpoint): void {
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
    const isComfort = packet?.payloadType === COMFORT_NOISE && route === undefined;
    if (!packet || !(route || isComfort) || packet.payload.length === 0) {
      this.#watch.unreadable();
      return;
    }
    // A held call still learns where the peer is, so that it goes on at once when it is resumed.
    if (!this.#way.takes(from, packet, now)) {
      this.#watch.foreign(from);
      return;
    }
    if (!receives(this.#agreed.direction)) return;
    // Only now, so that a stranger's flood cannot use up what is the peer's.
    if (!this.#limit.take(now)) return;
    this.#lastPacketAt = now;
    this.#watch.heard();
    if (!route) {
      // The window makes its own noise; this one counts as heard, and as no loss.
      this.#silence.comfort(now);
      this.#fromPeer.add(packet, this.#map?.windowCodecs[0]?.clockRate ?? NARROW_HZ, now);
      return;
    }
    this.#silence.packet(now);
    if (!this.#fromPeer.add(packet, route.clockRate, now)) return;
    const out = rewrite(this.#toWindow, packet, route, now);
    if (!out) return;
    this.#received += 1;
    this.#windowLeg.sent(out, route.clockRate, now);
    this.#window?.sendRtp(out);
  }

  #peerReport(data: Buffer, from: Endpoint, socket: PeerSocket): void {
    if (looksLikeDtls(data)) {
      this.#peerHandshake(data, from, socket);
      return;
    }
    if (!this.#way.takesReport(from)) return;
    const plain = this.#protection.open('rtcp', data, socket);
    if (plain) this.#peerLeg.received(plain, this.#clock.now());
  }

  #peerHandshake(data: Buffer, from: Endpoint, socket: PeerSocket): void {
    this.#way.handshakeCame(socket, from);
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

  #sendReport(data: Buffer): void {
    const socket = this.#way.reportSocket;
    const wire = socket && this.#protection.seal('rtcp', data, socket);
    if (wire) this.#way.sendReport(wire);
  }
}

function rewrite(stream: StreamRewriter, packet: RtpPacket, route: Route, now: number): RtpPacket | undefined {
  const { payloadType, clockRate, scaler, ownClock } = route;
  if (!scaler) return stream.sound(packet, payloadType, clockRate, now);
  const scaled = scaler.scale(packet);
  return scaled && stream.event(scaled, payloadType, clockRate, now, ownClock);
}
