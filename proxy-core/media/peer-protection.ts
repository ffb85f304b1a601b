/**
 * The protection of one call's sound towards the peer, under keys from the descriptions (RFC 4568) or from a DTLS
 * handshake (RFC 5764). Contexts live as long as their keys do.
 */
import { randomBytes } from 'node:crypto';
import type { AgreedProtection, DtlsRole, Endpoint, LocalProtection, SrtpKey } from '../sip/sdp/index.ts';
import { type AssociationOptions, DtlsAssociation } from './dtls/association.ts';
import { SrtpReceiver, SrtpSender } from './srtp/srtp.ts';
import { SRTP_SUITES, suiteNamed } from './srtp/suites.ts';

/** What the owner of an account asks for. */
export type WantedProtection = Pick<LocalProtection, 'wanted' | 'offered'>;

type SdesProtection = Extract<AgreedProtection, { kind: 'sdes' }>;
type DtlsProtection = Extract<AgreedProtection, { kind: 'dtls' }>;

const KINDS = ['rtp', 'rtcp'] as const;

/** Fresh keys for one call, a suite each, best first. */
export function freshKeys(): SrtpKey[] {
  return SRTP_SUITES.map(({ name, keyLength, saltLength }) => ({
    suite: name,
    key: randomBytes(keyLength + saltLength).toString('base64'),
  }));
}

type Kind = 'rtp' | 'rtcp';
type Certificate = AssociationOptions['certificate'];

/** A context and the key that it counts for. */
interface Keyed<Context> {
  readonly suite: string;
  readonly key: string;
  readonly context: Context;
}

/** What protects the packets of one socket. */
interface Link {
  readonly suite: string;
  readonly sender: SrtpSender;
  readonly receiver: SrtpReceiver;
}

export class PeerProtection {
  readonly #send: (kind: Kind, data: Buffer) => void;
  #agreed: AgreedProtection | undefined;
  /** Kept when sound goes in the clear for a while: a key that comes back goes on counting, no number may serve twice. */
  #sender: Keyed<SrtpSender> | undefined;
  #receiver: Keyed<SrtpReceiver> | undefined;
  readonly #links = new Map<Kind, Link>();
  readonly #associations = new Map<Kind, DtlsAssociation>();

  /** @param send a datagram of a handshake, out of the socket for this kind. */
  constructor(send: (kind: Kind, data: Buffer) => void) {
    this.#send = send;
  }

  /** The name of the suite in use; empty where sound goes in the clear, or not yet at all. */
  get suite(): string {
    return this.#links.get('rtp')?.suite ?? '';
  }

  /** What we are in the association that runs. */
  get role(): DtlsRole | undefined {
    return this.#agreed?.kind === 'dtls' ? this.#agreed.role : undefined;
  }

  /** What holds from now on. An association goes on as long as both sides are who they were. */
  apply(agreed: AgreedProtection | undefined, certificate: Certificate, rtcpMux: boolean): void {
    const former = this.#agreed;
    this.#agreed = agreed;
    if (agreed?.kind === 'dtls' && former?.kind === 'dtls' && isSameAssociation(former, agreed)) return;
    this.#stop();
    if (agreed?.kind === 'sdes') this.#takeKeys(agreed);
    if (agreed?.kind === 'dtls')
      for (const kind of rtcpMux ? KINDS.slice(0, 1) : KINDS) this.#associate(kind, agreed, certificate);
  }

  /** For the wire; undefined where nothing may be sent. @param socket the one that the packet leaves by. */
  seal(kind: Kind, packet: Buffer, socket: Kind): Buffer | undefined {
    return this.#agreed ? this.#links.get(socket)?.sender[kind](packet) : packet;
  }

  /** From the wire; undefined where it is not the peer's, or came before. @param socket the one that it came in by. */
  open(kind: Kind, packet: Buffer, socket: Kind): Buffer | undefined {
    return this.#agreed ? this.#links.get(socket)?.receiver[kind](packet) : packet;
  }

  /** A datagram of a handshake. */
  handshake(kind: Kind, data: Buffer, from: Endpoint): void {
    this.#associations.get(kind)?.received(data, from);
  }

  close(): void {
    this.#stop();
    this.#agreed = undefined;
  }

  #stop(): void {
    for (const association of this.#associations.values()) association.close();
    this.#associations.clear();
    this.#links.clear();
  }

  #takeKeys(agreed: SdesProtection): void {
    const suite = suiteNamed(agreed.suite);
    if (!suite) return;
    const { localKey, remoteKey } = agreed;
    const { name } = suite;
    if (this.#sender?.suite !== name || this.#sender.key !== localKey) {
      const context = new SrtpSender({ suite, material: Buffer.from(localKey, 'base64') });
      this.#sender = { suite: name, key: localKey, context };
    }
    if (this.#receiver?.suite !== name || this.#receiver.key !== remoteKey) {
      const context = new SrtpReceiver({ suite, material: Buffer.from(remoteKey, 'base64'), mki: mkiOf(agreed) });
      this.#receiver = { suite: name, key: remoteKey, context };
    }
    const link = { suite: name, sender: this.#sender.context, receiver: this.#receiver.context };
    for (const kind of KINDS) this.#links.set(kind, link);
  }

  #associate(kind: Kind, { role, fingerprints }: DtlsProtection, certificate: Certificate): void {
    const association = new DtlsAssociation({
      role,
      certificate,
      fingerprints,
      send: (data) => this.#send(kind, data),
      established: (ours, theirs) => {
        const link = { suite: ours.suite.name, sender: new SrtpSender(ours), receiver: new SrtpReceiver(theirs) };
        this.#links.set(kind, link);
      },
    });
    this.#associations.set(kind, association);
  }
}

const isSameAssociation = (a: DtlsProtection, b: DtlsProtection): boolean =>
  a.role === b.role &&
  a.fingerprints.length === b.fingerprints.length &&
  a.fingerprints.every(({ value }, index) => value === b.fingerprints[index]?.value);

function mkiOf({ remoteMki }: SdesProtection): Buffer | undefined {
  if (!remoteMki) return undefined;
  const mki = Buffer.alloc(remoteMki.length);
  // What is longer than the number is filled up on the left.
  for (let at = mki.length - 1, rest = remoteMki.value; at >= 0 && rest > 0; at--, rest = Math.floor(rest / 256)) {
    mki.writeUInt8(rest % 256, at);
  }
  return mki;
}
