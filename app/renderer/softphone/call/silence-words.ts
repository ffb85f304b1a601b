/** Why the other side is not heard, or we are not, in a sentence that a person can act on. */
import type { IceView, WayFacts } from '../../../shared/phone-port.ts';

export interface SilenceFacts {
  readonly received: number;
  /** The SRTP suite; empty where nothing protects. */
  readonly protection: string;
  readonly ice: IceView | null;
}

type Place = { readonly address: string; readonly port: number };

const NOTHING = 'No sound arrives from the other side';

/** `way` is what the gateway knows of the way; undefined where it does not say. */
export function silenceWords(facts: SilenceFacts | undefined, way: WayFacts | undefined): string {
  const { ice = null, received = 0, protection = '' } = facts ?? {};
  if (ice?.state === 'failed') return `${NOTHING}: no way leads there, as routers or firewalls let nothing through.`;
  if (way === undefined) return `${NOTHING}.`;
  const { target, local, answer, sendError, unreadable, foreign, foreignFrom } = way;
  if (sendError === 'EPERM' || sendError === 'EACCES') {
    return `${NOTHING}, and none goes out: a firewall on this computer blocks it.`;
  }
  if (unreadable > 0 && received === 0) {
    return protection === ''
      ? 'What arrives from the other side cannot be played: it is not in a codec that was agreed on.'
      : 'What arrives from the other side cannot be read: it is protected with another key than was agreed on.';
  }
  if (foreign > 0 && foreignFrom !== null && target !== null) {
    return `Sound arrives from ${named(foreignFrom)}, but the other side said ${named(target)}: it told a wrong address.`;
  }
  if (target !== null && answer === 'refused') {
    return `${NOTHING}, and ${named(target)} refuses ours: that port is closed or blocked.`;
  }
  if (target !== null && (answer === 'unreachable' || sendError === 'EHOSTUNREACH' || sendError === 'ENETUNREACH')) {
    return `${NOTHING}: ${target.address} cannot be reached from this network.`;
  }
  if (target !== null && isPrivate(target.address) && !isPrivate(local)) {
    return `${NOTHING}: it told the address ${target.address}, which is known in its own network only.`;
  }
  if (ice === null && target === null) return `${NOTHING}: it told no address to send ours to.`;
  return received === 0
    ? `${NOTHING}: not one packet came. It sends none, or a router or firewall on the way blocks them.`
    : `${NOTHING} any more: its packets have stopped.`;
}

const named = ({ address, port }: Place): string => `${address} port ${port}`;

/** Addresses that mean something in one network only (RFC 1918, RFC 6598, RFC 4193, and those of this computer). */
const isPrivate = (address: string): boolean =>
  /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80|::1$)/i.test(
    address,
  );
