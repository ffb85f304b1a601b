/**
 * What carries messages, as the layers above see it. Invariants:
 * - `send` never throws and never blocks; what goes wrong is told once through `failed`, or not at all when the network
 *   itself loses it.
 * - A flow is one datagram path or one connection. Its id is never used again after `flowClosed`.
 * - What a connection has carried away may be lost when it ends, and only `flowClosed` tells of that.
 * - Recovery (other targets, registering again) belongs to the layers above; a transport only opens, carries and closes.
 */

export type TransportName = 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS';
/** Whether nobody on the way can listen. */
export const isSecure = (transport: TransportName): boolean => transport === 'TLS' || transport === 'WSS';
/** As the parameter of a URI names it: a WebSocket is `ws` there, over TLS too; `WSS` is for Via (RFC 7118 §5.2.2). */
export const inUri = (transport: TransportName): string => (transport === 'WSS' ? 'ws' : transport.toLowerCase());

export type FlowId = string & { readonly __brand: 'FlowId' };

/** A resolved next hop: an IP address without brackets, never a name. */
export interface Hop {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
  /** Send on this flow where it still is (RFC 3261 §18.2.2, RFC 5626 §5.3); else the address is used. */
  readonly flow?: FlowId | undefined;
  /** Whom the other end of a TLS connection must prove to be (RFC 5922 §7.2); `host` itself where it is absent. */
  readonly name?: string | undefined;
  /** The listener to send from, such as `udp://127.0.0.1:5060`; the transport chooses where it is absent. */
  readonly listener?: string | undefined;
}

/** Where a message came from and how to go back. */
export interface Source extends Hop {
  readonly flow: FlowId;
  readonly listener: string;
}

/** Gives `bytes` cryptographically random bytes in lower-case hex. */
export type RandomHex = (bytes: number) => string;

export interface TransportFailure {
  readonly reason: string;
  readonly cause?: unknown;
}

/** Ourselves as a peer is to see us, in the Via of a request (§18.1.1). */
export interface OwnAddress {
  readonly transport: TransportName;
  /** `host` or `host:port`. */
  readonly sentBy: string;
  /** Whether the connection may be used for requests to that address too (RFC 5923 §5.1). */
  readonly alias?: boolean | undefined;
}

/** The lower port of the transport layer: sockets on Node, the bridge to the phone service in the window. */
export interface TransportPort {
  send(hop: Hop, wire: string, failed: (failure: TransportFailure) => void): void;
  /** What goes into the Via of a request sent to `hop`. */
  sentBy(hop: Hop): OwnAddress;
  /** The peer at the end of `flow` asks that requests to this `host` and `port` come on it too (RFC 5923 §5.1). */
  alias?(flow: FlowId, host: string, port: number): void;
  /** Whether resends and timers for lost datagrams are needless (§17). */
  isReliable(transport: TransportName): boolean;
}

/** The upward sink of a transport. */
export interface TransportSink {
  /** Whether nothing from this address is wanted: it gets no connection and no answer. Asked before anything is read. */
  refuses?(host: string): boolean;
  /** One whole message; a stream's framing is done. */
  received(wire: string, source: Source): void;
  /** The beginning of what came on a connection that can be read no further. */
  lost?(bytes: string, source: Source): void;
  /** `remote` is the other end, which those who named no flow have sent to. */
  flowClosed(flow: FlowId, remote?: Hop): void;
}
