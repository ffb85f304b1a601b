/** What NAT help needs of the outside world: sockets for media, and a way to send what belongs to no transaction. */
import type { SipRequest } from '../../sip/message/message.ts';
import type { RelayPeer } from '../../sip/sdp/relay-peer.ts';
import type { Hop } from '../../sip/transport/port.ts';

/** The end that sent the INVITE, and the one that got it. */
export type RelaySide = 'caller' | 'callee';

/** Opens the ends of streams that pass through us. */
export interface RelayPort {
  /** One stream between the two, each given by the way to it; undefined where no ports are left. */
  open(caller: Hop, callee: Hop): RelayStream | undefined;
}

export interface RelayStream {
  /** Our address as the description for `side` gives it. */
  local(side: RelaySide): { readonly address: string; readonly port: number; readonly rtcpPort: number };
  /** What the description of `side` says, and whom to believe. */
  announce(side: RelaySide, peer: RelayPeer): void;
  /** When a packet of either side last passed, in ms since 1970; 0 before the first. */
  readonly lastPacketAt: number;
  /** Whether any RTP ever came from this side. */
  heard(side: RelaySide): boolean;
  close(): void;
}

/** How pings leave. */
export interface PingPort {
  /** Sends a request that waits for nothing. */
  request(draft: (via: string) => SipRequest, hop: Hop): void;
  /** Sends bytes that are no message. */
  bytes(bytes: string, hop: Hop): void;
}
