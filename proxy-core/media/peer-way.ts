/**
 * The way to the peer and back: what ICE found where both sides have it, else the address of the description and where
 * packets come from (`latch.ts`).
 */
import type { AgreedAudio, Endpoint } from '../sip/sdp/index.ts';
import { SymmetricLatch } from './latch.ts';
import type { Deliver, PeerSocket } from './own-candidates.ts';
import type { PeerIce } from './peer-ice.ts';
import type { PortPair } from './port-pair.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** The fate of one packet in so many is looked at: of three a second, at 20 ms each. */
const ASKED_OF = 16;

export class PeerWay {
  readonly #deliver: Deliver;
  readonly #sent: (error: Error | null) => void;
  readonly #latch = new SymmetricLatch();
  /** Where the last handshake came from, by socket: it may be behind a NAT that no description tells of. */
  readonly #handshakeFrom = new Map<PeerSocket, Endpoint>();
  #ports: PortPair | undefined;
  #remote: AgreedAudio['remote'] | undefined;
  #ice: PeerIce | undefined;
  #unasked = 0;

  /** `sent` is told what became of packets, now and then. */
  constructor(deliver: Deliver, sent: (error: Error | null) => void) {
    this.#deliver = deliver;
    this.#sent = sent;
  }

  /** Listens on these sockets from now on; closing the former ones is the owner's work. */
  attachPorts(ports: PortPair): void {
    this.#ports = ports;
    for (const socket of ['rtp', 'rtcp'] as const) {
      ports[socket].on('message', (data, from) => {
        if (this.#ice) this.#ice.received(socket, data, from);
        if (!this.#found) this.#deliver(socket, data, from);
      });
    }
  }

  /** ICE answers checks from now on; its way is taken once the peer agreed. Undefined: there is none any more. */
  attachIce(ice: PeerIce | undefined): void {
    this.#ice = ice;
    ice?.listen(this.#deliver);
  }

  /** What was negotiated holds from now on. */
  agree(remote: AgreedAudio['remote']): void {
    this.#remote = remote;
    this.#handshakeFrom.clear();
    this.#latch.announce(remote.rtp);
  }

  /** Where sound goes; undefined where there is no such place, or ICE has the say. */
  get target(): Endpoint | undefined {
    return this.#ice ? undefined : this.#latch.target;
  }

  get localAddress(): string {
    return this.#ports?.address ?? '';
  }

  /** Whether sound can go to the peer. */
  get isOpen(): boolean {
    return this.#found ? this.#found.isOpen : this.#latch.target !== undefined;
  }

  /** Whether a packet of sound is the peer's. */
  takes(from: Endpoint, packet: RtpPacket, now: number): boolean {
    return this.#found !== undefined || this.#latch.accept(from, packet, now);
  }

  /** Whether a report is. */
  takesReport(from: Endpoint): boolean {
    return this.#found !== undefined || from.address === this.#latch.target?.address;
  }

  sendRtp(data: Buffer): void {
    if (this.#found) this.#found.send('rtp', data);
    else this.#send('rtp', data, this.#latch.target);
  }

  /** The socket that reports leave by; undefined where there is no way for them. */
  get reportSocket(): PeerSocket | undefined {
    if (!this.#remote || !this.isOpen) return undefined;
    return this.#remote.rtcpMux ? 'rtp' : 'rtcp';
  }

  /** To where the SDP says, or beside the RTP where the latch found that the peer is elsewhere. */
  sendReport(data: Buffer): void {
    const [target, remote] = [this.#latch.target, this.#remote];
    if (this.#found) this.#found.send(remote?.rtcpMux ? 'rtp' : 'rtcp', data);
    else if (remote?.rtcpMux) this.#send('rtp', data, target);
    else if (target) {
      const moved = remote?.rtp?.address !== target.address || remote.rtp.port !== target.port;
      const beside = target.port < 65535 ? { address: target.address, port: target.port + 1 } : undefined;
      this.#send('rtcp', data, moved ? beside : remote.rtcp);
    }
  }

  handshakeCame(socket: PeerSocket, { address, port }: Endpoint): void {
    this.#handshakeFrom.set(socket, { address, port });
  }

  sendHandshake(socket: PeerSocket, data: Buffer): void {
    const told = socket === 'rtp' ? this.#latch.target : this.#remote?.rtcp;
    if (this.#found) this.#found.send(socket, data);
    else this.#send(socket, data, this.#handshakeFrom.get(socket) ?? told);
  }

  close(): void {
    this.#ports = undefined;
    this.#remote = undefined;
    this.#ice = undefined;
  }

  /** ICE, where both sides have it. */
  get #found(): PeerIce | undefined {
    return this.#ice?.isRunning ? this.#ice : undefined;
  }

  #send(socket: PeerSocket, data: Buffer, to: Endpoint | undefined): void {
    if (!to) return;
    // What becomes of a packet is asked now and then: each answer costs a turn of its own.
    const isAsked = this.#unasked === 0;
    this.#unasked = (this.#unasked + 1) % ASKED_OF;
    if (isAsked) this.#ports?.[socket].send(data, to.port, to.address, this.#sent);
    else this.#ports?.[socket].send(data, to.port, to.address);
  }
}
