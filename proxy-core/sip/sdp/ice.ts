/** ICE in descriptions: credentials and candidates, read within limits and written (RFC 8839 §4.2, §5). */
import { addressFamily, addressKind, type Endpoint } from './address.ts';
import type { RawMedia, RawSession } from './read.ts';

const TYPES = ['host', 'srflx', 'prflx', 'relay'] as const;

export interface IceCandidate {
  /** Candidates of one kind, base and server have the same. */
  readonly foundation: string;
  readonly component: 1 | 2;
  /** 1 to 2^31 - 1. */
  readonly priority: number;
  readonly address: string;
  readonly port: number;
  readonly type: (typeof TYPES)[number];
  /** What it leads to, or is seen from; for people. */
  readonly related?: Endpoint | undefined;
}

export interface RemoteIce {
  readonly ufrag: string;
  readonly password: string;
  /** It answers checks and makes none (RFC 8445 §2.5). */
  readonly isLite: boolean;
  readonly candidates: readonly IceCandidate[];
}

export interface LocalIce {
  readonly ufrag: string;
  readonly password: string;
  readonly candidates: readonly IceCandidate[];
  /** Those of the peer that were chosen, by component, once it is done and we control it (RFC 8839 §4.4.1.2.2). */
  readonly chosen: readonly (Endpoint & { readonly component: 1 | 2 })[];
}

/** More would be an attempt to have us send. */
const MAX_CANDIDATES = 40;
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;
const FOUNDATION = /^[A-Za-z0-9+/]{1,32}$/;

/**
 * What a peer's line says of ICE; undefined where it has none. `mismatch` where its default address is no candidate:
 * somebody between changed it who knows no ICE, so that it must not be used (RFC 8839 §4.2.5).
 */
export function readIce(
  session: RawSession,
  raw: RawMedia,
  rtp: Endpoint | undefined,
  rtcp: Endpoint | undefined,
): RemoteIce | 'mismatch' | undefined {
  const ufrag = String(raw.iceUfrag ?? session.iceUfrag ?? '');
  const password = String(raw.icePwd ?? session.icePwd ?? '');
  if (!UFRAG.test(ufrag) || !PASSWORD.test(password)) return undefined;
  const candidates = (raw.candidates ?? []).slice(0, MAX_CANDIDATES).flatMap((candidate) => readCandidate(candidate));
  const isThere = (component: 1 | 2, { address, port }: Endpoint): boolean =>
    candidates.some(
      (one) => one.component === component && one.port === port && one.address.toLowerCase() === address.toLowerCase(),
    );
  // Whoever is held by 0.0.0.0, or names port 9 and candidates later, has no default.
  if (rtp && rtp.port !== 9 && candidates.length > 0) {
    const hasOwnRtcp = rtcp !== undefined && raw.rtcpMux === undefined && candidates.some((one) => one.component === 2);
    if (!isThere(1, rtp) || (hasOwnRtcp && !isThere(2, rtcp))) return 'mismatch';
  }
  return { ufrag, password, isLite: session.icelite !== undefined, candidates };
}

type RawCandidate = NonNullable<RawMedia['candidates']>[number];

/** Names are not looked up, and TCP is not spoken: such candidates are passed over. */
function readCandidate(raw: RawCandidate): IceCandidate[] {
  const { component, priority, port } = raw;
  const foundation = String(raw.foundation);
  const address = String(raw.ip);
  const type = TYPES.find((known) => known === raw.type);
  if (type === undefined || !FOUNDATION.test(foundation) || String(raw.transport).toLowerCase() !== 'udp') return [];
  if (component !== 1 && component !== 2) return [];
  if (!Number.isInteger(priority) || Number(priority) < 1 || Number(priority) >= 2 ** 31) return [];
  if (!Number.isInteger(port) || port < 1 || port > 65535 || addressKind(address) !== 'unicast') return [];
  const related =
    addressFamily(String(raw.raddr)) !== 0 && Number.isInteger(raw.rport)
      ? { address: String(raw.raddr), port: Number(raw.rport) }
      : undefined;
  return [{ foundation, component, priority: Number(priority), address, port, type, related }];
}

/** The lines of our own part. */
export function iceLines({ ufrag, password, candidates, chosen }: LocalIce): string[] {
  const names = chosen.map(({ component, address, port }) => `${component} ${address} ${port}`);
  return [
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    'a=ice-options:ice2',
    ...candidates.map(candidateLine),
    ...(names.length > 0 ? [`a=remote-candidates:${names.join(' ')}`] : []),
  ];
}

function candidateLine({ foundation, component, priority, address, port, type, related }: IceCandidate): string {
  const from = type === 'host' ? '' : ` raddr ${related?.address ?? '0.0.0.0'} rport ${related?.port ?? 9}`;
  return `a=candidate:${foundation} ${component} UDP ${priority} ${address} ${port} typ ${type}${from}`;
}
