/**
 * The WebRTC end that the window talks to: werift's ICE-lite and DTLS server on one UDP socket of 127.0.0.1, with what
 * werift gets wrong kept out (see stun-guard.ts; it would also ask a public STUN server if it were let).
 */
import { randomBytes } from 'node:crypto';
import {
  CipherContext,
  HashAlgorithm,
  NamedCurveAlgorithm,
  RTCCertificate,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceTransport,
  type RtcpPacket,
  RtpHeader,
  SignatureAlgorithm,
} from 'werift';
import type { RtpPacket } from './rtp-packet.ts';
import { StunGuard } from './stun-guard.ts';
import type { Fingerprint, LocalIce, WindowOffer } from './window-sdp.ts';

/** AEAD_AES_128_GCM first, then AES_CM_128_HMAC_SHA1_80 (RFC 7714 §14.2, RFC 5764 §4.1.2). */
const SRTP_PROFILES = [7, 1] as const;

export type Certificate = RTCCertificate;

/** A fresh self-signed certificate; one may serve many transports, and a new one makes a browser start DTLS anew. */
export async function createCertificate(): Promise<Certificate> {
  const { certPem, keyPem, signatureHash } = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  );
  return new RTCCertificate(keyPem, certPem, signatureHash);
}

/** The parts of werift's connection that its types keep private, as they are in the one version we use. */
interface GuardedConnection {
  readonly protocols: ReadonlyArray<{ readonly transport: { onData: (data: Buffer, from: [string, number]) => void } }>;
  readonly checkList: ReadonlyArray<{ readonly requestTransactionIds: Set<string> }>;
  stunServer: unknown;
}

export interface WindowEvents {
  readonly rtp: (packet: RtpPacket) => void;
  /** One sender or receiver report. */
  readonly rtcp: (data: Buffer) => void;
}

export class WindowTransport {
  readonly local: LocalIce;
  readonly #ice: RTCIceTransport;
  readonly #dtls: RTCDtlsTransport;
  #closed = false;

  private constructor(ice: RTCIceTransport, dtls: RTCDtlsTransport, local: LocalIce) {
    this.#ice = ice;
    this.#dtls = dtls;
    this.local = local;
  }

  /** Binds the socket, and from then on waits for the window's checks and its handshake. */
  static async open(offer: WindowOffer, certificate: Certificate, events: WindowEvents): Promise<WindowTransport> {
    const gatherer = new RTCIceGatherer({
      iceLite: true,
      useIpv4: false,
      useIpv6: false,
      additionalHostAddresses: ['127.0.0.1'],
      interfaceAddresses: { udp4: '127.0.0.1' },
      filterStunResponse: (_message, address) => address[0] === '127.0.0.1',
    });
    const { connection } = gatherer;
    const guarded = connection as unknown as GuardedConnection;
    guarded.stunServer = undefined;
    // werift's own are 16 and 88 bits; RFC 8445 §5.3 asks for 24 and 128.
    connection.localUsername = randomBytes(6).toString('base64');
    connection.localPassword = randomBytes(24).toString('base64');
    const ice = new RTCIceTransport(gatherer);
    await ice.gather();
    const port = gatherer.localCandidates[0]?.port;
    const [fingerprint] = certificate.getFingerprints();
    if (port === undefined || !fingerprint) throw new Error('No UDP socket on 127.0.0.1 for the window');

    const dtls = new RTCDtlsTransport({}, ice, certificate, [...SRTP_PROFILES]);
    dtls.role = 'server';
    const transport = new WindowTransport(ice, dtls, {
      ufrag: connection.localUsername,
      password: connection.localPassword,
      port,
      fingerprint: { algorithm: fingerprint.algorithm, value: fingerprint.value },
    });
    transport.#guard(guarded, offer);
    transport.#start(offer, events);
    return transport;
  }

  get connected(): boolean {
    return !this.#closed && this.#dtls.state === 'connected';
  }

  /** Does nothing before the handshake is done: sound that nobody can hear yet is not kept. */
  sendRtp(packet: RtpPacket): void {
    if (!this.connected) return;
    const header = new RtpHeader({
      marker: packet.marker,
      payloadType: packet.payloadType,
      sequenceNumber: packet.sequence,
      timestamp: packet.timestamp,
      ssrc: packet.ssrc,
    });
    // Both senders of werift swallow socket errors; a rejection would be a fault of ours.
    void this.#dtls.sendRtp(packet.payload, header);
  }

  sendRtcp(data: Buffer): void {
    if (!this.connected) return;
    // werift only joins and encrypts what the packets serialise to; ours is a whole compound packet already.
    const compound = { serialize: () => data } as unknown as RtcpPacket;
    void this.#dtls.sendRtcp([compound]);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#dtls.onRtp.allUnsubscribe();
    this.#dtls.onRtcp.allUnsubscribe();
    await this.#dtls.stop();
  }

  #guard(connection: GuardedConnection, offer: WindowOffer): void {
    const guard = new StunGuard({
      localUfrag: this.local.ufrag,
      localPassword: this.local.password,
      remoteUfrag: offer.iceUfrag,
    });
    for (const { transport } of connection.protocols) {
      const inner = transport.onData;
      transport.onData = (data, from) => {
        if (this.#closed || !guard.admits(data, from[0], from[1])) return;
        inner(data, from);
        // werift remembers every transaction of every check; a long call would only ever add to that.
        if ((data[0] ?? 0xff) <= 3) for (const pair of connection.checkList) pair.requestTransactionIds.clear();
      };
    }
  }

  #start(offer: WindowOffer, events: WindowEvents): void {
    this.#ice.setRemoteParams({ iceLite: false, usernameFragment: offer.iceUfrag, password: offer.icePassword });
    this.#dtls.setRemoteParams(remoteDtls(offer.fingerprint));
    this.#dtls.onRtp.subscribe(({ header, payload }) => {
      events.rtp({
        marker: header.marker,
        payloadType: header.payloadType,
        sequence: header.sequenceNumber,
        timestamp: header.timestamp,
        ssrc: header.ssrc,
        payload,
      });
    });
    this.#dtls.onRtcp.subscribe((packet) => {
      if (packet.type === 200 || packet.type === 201) events.rtcp(packet.serialize());
    });
    // Both end in rejection when the transport is closed before the window came; the window itself shows a failure.
    this.#dtls.start().catch(() => undefined);
    this.#ice.start().catch(() => undefined);
  }
}

const remoteDtls = (fingerprint: Fingerprint): RTCDtlsParameters =>
  new RTCDtlsParameters([new RTCDtlsFingerprint(fingerprint.algorithm, fingerprint.value)], 'client');
