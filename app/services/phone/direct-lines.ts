/** Which line of an account without a registrar an address is called by: one is for IPv4, the other for IPv6 (RFC 3263 §4). */
import { isIP } from 'node:net';
import type { ServerHop } from '../../../proxy-core/server/failed-hops.ts';
import type { RegId } from '../../shared/phone-port.ts';

export const FAMILY: Readonly<Record<RegId, 4 | 6>> = { 1: 4, 2: 6 };
const REG_IDS: readonly RegId[] = [1, 2];

/**
 * The server that is to be tried first decides, where it can be reached by a line that is open; IPv4 where it has both.
 * @param hops best first
 */
export function lineTo(hops: readonly ServerHop[], isOpen: (regId: RegId) => boolean): RegId {
  for (const { server } of hops) {
    const its = hops.filter((hop) => hop.server === server);
    const found = REG_IDS.find((regId) => isOpen(regId) && its.some(({ host }) => isIP(host) === FAMILY[regId]));
    if (found !== undefined) return found;
  }
  return 1;
}
