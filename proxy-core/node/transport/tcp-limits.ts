/** What one peer may take of the program over TCP. */
export interface TcpLimits {
  /** Of all peers together, those that we opened included. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Bytes that a peer may leave unread. */
  readonly unreadBytes: number;
  /** For a new connection until its first message, and for a message to come whole. */
  readonly firstMessageMs: number;
  readonly connectMs: number;
  /** For the peer to read the last answer before a connection that cannot be read is ended. */
  readonly drainMs: number;
  /** Silence after which a connection is given up; longer than the registrations that live on it. */
  readonly idleMs: number;
}

export const TCP_LIMITS: TcpLimits = {
  connections: 20_000,
  connectionsPerAddress: 1000,
  unreadBytes: 1024 * 1024,
  firstMessageMs: 30_000,
  connectMs: 10_000,
  drainMs: 2000,
  idleMs: 2 * 60 * 60 * 1000,
};
