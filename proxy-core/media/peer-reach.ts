/** Whether sound and reports may go where a peer's description says. */
import { type AgreedAudio, addressFamily } from '../sip/sdp/index.ts';

type Remote = AgreedAudio['remote'];

const mayReach = (address: string, local: string, keepsToLoopback: boolean): boolean =>
  addressFamily(address) === addressFamily(local) &&
  (!keepsToLoopback || address.startsWith('127.') || address === '::1');

/** Why nothing can be sent there; undefined where it can. @param local our address. */
export function unreachable({ rtp }: Remote, local: string, keepsToLoopback: boolean): string | undefined {
  if (rtp === undefined || mayReach(rtp.address, local, keepsToLoopback)) return undefined;
  return addressFamily(rtp.address) === addressFamily(local)
    ? 'Only audio on this computer is allowed'
    : 'The peer uses another version of IP for its audio';
}

/** The same peer without a place for reports that none may be sent to (RFC 3605 lets it name any). */
export function withReachableReports(remote: Remote, local: string, keepsToLoopback: boolean): Remote {
  const { rtcp } = remote;
  if (rtcp === undefined || mayReach(rtcp.address, local, keepsToLoopback)) return remote;
  return { ...remote, rtcp: undefined };
}
