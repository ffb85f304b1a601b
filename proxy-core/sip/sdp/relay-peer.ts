/** What the description and the signalling of one side tell whoever relays its media (RFC 7362 §4). */
import type { Endpoint } from './address.ts';

export interface RelayPeer {
  /** Where packets go until the first one came from there; undefined: to nobody. */
  readonly rtp: Endpoint | undefined;
  readonly rtcp: Endpoint | undefined;
  /** The address that packets should come from. */
  readonly expected: string;
  /** They must: nothing from elsewhere passes. */
  readonly isStrict: boolean;
  readonly isMuxed: boolean;
  /** Not RTP: no sequence to know a stranger by. */
  readonly isRtp: boolean;
}
