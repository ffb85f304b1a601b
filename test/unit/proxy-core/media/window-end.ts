/** A window in Node: offers the way Chromium does and speaks ICE, DTLS and SRTP to the gateway over 127.0.0.1. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { parse } from 'sdp-transform';
import {
  IceCandidate,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceTransport,
  type RtcpPacket,
  RtpHeader,
} from 'werift';
import { parseReports, type RtcpReport } from '../../../../proxy-core/media/rtcp-packet.ts';
import type { RtpPacket } from '../../../../proxy-core/media/rtp-packet.ts';
import type { MasterKey } from '../../../../proxy-core/media/srtp/srtp.ts';
import { SRTP_SUITES } from '../../../../proxy-core/media/srtp/suites.ts';
import { type Certificate, createCertificate } from '../../../../proxy-core/media/window-transport.ts';
import { until } from '../../../support/until.ts';

/** Chromium 114 and later, audio only; ICE and DTLS parameters are filled in. */
const CHROMIUM = `v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS stream
m=audio 9 UDP/TLS/RTP/SAVPF {formats}
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:{ufrag}
a=ice-pwd:{pwd}
a=ice-options:trickle
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a={direction}
a=msid:stream track
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:1001 cname:window
`;

/** What werift's type of it keeps private. */
interface SocketTransport {
  readonly socket: Socket;
  onData: (data: Buffer, from: [string, number]) => void;
}

/** A type of handshake message (RFC 6347 §4.2.1). */
const HELLO_VERIFY_REQUEST = 3;

export interface WindowOfferOptions {
  readonly direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  /** Payload types, the preferred one first. */
  readonly formats?: string;
}

export class WindowEnd {
  readonly received: RtpPacket[] = [];
  readonly reports: RtcpReport[] = [];
  readonly #ice: RTCIceTransport;
  readonly #dtls: RTCDtlsTransport;
  readonly #certificate: Certificate;
  #sequence = 65530;

  private constructor(ice: RTCIceTransport, dtls: RTCDtlsTransport, certificate: Certificate) {
    this.#ice = ice;
    this.#dtls = dtls;
    this.#certificate = certificate;
  }

  static async open(): Promise<WindowEnd> {
    const gatherer = new RTCIceGatherer({
      useIpv4: false,
      useIpv6: false,
      additionalHostAddresses: ['127.0.0.1'],
      interfaceAddresses: { udp4: '127.0.0.1' },
    });
    const { connection } = gatherer;
    Object.assign(connection, { stunServer: undefined });
    connection.iceControlling = true;
    connection.localPassword = randomBytes(18).toString('base64');
    const ice = new RTCIceTransport(gatherer);
    await ice.gather();
    const certificate = await createCertificate();
    const dtls = new RTCDtlsTransport({}, ice, certificate, [7, 1]);
    dtls.role = 'client';
    const window = new WindowEnd(ice, dtls, certificate);
    dtls.onRtp.subscribe(({ header, payload }) => {
      const packet = {
        marker: header.marker,
        payloadType: header.payloadType,
        sequence: header.sequenceNumber,
        timestamp: header.timestamp,
        ssrc: header.ssrc,
        payload,
      };
      window.received.push(packet);
    });
    dtls.onRtcp.subscribe((packet: RtcpPacket) => {
      window.reports.push(...parseReports(packet.serialize()));
    });
    return window;
  }

  get localPort(): number {
    return this.#ice.localCandidates[0]?.port ?? 0;
  }

  get state(): string {
    return this.#dtls.state;
  }

  offer({ direction = 'sendrecv', formats = '111 63 9 0 8 13 110 126' }: WindowOfferOptions = {}): string {
    const values: Record<string, string> = {
      formats,
      direction,
      ufrag: this.#ice.localParameters.usernameFragment,
      pwd: this.#ice.localParameters.password,
      fingerprint: this.#certificate.getFingerprints()[0]?.value ?? '',
    };
    return CHROMIUM.replace(/\{(\w+)\}/g, (_all, key: string) => values[key] ?? '').replaceAll('\n', '\r\n');
  }

  /** Starts ICE and DTLS by the gateway's first answer and waits for the handshake. */
  async connect(answer: string): Promise<void> {
    const media = parse(answer).media[0];
    const candidate = media?.candidates?.[0];
    if (!media?.fingerprint || !candidate) throw new Error('the answer has no transport');
    this.#ice.setRemoteParams({
      iceLite: true,
      usernameFragment: String(media.iceUfrag),
      password: String(media.icePwd),
    });
    this.#dtls.setRemoteParams(
      new RTCDtlsParameters([new RTCDtlsFingerprint(media.fingerprint.type, media.fingerprint.hash)], 'server'),
    );
    await this.#ice.addRemoteCandidate(
      new IceCandidate(1, '1', candidate.ip, candidate.port, candidate.priority, 'udp', 'host', 0),
    );
    await this.#ice.start();
    const started = this.#dtls.start();
    this.#takeOneCookie();
    await started;
    await until('the handshake', () => this.#dtls.state === 'connected');
  }

  /** Chromium passes over a HelloVerifyRequest that comes again, as it does when we are slow; werift gives up on it. */
  #takeOneCookie(): void {
    const { dtls } = this.#dtls;
    if (dtls === undefined) throw new Error('the handshake has not begun');
    const inner = dtls.onHandleHandshakes;
    let verified = false;
    dtls.onHandleHandshakes = async (messages) => {
      for (const message of messages) {
        const isVerify = message.msg_type === HELLO_VERIFY_REQUEST;
        if (!isVerify || !verified) await inner([message]);
        verified ||= isVerify;
      }
    };
  }

  send(payloadType: number, timestamp: number, payload: Buffer, marker = false): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const header = new RtpHeader({
      payloadType,
      timestamp,
      marker,
      sequenceNumber: this.#sequence,
      ssrc: 1001,
      extensions: [{ id: 1, payload: Buffer.from([0x7f]) }],
    });
    void this.#dtls.sendRtp(payload, header);
  }

  /**
   * From now on whoever asks protects the sound himself: `heard` takes each datagram of it as it came, and what is given
   * back has the keys of the handshake (ours first) and sends a datagram as it is.
   */
  takeOver(heard: (data: Buffer) => void): {
    readonly ours: MasterKey;
    readonly theirs: MasterKey;
    send(data: Buffer): void;
  } {
    const { dtls } = this.#dtls;
    const suite = SRTP_SUITES.find(
      ({ dtlsProfile }) => dtlsProfile !== undefined && dtlsProfile === dtls?.srtp.srtpProfile,
    );
    const protocol = this.#ice.connection.nominated?.protocol as unknown as { transport: SocketTransport } | undefined;
    const [host, port] = this.#ice.connection.nominated?.remoteAddr ?? [];
    if (!dtls || !suite || !protocol || port === undefined) throw new Error('the window is not connected');
    const keys = dtls.extractSessionKeys(suite.keyLength, suite.saltLength);
    const { transport } = protocol;
    const { onData } = transport;
    transport.onData = (data, from) => {
      if ((data[0] ?? 0) >> 6 === 2) heard(data);
      else onData(data, from);
    };
    return {
      ours: { suite, material: Buffer.concat([keys.localKey, keys.localSalt]) },
      theirs: { suite, material: Buffer.concat([keys.remoteKey, keys.remoteSalt]) },
      send: (data) => transport.socket.send(data, port, host),
    };
  }

  sendRtcp(data: Buffer): void {
    void this.#dtls.sendRtcp([{ serialize: () => data } as unknown as RtcpPacket]);
  }

  async close(): Promise<void> {
    await this.#dtls.stop();
  }
}
