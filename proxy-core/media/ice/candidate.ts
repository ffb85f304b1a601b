/** Candidates: where a side may be reached, and which are better (RFC 8445 §5.1.1 to §5.1.3). */

import type { Endpoint, IceCandidate } from '../../sip/sdp/index.ts';
import type { RandomBelow } from '../clock.ts';
import { oneSpelling } from './address-bytes.ts';

/** 1 for RTP, 2 for RTCP where it has a port of its own. */
export type Component = 1 | 2;
export type CandidateType = IceCandidate['type'];

/** A way for packets out of this computer: a socket, or an allocation on a relay. */
export interface Path {
  readonly component: Component;
  readonly type: 'host' | 'relay';
  readonly send: (data: Buffer, to: Endpoint) => void;
}

/** One of ours; packets to it and from it take its path. */
export interface LocalCandidate extends IceCandidate {
  readonly path: Path;
}

const PREFERENCE: Readonly<Record<CandidateType, number>> = { host: 126, prflx: 110, srflx: 100, relay: 0 };

export const candidatePriority = (type: CandidateType, component: Component): number =>
  PREFERENCE[type] * 2 ** 24 + 65535 * 2 ** 8 + 256 - component;

export const isSameEndpoint = (a: Endpoint | undefined, b: Endpoint | undefined): boolean =>
  a !== undefined && a.port === b?.port && a.address === b.address;

/** An endpoint in the spelling in which endpoints are compared. */
export const plainEndpoint = ({ address, port }: Endpoint): Endpoint => ({ address: oneSpelling(address), port });

const ICE_CHARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const letters = (random: RandomBelow, count: number): string =>
  Array.from({ length: count }, () => ICE_CHARS[random(64)]).join('');

export interface Credentials {
  readonly ufrag: string;
  readonly password: string;
}

/** 48 and 144 bits; 24 and 128 are the least (§5.3). */
export const freshCredentials = (random: RandomBelow): Credentials => ({
  ufrag: letters(random, 8),
  password: letters(random, 24),
});
