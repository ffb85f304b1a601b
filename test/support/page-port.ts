/** The WebSocket of a real browser engine, in an empty window, as the lower port of our own stack. */
import { resolve } from 'node:path';
import { _electron } from 'playwright-core';
import type { FlowId, Source, TransportSink } from '../../proxy-core/sip/transport/port.ts';
import { electronPath, LOADER } from './electron.ts';
import type { WebSocketPort } from './web-socket-port.ts';

export interface PagePort extends WebSocketPort {
  /** The subprotocol that was agreed on. */
  readonly protocol: string;
}

const WINDOW = resolve(import.meta.dirname, 'blank-window');

/** Wants a display. Rejects where the connection is refused. */
export async function openPagePort(url: string): Promise<PagePort> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: [...asRoot, '-r', LOADER, '--disable-gpu', WINDOW],
    timeout: 60_000,
  });
  let sink: TransportSink | undefined;
  const { hostname: host, port } = new URL(url);
  const flow = 'page' as FlowId;
  const server: Source = { transport: 'WS', host, port: Number(port), flow, listener: '' };
  try {
    const page = await app.firstWindow();
    await page.exposeFunction('heard', (text: string) => {
      sink?.received(Buffer.from(text, 'utf8').toString('latin1'), server);
    });
    const protocol = await page.evaluate(
      (address) =>
        new Promise<string>((done, failed) => {
          const scope = window as unknown as { socket: WebSocket; heard(text: string): void };
          scope.socket = new WebSocket(address, 'sip');
          scope.socket.onopen = () => done(scope.socket.protocol);
          scope.socket.onerror = () => failed(new Error('refused'));
          scope.socket.onmessage = ({ data }) => scope.heard(data);
        }),
      url,
    );
    return {
      protocol,
      address: 'page.invalid',
      server,
      connect: (to) => {
        sink = to;
      },
      send: (_hop, wire, failed) => {
        const text = Buffer.from(wire, 'latin1').toString('utf8');
        page
          .evaluate((message) => (window as unknown as { socket: WebSocket }).socket.send(message), text)
          .catch((cause: unknown) => failed({ reason: 'the page is gone', cause }));
      },
      sentBy: () => ({ transport: 'WS', sentBy: 'page.invalid' }),
      isReliable: () => true,
      close: () => app.close(),
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}
