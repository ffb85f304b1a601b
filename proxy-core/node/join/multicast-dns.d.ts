/** As much of the package as is used. */
declare module 'multicast-dns' {
  import type { RemoteInfo } from 'node:dgram';

  namespace multicastDns {
    interface Answer {
      readonly name: string;
      readonly type: string;
      readonly ttl?: number;
      readonly data?: unknown;
    }
    interface Packet {
      readonly questions?: readonly { readonly name: string; readonly type: string }[];
      readonly answers?: readonly Answer[];
      readonly additionals?: readonly Answer[];
    }
    interface MulticastDns {
      on(event: 'query' | 'response', listener: (packet: Packet, from: RemoteInfo) => void): this;
      on(event: 'error' | 'warning', listener: (error: Error) => void): this;
      on(event: 'ready', listener: () => void): this;
      query(name: string, type: string, done?: (error?: Error) => void): void;
      respond(packet: { readonly answers: readonly Answer[] }, done?: (error?: Error) => void): void;
      destroy(done?: () => void): void;
    }
  }
  function multicastDns(options: {
    readonly interface?: string;
    readonly bind?: string;
    readonly port?: number;
  }): multicastDns.MulticastDns;
  export = multicastDns;
}
