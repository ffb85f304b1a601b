/** What one peer may take of the program over TCP, TLS and WebSocket. Times are in ms. */
export interface StreamLimits {
  /** Of all peers together, those that we opened included. */
  readonly connections: number;
  /** Of one IPv4 address, or of one IPv6 network of 64 bits. */
  readonly connectionsPerAddress: number;
  /** Bytes that a peer may leave unread. */
  readonly unreadBytes: number;
  /** For a PROXY header, and for the HTTP request that opens a WebSocket, to come whole. */
  readonly headerMs: number;
  /** For the TLS handshake of one that connects to us. */
  readonly handshakeMs: number;
  /** For a new connection until its first message, and for a message to come whole. */
  readonly firstMessageMs: number;
  /** For a connection that we open, its TLS handshake with it. */
  readonly connectMs: number;
  /** For the peer to read the last answer before a connection that cannot be read is ended. */
  readonly drainMs: number;
  /** Silence after which TCP and TLS are given up; longer than the registrations that live on them. */
  readonly idleMs: number;
  /** How often a WebSocket is asked whether its other end is there: browsers send no keep-alives of their own. */
  readonly pingMs: number;
}

export const STREAM_LIMITS: StreamLimits = {
  connections: 20_000,
  connectionsPerAddress: 1000,
  unreadBytes: 1024 * 1024,
  headerMs: 5_000,
  handshakeMs: 10_000,
  firstMessageMs: 30_000,
  connectMs: 10_000,
  drainMs: 2000,
  idleMs: 2 * 60 * 60 * 1000,
  pingMs: 30_000,
};
