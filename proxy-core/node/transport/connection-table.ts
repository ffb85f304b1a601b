/**
 * Connections by flow and by remote address, so that one is used again (RFC 3261 §18, RFC 5923), and by the address that
 * a peer asked to be found under (`alias`), which counts only where its certificate proves the name.
 */
import type { FlowId, Hop, TransportName } from '../../sip/transport/port.ts';
import type { Connection } from './connection.ts';

export class ConnectionTable {
  readonly #byFlow = new Map<FlowId, Connection>();
  readonly #byRemote = new Map<string, Connection>();
  /** Ports that peers asked to be found at. */
  readonly #aliases = new Map<FlowId, number>();

  add(connection: Connection): void {
    const { flow, transport, host, port } = connection.source;
    this.#byFlow.set(flow, connection);
    this.#byRemote.set(remoteKey(transport, host, port), connection);
  }

  /** Gives the port that its peer was to be found at, if any. */
  remove(connection: Connection): number | undefined {
    const { flow, transport, host, port } = connection.source;
    this.#byFlow.delete(flow);
    const alias = this.#aliases.get(flow);
    this.#aliases.delete(flow);
    for (const at of alias === undefined ? [port] : [port, alias]) {
      const key = remoteKey(transport, host, at);
      if (this.#byRemote.get(key) === connection) this.#byRemote.delete(key);
    }
    return alias;
  }

  ofFlow(flow: FlowId | undefined): Connection | undefined {
    return flow === undefined ? undefined : this.#byFlow.get(flow);
  }

  /** The connection that a message to `hop` goes on; undefined where one must be opened. */
  find(hop: Hop): Connection | undefined {
    const known = this.ofFlow(hop.flow);
    if (known !== undefined) return known;
    const there = this.#byRemote.get(remoteKey(hop.transport, hop.host, hop.port));
    return there?.serves(hop.name) === true ? there : undefined;
  }

  /** The peer of `flow` is to be found at `port` of its address under the name `host` (RFC 5923 §5.1, §9.2). */
  alias(flow: FlowId, host: string, port: number): void {
    const connection = this.#byFlow.get(flow);
    if (connection === undefined || !connection.accepted || connection.source.transport !== 'TLS') return;
    if (connection.peer?.includes(host) !== true || this.#aliases.has(flow)) return;
    const key = remoteKey('TLS', connection.source.host, port);
    if (this.#byRemote.has(key)) return;
    this.#byRemote.set(key, connection);
    this.#aliases.set(flow, port);
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#byFlow.values();
  }
}

const remoteKey = (transport: TransportName, host: string, port: number): string => `${transport} ${host}>${port}`;
