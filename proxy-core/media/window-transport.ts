/**
 * The WebRTC end that the window talks to: werift's ICE-lite and DTLS server on one UDP socket of 127.0.0.1, with what
 * werift gets wrong kept out (see stun-guard.ts; it would also ask a public STUN server if it were let). Sound passes by
 * werift: our own SRTP costs a third, knows what came before, and loses no roll-over count.
 */

import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
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
  SignatureAlgorithm,
} from 'werift';
import { bindSocket } from './port-pair.ts';
import { looksLikeRtcp, parseRtp, type RtpPacket, serialiseRtp } from './rtp-packet.ts';
import { SrtpReceiver, SrtpSender } from './srtp/srtp.ts';
import { SRTP_SUITES } from './srtp/suites.ts';
import { StunGuard } from './stun-guard.ts';
import type { Fingerprint, LocalIce, WindowOffer } from './window-sdp.ts';

/**
 * AES_CM_128_HMAC_SHA1_80 first, then AEAD_AES_128_GCM (RFC 5764 §4.1.2, RFC 7714 §14.2): between two processes of one
 * computer what counts is what a packet costs, and AES-GCM needs a new cipher object for each.
 */
const SRTP_PROFILES = [1, 7] as const;

export type Certificate = RTCCertificate;

/** A fresh self-signed certificate; one may serve many transports, and a new one makes a browser start DTLS anew. */
export async function createCertificate(): Promise<Certificate> {
  const { certPem, keyPem, signatureHash } = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  );
  return new RTCCertificate(keyPem, certPem, signatureHash);
}

interface GuardedTransport {
  socket: Socket;
  onData: (data: Buffer, from: [string, number]) => void;
}

/** The parts of werift's connection that its types keep private, as they are in the one version we use. */
interface GuardedConnection {
  readonly protocols: ReadonlyArray<{ readonly transport: GuardedTransport }>;
  /** The pair that the window chose. */
  readonly nominated?: { readonly remoteAddr: readonly [host: string, port: number] } | undefined;
  readonly checkList: ReadonlyArray<{ readonly requestTransactionIds: Set<string> }>;
  stunServer: unknown;
}

export interface WindowEvents {
  readonly rtp: (packet: RtpPacket) => void;
  /** A compound packet. */
  readonly rtcp: (data: Buffer) => void;
}

/** Sound and reports begin with 128 to 191 (RFC 7983 §7). */
const isMedia = (data: Buffer): boolean => {
  const first = data[0] ?? 0;
  return first >= 128 && first <= 191;
};

export class WindowTransport {
  readonly local: LocalIce;
  readonly #ice: RTCIceTransport;
  readonly #dtls: RTCDtlsTransport;
  readonly #connection: GuardedConnection;
  readonly #socket: Socket;
  #srtp: { readonly sender: SrtpSender; readonly receiver: SrtpReceiver } | undefined;
  #closed = false;

  private constructor(
    ice: RTCIceTransport,
    dtls: RTCDtlsTransport,
    connection: GuardedConnection,
    socket: Socket,
    local: LocalIce,
  ) {
    this.#ice = ice;
    this.#dtls = dtls;
    this.#connection = connection;
    this.#socket = socket;
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
    const [protocol] = guarded.protocols;
    const [fingerprint] = certificate.getFingerprints();
    if (!protocol || !fingerprint) throw new Error('No UDP socket on 127.0.0.1 for the window');
    const socket = await ownSocket(protocol.transport);
    const { port } = socket.address();

    const dtls = new RTCDtlsTransport({}, ice, certificate, [...SRTP_PROFILES]);
    dtls.role = 'server';
    const transport = new WindowTransport(ice, dtls, guarded, socket, {
      ufrag: connection.localUsername,
      password: connection.localPassword,
      port,
      fingerprint: { algorithm: fingerprint.algorithm, value: fingerprint.value },
    });
    transport.#guard(offer, events);
    transport.#start(offer);
    return transport;
  }

  get connected(): boolean {
    return !this.#closed && this.#dtls.state === 'connected';
  }

  /** Does nothing before the handshake is done: sound that nobody can hear yet is not kept. */
  sendRtp(packet: RtpPacket): void {
    if (this.connected) this.#send(this.#srtp?.sender.rtp(serialiseRtp(packet)));
  }

  /** @param data a compound packet. */
  sendRtcp(data: Buffer): void {
    if (this.connected) this.#send(this.#srtp?.sender.rtcp(data));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#dtls.stop();
  }

  #send(data: Buffer | undefined): void {
    const [host, port] = this.#connection.nominated?.remoteAddr ?? [];
    if (data === undefined || host === undefined || port === undefined) return;
    // With a literal address and no callback, what cannot be sent is passed over at once, without another turn.
    this.#socket.send(data, port, host);
  }

  #guard(offer: WindowOffer, events: WindowEvents): void {
    const guard = new StunGuard({
      localUfrag: this.local.ufrag,
      localPassword: this.local.password,
      remoteUfrag: offer.iceUfrag,
    });
    const transport = this.#connection.protocols[0]?.transport;
    this.#socket.on('message', (data, { address, port }) => {
      if (this.#closed || !guard.admits(data, address, port)) return;
      if (isMedia(data)) {
        this.#heard(data, events);
        return;
      }
      transport?.onData(data, [address, port]);
      // werift remembers every transaction of every check; a long call would only ever add to that.
      if ((data[0] ?? 0xff) <= 3) for (const pair of this.#connection.checkList) pair.requestTransactionIds.clear();
    });
  }

  #heard(data: Buffer, events: WindowEvents): void {
    if (looksLikeRtcp(data)) {
      const reports = this.#srtp?.receiver.rtcp(data);
      if (reports) events.rtcp(reports);
      return;
    }
    const plain = this.#srtp?.receiver.rtp(data);
    const packet = plain && parseRtp(plain);
    if (packet) events.rtp(packet);
  }

  #start(offer: WindowOffer): void {
    this.#ice.setRemoteParams({ iceLite: false, usernameFragment: offer.iceUfrag, password: offer.icePassword });
    this.#dtls.setRemoteParams(remoteDtls(offer.fingerprint));
    // Both end in rejection when the transport is closed before the window came; the window itself shows a failure.
    this.#dtls.start().then(
      () => this.#takeKeys(),
      () => undefined,
    );
    this.#ice.start().catch(() => undefined);
  }

  /** The handshake is done and the window is who its offer said: its keys protect the sound (RFC 5764 §4.2). */
  #takeKeys(): void {
    const { dtls } = this.#dtls;
    const profile = dtls?.srtp.srtpProfile;
    const suite = SRTP_SUITES.find(({ dtlsProfile }) => dtlsProfile !== undefined && dtlsProfile === profile);
    if (!dtls || !suite) return;
    const keys = dtls.extractSessionKeys(suite.keyLength, suite.saltLength);
    this.#srtp = {
      sender: new SrtpSender({ suite, material: Buffer.concat([keys.localKey, keys.localSalt]) }),
      receiver: new SrtpReceiver({ suite, material: Buffer.concat([keys.remoteKey, keys.remoteSalt]) }),
    };
  }
}

/** Puts a socket of ours into the place of werift's, which asks the resolver for each packet, a turn of the loop later. */
async function ownSocket(transport: GuardedTransport): Promise<Socket> {
  const socket = await bindSocket('127.0.0.1', 0);
  transport.socket.close();
  transport.socket = socket;
  return socket;
}

const remoteDtls = (fingerprint: Fingerprint): RTCDtlsParameters =>
  new RTCDtlsParameters([new RTCDtlsFingerprint(fingerprint.algorithm, fingerprint.value)], 'client');
