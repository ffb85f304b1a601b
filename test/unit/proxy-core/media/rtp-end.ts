/** A SIP peer's end of the sound: plain UDP sockets on 127.0.0.1. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseReports, type RtcpReport } from '../../../../proxy-core/media/rtcp-packet.ts';
import { parseRtp, type RtpPacket, serialiseRtp } from '../../../../proxy-core/media/rtp-packet.ts';

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
  readonly #rtp: Socket;
  readonly #rtcp: Socket;

  private constructor(rtp: Socket, rtcp: Socket) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    rtp.on('message', (data) => {
      this.raw.push(data);
      const packet = parseRtp(data);
      if (packet) this.received.push(packet);
    });
    rtcp.on('message', (data) => this.reports.push(...parseReports(data)));
  }

  static async open(): Promise<RtpEnd> {
    return new RtpEnd(await bound(), await bound());
  }

  get port(): number {
    return this.#rtp.address().port;
  }

  /** A description of this end. */
  sdp(formats: string, ...attributes: string[]): string {
    return [
      'v=0',
      'o=peer 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.port} RTP/AVP ${formats}`,
      `a=rtcp:${this.#rtcp.address().port}`,
      ...attributes,
      '',
    ].join('\r\n');
  }

  send(port: number, packet: RtpPacket): void {
    this.sendRaw(port, serialiseRtp(packet));
  }

  sendRaw(port: number, data: Buffer): void {
    this.#rtp.send(data, port, '127.0.0.1');
  }

  sendRtcp(port: number, data: Buffer): void {
    this.#rtcp.send(data, port, '127.0.0.1');
  }

  close(): void {
    this.#rtp.close();
    this.#rtcp.close();
  }
}
