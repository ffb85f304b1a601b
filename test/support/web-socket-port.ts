/** The WebSocket of a phone in a page (RFC 7118), as the lower port of our own stack. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FlowId, Source, TransportPort, TransportSink } from '../../proxy-core/sip/transport/port.ts';

export interface WebSocketPort extends TransportPort {
  /** What stands in Via and Contact: nobody can open a connection to a page (§5). */
  readonly address: string;
  /** Where the exchange is. */
  readonly server: Source;
  connect(sink: TransportSink): void;
  close(): void | Promise<void>;
}

let count = 0;

/** @param url such as `wss://127.0.0.1:5443/`; `ca` as PEM for an authority of the test's own. */
export async function openWebSocket(url: string, ca?: string): Promise<WebSocketPort> {
  const socket = new WebSocket(url, 'sip', ca === undefined ? {} : { ca });
  await once(socket, 'open');
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const transport = protocol === 'wss:' ? 'WSS' : 'WS';
  const address = `page${++count}.invalid`;
  const flow = `page-${count}` as FlowId;
  const server: Source = { transport, host, port: Number(port), flow, listener: '' };
  let sink: TransportSink | undefined;
  socket.on('message', (data) => sink?.received((data as Buffer).toString('latin1'), server));
  socket.on('error', () => {});
  socket.on('close', () => sink?.flowClosed(flow, server));
  return {
    address,
    server,
    connect: (to) => {
      sink = to;
    },
    send: (_hop, wire, failed) => {
      if (socket.readyState !== WebSocket.OPEN) failed({ reason: 'the page has no connection' });
      else socket.send(Buffer.from(wire, 'latin1'), { binary: false });
    },
    sentBy: () => ({ transport, sentBy: address }),
    isReliable: () => true,
    close: () => socket.terminate(),
  };
}
