/** Passes connections on, as a way through a network that may break. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class TcpRelay {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param passing what becomes of what passes towards `to`, as binary strings */
  static async open(to: number, passing: (text: string) => string = (text) => text): Promise<TcpRelay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const relay = new TcpRelay(server);
    server.on('connection', (near) => {
      const far = connect(to, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        relay.#sockets.add(one);
        one
          .on('error', () => {})
          .on('close', () => {
            relay.#sockets.delete(one);
            other.destroy();
          });
        const change = one === near ? passing : undefined;
        one.on('data', (data) => {
          other.write(change === undefined ? data : Buffer.from(change(data.toString('latin1')), 'latin1'));
        });
      }
    });
    return relay;
  }

  /** Ends what is connected; whoever connects again gets through. */
  drop(): void {
    for (const socket of [...this.#sockets]) socket.destroy();
  }

  /** Nobody gets through any more. */
  cut(): void {
    this.#server.close();
    this.drop();
  }

  close(): void {
    this.cut();
  }
}
