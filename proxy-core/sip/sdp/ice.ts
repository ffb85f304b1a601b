/** ICE in descriptions: credentials and candidates, read within limits and written (RFC 8839 §4.2, §5; RFC 8840 §4). */
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
  /** It tells and takes further candidates as they are found (RFC 8838 §3). */
  readonly trickles?: boolean;
  /** Though it could, it will tell none (RFC 8840 §8). */
  readonly ended?: boolean;
}

export interface LocalIce {
  readonly ufrag: string;
  readonly password: string;
  readonly candidates: readonly IceCandidate[];
  /** Nothing else will be found. */
  readonly ended: boolean;
  /** Those of the peer that were chosen, by component, once it is done and we control it (RFC 8839 §4.4.1.2.2). */
  readonly chosen: readonly (Endpoint & { readonly component: 1 | 2 })[];
}

/** A token (RFC 8866 §9), as short as names are. */
const MID = /^[\w!#$%&'*+.^`{|}~-]{1,32}$/;
/** More would be an attempt to have us send. */
const MAX_CANDIDATES = 40;
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;
const FOUNDATION = /^[A-Za-z0-9+/]{1,32}$/;
/** sdp-transform keeps the first option only. */
const TRICKLE = /^a=ice-options:(?:[^\r\n]* )?trickle(?: [^\r\n]*)?\r?$/m;

/**
 * What a peer's line says of ICE; undefined where it has none. `mismatch` where its default address is no candidate:
 * somebody between changed it who knows no ICE, so that it must not be used (RFC 8839 §4.2.5).
 */
export function readIce(
  text: string,
  session: RawSession,
  raw: RawMedia,
  rtp: Endpoint | undefined,
  rtcp: Endpoint | undefined,
): RemoteIce | 'mismatch' | undefined {
  const who = readCredentials(session, raw);
  if (who === undefined) return undefined;
  const candidates = readCandidates(raw);
  const isThere = (component: 1 | 2, { address, port }: Endpoint): boolean =>
    candidates.some(
      (one) => one.component === component && one.port === port && one.address.toLowerCase() === address.toLowerCase(),
    );
  // Whoever is held by 0.0.0.0, or names port 9 and candidates later, has no default.
  if (rtp && rtp.port !== 9 && candidates.length > 0) {
    const hasOwnRtcp = rtcp !== undefined && raw.rtcpMux === undefined && candidates.some((one) => one.component === 2);
    if (!isThere(1, rtp) || (hasOwnRtcp && !isThere(2, rtcp))) return 'mismatch';
  }
  // Without a name for the line nothing could be said of it later (RFC 8840 §4.4).
  const trickles = readMid(raw) !== undefined && saysTrickle(text);
  const isLite = session.icelite !== undefined;
  return { ...who, isLite, candidates, ...(trickles && { trickles, ended: hasEnded(session, raw) }) };
}

/** Of the line, or of all; undefined where they are none. */
export function readCredentials(
  session: RawSession,
  raw: RawMedia | undefined,
): { readonly ufrag: string; readonly password: string } | undefined {
  const ufrag = String(raw?.iceUfrag ?? session.iceUfrag ?? '');
  const password = String(raw?.icePwd ?? session.icePwd ?? '');
  return UFRAG.test(ufrag) && PASSWORD.test(password) ? { ufrag, password } : undefined;
}

export const readCandidates = (raw: RawMedia): IceCandidate[] =>
  (raw.candidates ?? []).slice(0, MAX_CANDIDATES).flatMap((candidate) => readCandidate(candidate));

/** The name of a line (RFC 5888); undefined for one without, or with one that no name can be. */
export const readMid = ({ mid }: RawMedia): string | undefined =>
  mid !== undefined && MID.test(String(mid)) ? String(mid) : undefined;

export const hasEnded = (session: RawSession, raw: RawMedia | undefined): boolean =>
  'endOfCandidates' in session || raw?.endOfCandidates !== undefined;

/** Whether a description says that its writer tells and takes candidates later; also where it has none to tell. */
export const saysTrickle = (text: string): boolean => TRICKLE.test(text);

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
export function iceLines(ice: LocalIce): string[] {
  const { ufrag, password, chosen } = ice;
  const names = chosen.map(({ component, address, port }) => `${component} ${address} ${port}`);
  return [
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    'a=ice-options:trickle ice2',
    ...candidateLines(ice),
    ...(names.length > 0 ? [`a=remote-candidates:${names.join(' ')}`] : []),
  ];
}

export const candidateLines = ({ candidates, ended }: Pick<LocalIce, 'candidates' | 'ended'>): string[] => [
  ...candidates.map(candidateLine),
  ...(ended ? ['a=end-of-candidates'] : []),
];

function candidateLine({ foundation, component, priority, address, port, type, related }: IceCandidate): string {
  const from = type === 'host' ? '' : ` raddr ${related?.address ?? '0.0.0.0'} rport ${related?.port ?? 9}`;
  return `a=candidate:${foundation} ${component} UDP ${priority} ${address} ${port} typ ${type}${from}`;
}
