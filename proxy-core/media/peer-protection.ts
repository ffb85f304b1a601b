/** The protection of one call's sound towards the peer: contexts that live as long as their keys do (RFC 4568 §7.1). */
import { randomBytes } from 'node:crypto';
import type { AgreedProtection, SrtpKey } from '../sip/sdp/index.ts';
import { SrtpReceiver, SrtpSender } from './srtp/srtp.ts';
import { SRTP_SUITES, suiteNamed } from './srtp/suites.ts';

/** Fresh keys for one call, a suite each, best first. */
export function freshKeys(): SrtpKey[] {
  return SRTP_SUITES.map(({ name, keyLength, saltLength }) => ({
    suite: name,
    key: randomBytes(keyLength + saltLength).toString('base64'),
  }));
}

/** A context and the key that it counts for. */
interface Keyed<Context> {
  readonly suite: string;
  readonly key: string;
  readonly context: Context;
}

export class PeerProtection {
  #suite = '';
  /** Kept when sound goes in the clear for a while: a key that comes back goes on counting, no number may serve twice. */
  #sender: Keyed<SrtpSender> | undefined;
  #receiver: Keyed<SrtpReceiver> | undefined;

  /** The name of the suite in use; empty where sound goes in the clear. */
  get suite(): string {
    return this.#suite;
  }

  /** What holds from now on. */
  apply(agreed: AgreedProtection | undefined): void {
    const suite = agreed && suiteNamed(agreed.suite);
    this.#suite = suite?.name ?? '';
    if (!agreed || !suite) return;
    const { localKey, remoteKey } = agreed;
    if (this.#sender?.suite !== suite.name || this.#sender.key !== localKey) {
      const context = new SrtpSender({ suite, material: Buffer.from(localKey, 'base64') });
      this.#sender = { suite: suite.name, key: localKey, context };
    }
    if (this.#receiver?.suite !== suite.name || this.#receiver.key !== remoteKey) {
      const context = new SrtpReceiver({ suite, material: Buffer.from(remoteKey, 'base64'), mki: mkiOf(agreed) });
      this.#receiver = { suite: suite.name, key: remoteKey, context };
    }
  }

  /** For the wire; undefined where nothing may be sent. */
  seal(kind: 'rtp' | 'rtcp', packet: Buffer): Buffer | undefined {
    return this.#suite === '' ? packet : this.#sender?.context[kind](packet);
  }

  /** From the wire; undefined where it is not the peer's, or came before. */
  open(kind: 'rtp' | 'rtcp', packet: Buffer): Buffer | undefined {
    return this.#suite === '' ? packet : this.#receiver?.context[kind](packet);
  }
}

function mkiOf({ remoteMki }: AgreedProtection): Buffer | undefined {
  if (!remoteMki) return undefined;
  const mki = Buffer.alloc(remoteMki.length);
  // What is longer than the number is filled up on the left.
  for (let at = mki.length - 1, rest = remoteMki.value; at >= 0 && rest > 0; at--, rest = Math.floor(rest / 256)) {
    mki.writeUInt8(rest % 256, at);
  }
  return mki;
}
