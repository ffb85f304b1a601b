/** What is kept of each message that came or went, and of what else happened: the raw matter of trace and why. */
import type { Hop, Source, TransportName } from '../../sip/transport/port.ts';

export interface Endpoint {
  /** An IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** One message as it was on the wire. */
export interface TraceEntry {
  /** Grows by one with each message since the exchange began. */
  readonly id: number;
  /** ms since 1970, exact to the microsecond. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly transport: TransportName;
  readonly remote: Endpoint;
  /** Ours; of a wildcard listener the address that the remote side sees. Port 0 on a connection that we opened. */
  readonly local: Endpoint;
  /** Id of the connection; empty for datagrams, and where a new connection was opened for it. */
  readonly connection: string;
  /** The guard let it in no further: of such messages the beginning is kept only. */
  readonly isRefused: boolean;
  /** Not all of it was kept. */
  readonly isCut: boolean;
  /** A binary string. */
  readonly wire: string;
}

/** Something that no message shows: a connection that failed, a name that DNS does not know, a fault of ours. */
export interface TraceNote {
  /** ms since 1970. */
  readonly at: number;
  readonly text: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** Told of every message on its way; must cost next to nothing. */
export interface TraceTap {
  received(wire: string, source: Source, isAdmitted: boolean): void;
  sent(wire: string, hop: Hop): void;
}

/** Which messages are wanted; all that is given must hold. */
export interface Selection {
  /** Only what came after the message with this id. */
  readonly after?: number | undefined;
  /** ms since 1970. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Any of these byte strings must stand in the message; for what cannot be told from the frame of the record alone. */
  readonly anyOf?: readonly string[] | undefined;
  /** A remote address, without port. */
  readonly host?: string | undefined;
}

/** What was kept, for whoever looks. */
export interface TraceStore {
  /** All that fit in the order in which they were on the wire, some at a time, with time for others between. */
  scan(selection: Selection): AsyncIterable<readonly TraceEntry[]>;
  /** In order. */
  notes(): readonly TraceNote[];
}
