/** Transports on loopback for the tests of this folder, with all that they told, and plain sockets to talk to them. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { trustedNetworks } from '../../../../../proxy-core/node/exchange/trusted.ts';
import type { TlsCredentials } from '../../../../../proxy-core/node/tls/files.ts';
import type { TlsStore } from '../../../../../proxy-core/node/tls/store.ts';
import { parseListenAddress } from '../../../../../proxy-core/node/transport/listen-address.ts';
import { NodeTransport, type NodeTransportOptions } from '../../../../../proxy-core/node/transport/node-transport.ts';
import type { StreamLimits } from '../../../../../proxy-core/node/transport/stream-limits.ts';
import type { FlowId, Hop, Source, TransportFailure } from '../../../../../proxy-core/sip/transport/port.ts';

export interface Opened {
  readonly transport: NodeTransport;
  readonly got: { wire: string; source: Source }[];
  readonly closed: FlowId[];
  /** The other ends of those connections. */
  readonly remotes: (Hop | undefined)[];
  readonly log: string[];
  /** Where the n-th listener is. */
  readonly hop: (index?: number) => Hop;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Runs after the test, the last one first. */
export const atEnd = (close: () => unknown): void => void closers.push(close);

export async function open(
  listeners: string[],
  limits: Partial<StreamLimits> = {},
  onMessage?: (wire: string) => void,
  more: Pick<NodeTransportOptions, 'tls' | 'wsOrigins'> & {
    readonly proxyFrom?: readonly string[];
    readonly refuses?: (host: string) => boolean;
  } = {},
): Promise<Opened> {
  const got: Opened['got'] = [];
  const closed: FlowId[] = [];
  const remotes: (Hop | undefined)[] = [];
  const log: string[] = [];
  const transport = await NodeTransport.listen({
    listeners,
    limits,
    ...more,
    proxyFrom: trustedNetworks(more.proxyFrom ?? [], false),
    log: { info: (text) => void log.push(text), warn: (text) => void log.push(text) },
    sink: {
      refuses: more.refuses ?? (() => false),
      received: (wire, source) => {
        got.push({ wire, source });
        onMessage?.(wire);
      },
      flowClosed: (flow, remote) => {
        closed.push(flow);
        remotes.push(remote);
      },
    },
  });
  atEnd(() => transport.close());
  const hop = (index = 0): Hop => {
    const { transport: name, host, port } = parseListenAddress(transport.listeners[index] ?? '');
    return { transport: name, host, port };
  };
  return { transport, got, closed, remotes, log, hop };
}

export const message = (body = ''): string =>
  `MESSAGE sip:b@x SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

export function failures() {
  const all: TransportFailure[] = [];
  return { all, failed: (failure: TransportFailure) => void all.push(failure) };
}

export async function dial({ port, host }: Hop): Promise<Socket & { text: string }> {
  const socket = Object.assign(connect({ host, port }), { text: '' });
  atEnd(() => socket.destroy());
  socket.on('data', (data) => {
    socket.text += data.toString('latin1');
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Certificates out of memory; `change` is what a new file would do. */
export interface FakeTls extends TlsStore {
  change(credentials: Partial<TlsCredentials>): void;
  isClosed: boolean;
}

export function fakeTls(first: Pick<TlsCredentials, 'cert' | 'key'> & Partial<TlsCredentials>): FakeTls {
  let credentials: TlsCredentials = { clientCa: undefined, ca: undefined, isSelfMade: false, ...first };
  const listeners: ((credentials: TlsCredentials) => void)[] = [];
  return {
    isClosed: false,
    get credentials() {
      return credentials;
    },
    onChange: (listener) => void listeners.push(listener),
    change: (next) => {
      credentials = { ...credentials, ...next };
      for (const listener of listeners) listener(credentials);
    },
    close() {
      this.isClosed = true;
    },
  };
}
