/** SIP over the sockets of Node: every listener and connection of one program behind one port (RFC 3261 §18). */
import type { Hop, TransportFailure, TransportName, TransportPort, TransportSink } from '../../sip/transport/port.ts';

/** Sentences for the log; pino and console fit. */
export interface TransportLog {
  info(sentence: string): void;
  warn(sentence: string): void;
}

export interface NodeTransportOptions {
  /** `udp://HOST:PORT` or `tcp://HOST:PORT`; HOST is an address (IPv6 in brackets), port 0 takes any free one. */
  readonly listeners: readonly string[];
  readonly sink: TransportSink;
  readonly log?: TransportLog | undefined;
}

export class NodeTransport implements TransportPort {
  private constructor() {}
  /** Opens every listener, or none: throws ListenError with a sentence for people. */
  static async listen(_options: NodeTransportOptions): Promise<NodeTransport> {
    throw new Error('not built');
  }
  /** As given, with the real ports: `udp://127.0.0.1:5060`. */
  get listeners(): string[] {
    return [];
  }
  send(_hop: Hop, _wire: string, _failed: (failure: TransportFailure) => void): void {}
  sentBy(hop: Hop): { readonly transport: TransportName; readonly sentBy: string } {
    return { transport: hop.transport, sentBy: '' };
  }
  isReliable(transport: TransportName): boolean {
    return transport !== 'UDP';
  }
  /** Closes every listener and connection. */
  async close(): Promise<void> {}
}
