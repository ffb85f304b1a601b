/**
 * The way to one server once it is open: a connection of our own, or datagrams of the account's socket. It is kept alive,
 * and its end is told once.
 */
import type { Connection } from '../../../proxy-core/node/transport/connection.ts';
import type { NodeTransport } from '../../../proxy-core/node/transport/node-transport.ts';
import { StreamConnection } from '../../../proxy-core/node/transport/stream-connection.ts';
import { STREAM_LIMITS } from '../../../proxy-core/node/transport/stream-limits.ts';
import { WsConnection } from '../../../proxy-core/node/transport/ws-connection.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import type { FlowId, Source, TransportFailure } from '../../../proxy-core/sip/transport/port.ts';
import type { Dialed } from './dial.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Way } from './server-finder.ts';

export interface Edge {
  readonly way: Way;
  readonly localHost: string;
  readonly localPort: number;
  /** Of a connection. */
  readonly flow: FlowId | undefined;
  readonly keepAlive: KeepAlive | undefined;
  send(wire: string, failed: (failure: TransportFailure) => void): void;
  /** Without a word to anybody. */
  close(): void;
}

export interface EdgeOptions {
  readonly way: Way;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly received: (wire: string, source: Source) => void;
  /** It is gone by itself. */
  readonly ended: (reason: string) => void;
}

/** A WebSocket is asked for a sign of life this often; one that gave none since the last time is given up. */
const WS_PING_MS = 15_000;

/** Takes a connection over that was just opened. */
export function streamEdge(options: EdgeOptions, { socket, webSocket }: Dialed & { readonly ok: true }): Edge {
  const { way, clock, random, received } = options;
  const { transport, host, port } = way.hop;
  const flow = `${transport.toLowerCase()}-${random(8)}` as FlowId;
  let over = false;
  const end = (reason: string): void => {
    if (over) return;
    close();
    options.ended(reason);
  };
  const parts = {
    source: { transport, host, port, flow, listener: '' },
    accepted: false,
    limits: { ...STREAM_LIMITS, pingMs: WS_PING_MS },
    received: (wire: string, source: Source): void => {
      if (!over) received(wire, source);
    },
    closed: (_connection: Connection, reason: string | undefined): void =>
      end(
        reason === undefined ? 'The server closed the connection.' : `The connection to the server broke: ${reason}.`,
      ),
    ponged: () => keepAlive?.ponged(),
  };
  const connection =
    webSocket === undefined
      ? new StreamConnection({ ...parts, socket, isOpen: true })
      : new WsConnection({ ...parts, socket: webSocket });
  const send: Edge['send'] = (wire, failed) => connection.send(wire, failed);
  // A ping that cannot be sent is one that is not answered.
  const keepAlive =
    webSocket === undefined
      ? new KeepAlive({ clock, random, kind: 'stream', send: (bytes) => send(bytes, () => {}), dead: end })
      : undefined;
  function close(): void {
    over = true;
    keepAlive?.stop();
    connection.close();
  }
  const { localAddress: localHost = '127.0.0.1', localPort = 0 } = socket;
  return { way, localHost, localPort, flow, keepAlive, send, close };
}

/** Datagrams to a server from the sockets of the account, which stay when the edge is closed. */
export function datagramEdge(
  options: Omit<EdgeOptions, 'received'>,
  sockets: NodeTransport,
  localHost: string,
  localPort: number,
): Edge {
  const { way, clock, random } = options;
  const send: Edge['send'] = (wire, failed) => sockets.send(way.hop, wire, failed);
  const keepAlive = new KeepAlive({
    ...{ clock, random, kind: 'datagram' },
    // One that cannot be sent is one that is not answered.
    send: (bytes) => send(bytes, () => {}),
    dead: (reason) => options.ended(reason),
  });
  return { way, localHost, localPort, flow: undefined, keepAlive, send, close: () => keepAlive.stop() };
}
