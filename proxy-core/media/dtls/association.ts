/** A DTLS association with a SIP peer that ends in keys for SRTP (RFC 5763, RFC 5764): werift's handshake, proved by us. */
import { DtlsClient, DtlsServer, type DtlsSocket, type SrtpProfile } from 'werift';
import type { DtlsFingerprint, DtlsRole } from '../../sip/sdp/index.ts';
import type { MasterKey } from '../srtp/srtp.ts';
import { SRTP_SUITES } from '../srtp/suites.ts';
import type { Certificate } from '../window-transport.ts';
import { HANDSHAKE, HandshakeProof } from './handshake-proof.ts';

/** AEAD_AES_128_GCM before AES_CM_128_HMAC_SHA1_80: what werift can negotiate. */
const PROFILES: SrtpProfile[] = [7, 1];
/** Shorter than any record. */
const RECORD_HEADER = 13;

export interface AssociationOptions {
  /** The client begins (RFC 5763 §5: `active`). */
  readonly role: DtlsRole;
  readonly certificate: Certificate;
  /** Of the peer, by its description. */
  readonly fingerprints: readonly DtlsFingerprint[];
  readonly send: (data: Buffer) => void;
  /** Keys for what we send and for what comes; once. */
  readonly established: (ours: MasterKey, theirs: MasterKey) => void;
}

/** A datagram with DTLS in it, by its first byte (RFC 7983 §7). */
export const looksLikeDtls = (data: Buffer): boolean => (data[0] ?? 0) >= 20 && (data[0] ?? 0) <= 63;

/** As it stands in descriptions (RFC 8122 §5). */
export function fingerprintOf(certificate: Certificate): DtlsFingerprint {
  const [print] = certificate.getFingerprints();
  if (!print) throw new Error('A certificate without a fingerprint');
  return { algorithm: print.algorithm, value: print.value.toUpperCase() };
}

export class DtlsAssociation {
  readonly #options: AssociationOptions;
  readonly #proof: HandshakeProof;
  readonly #socket: DtlsSocket;
  /** werift puts its own listener here. */
  readonly #transport;
  #closed = false;

  constructor(options: AssociationOptions) {
    this.#options = options;
    this.#proof = new HandshakeProof(options.fingerprints);
    this.#transport = {
      type: 'udp',
      address: { address: '', port: 0, family: '' },
      closed: false,
      onData: (_data: Buffer, _from: readonly [string, number]): void => undefined,
      send: async (data: Buffer): Promise<void> => {
        if (!this.#closed) options.send(data);
      },
      close: async (): Promise<void> => undefined,
    };
    const { certPem: cert, privateKey: key, signatureHash } = options.certificate;
    const Socket = options.role === 'client' ? DtlsClient : DtlsServer;
    this.#socket = new Socket({
      transport: this.#transport,
      cert,
      key,
      signatureHash,
      srtpProfiles: PROFILES,
      extendedMasterSecret: true,
      certificateRequest: options.role === 'server',
    });
    this.#guard();
    this.#socket.onConnect.subscribe(() => this.#established());
    // A client that never gets an answer gives up after half a minute; the silence is noticed long before.
    if (this.#socket instanceof DtlsClient) this.#socket.connect().catch(() => undefined);
  }

  received(data: Buffer, from: { readonly address: string; readonly port: number }): void {
    if (this.#closed || data.length < RECORD_HEADER) return;
    try {
      this.#transport.onData(data, [from.address, from.port]);
    } catch {
      // werift reads lengths before it checks them.
    }
  }

  close(): void {
    this.#closed = true;
  }

  /** Shows each message to the proof first. Whoever begins anew on a finished association is a stranger. */
  #guard(): void {
    const inner = this.#socket.onHandleHandshakes;
    this.#socket.onHandleHandshakes = async (messages) => {
      for (const message of messages) {
        if (this.#closed || (this.#socket.connected && message.msg_type === HANDSHAKE.clientHello)) return;
        if (this.#proof.admits(message.msg_type, message.fragment, this.#state())) await inner([message]);
      }
    };
  }

  #state() {
    const { role } = this.#options;
    const { cipher, dtls } = this.#socket;
    const [local, remote] = [cipher.localRandom?.serialize(), cipher.remoteRandom?.serialize()];
    return {
      role,
      clientRandom: role === 'client' ? local : remote,
      serverRandom: role === 'client' ? remote : local,
      masterSecret: cipher.masterSecret,
      transcript: () => Buffer.concat(dtls.sortedHandshakeCache.map((message) => message.serialize())),
    };
  }

  #established(): void {
    const profile = this.#socket.srtp.srtpProfile;
    const suite = SRTP_SUITES.find(({ dtlsProfile }) => dtlsProfile !== undefined && dtlsProfile === profile);
    if (this.#closed || !suite || !this.#proof.isComplete) return;
    const keys = this.#socket.extractSessionKeys(suite.keyLength, suite.saltLength);
    this.#options.established(
      { suite, material: Buffer.concat([keys.localKey, keys.localSalt]) },
      { suite, material: Buffer.concat([keys.remoteKey, keys.remoteSalt]) },
    );
  }
}
