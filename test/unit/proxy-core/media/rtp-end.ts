/** A SIP peer's end of the sound: plain UDP sockets on 127.0.0.1. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  type AssociationOptions,
  DtlsAssociation,
  looksLikeDtls,
} from '../../../../proxy-core/media/dtls/association.ts';
import { parseReports, type RtcpReport } from '../../../../proxy-core/media/rtcp-packet.ts';
import { parseRtp, type RtpPacket, serialiseRtp } from '../../../../proxy-core/media/rtp-packet.ts';
import { type MasterKey, SrtpReceiver, SrtpSender } from '../../../../proxy-core/media/srtp/srtp.ts';

const bound = async (): Promise<Socket> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

export class RtpEnd {
  readonly received: RtpPacket[] = [];
  readonly raw: Buffer[] = [];
  readonly reports: RtcpReport[] = [];
  /** Takes each datagram as it came, in place of all that else is done with it. */
  tap: ((data: Buffer) => void) | undefined;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #dtls: DtlsAssociation | undefined;
  #sender: SrtpSender | undefined;
  #receiver: SrtpReceiver | undefined;

  private constructor(rtp: Socket, rtcp: Socket) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    rtp.on('message', (data, from) => {
      if (this.tap) {
        this.tap(data);
        return;
      }
      if (looksLikeDtls(data)) {
        this.#dtls?.received(data, from);
        return;
      }
      this.raw.push(data);
      const plain = this.#receiver ? this.#receiver.rtp(data) : data;
      const packet = plain && parseRtp(plain);
      if (packet) this.received.push(packet);
    });
    rtcp.on('message', (data) => {
      const plain = this.#receiver ? this.#receiver.rtcp(data) : data;
      if (plain) this.reports.push(...parseReports(plain));
    });
  }

  static async open(): Promise<RtpEnd> {
    return new RtpEnd(await bound(), await bound());
  }

  /** From now on everything is protected: what is sent by `ours`, what comes by `theirs`. */
  protect(ours: MasterKey, theirs: MasterKey): void {
    this.#sender = new SrtpSender(ours);
    this.#receiver = new SrtpReceiver(theirs);
  }

  /** Shakes hands with the gateway's `port`; resolves when everything is protected by what comes of it. */
  shakeHands(port: number, options: Omit<AssociationOptions, 'send' | 'established'>): Promise<void> {
    return new Promise((resolve) => {
      this.#dtls = new DtlsAssociation({
        ...options,
        send: (data) => this.#rtp.send(data, port, '127.0.0.1'),
        established: (ours, theirs) => {
          this.protect(ours, theirs);
          resolve();
        },
      });
    });
  }

  get port(): number {
    return this.#rtp.address().port;
  }

  /** A description of this end. */
  sdp(formats: string, ...attributes: string[]): string {
    return this.sdpOver('RTP/AVP', formats, ...attributes);
  }

  sdpOver(profile: string, formats: string, ...attributes: string[]): string {
    return [
      'v=0',
      'o=peer 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.port} ${profile} ${formats}`,
      `a=rtcp:${this.#rtcp.address().port}`,
      ...attributes,
      '',
    ].join('\r\n');
  }

  send(port: number, packet: RtpPacket): void {
    this.#sendOut(this.#rtp, port, this.#sender ? this.#sender.rtp(serialiseRtp(packet)) : serialiseRtp(packet));
  }

  sendRaw(port: number, data: Buffer): void {
    this.#rtp.send(data, port, '127.0.0.1');
  }

  sendRtcp(port: number, data: Buffer): void {
    this.#sendOut(this.#rtcp, port, this.#sender ? this.#sender.rtcp(data) : data);
  }

  #sendOut(socket: Socket, port: number, data: Buffer | undefined): void {
    if (!data) throw new Error('this packet may not be sent');
    socket.send(data, port, '127.0.0.1');
  }

  close(): void {
    this.#dtls?.close();
    this.#rtp.close();
    this.#rtcp.close();
  }
}
