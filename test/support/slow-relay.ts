/** A TURN server on 127.0.0.1 that takes its time for an allocation, by whatever clock, and asks for no password. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { MediaClock } from '../../proxy-core/media/clock.ts';
import {
  ATTRIBUTE,
  type Attribute,
  readAddress,
  readStun,
  type StunMessage,
  word,
  writeAddress,
  writeStun,
} from '../../proxy-core/media/ice/stun-message.ts';
import type { TurnServer } from '../../proxy-core/media/ice/turn/link.ts';
import type { Endpoint } from '../../proxy-core/sip/sdp/index.ts';

const METHOD = { allocate: 3, refresh: 4, channelBind: 9 } as const;
const LOOPBACK = '127.0.0.1';

interface Lease {
  readonly socket: Socket;
  readonly channels: Map<number, number>;
}

const nameOf = ({ address, port }: Endpoint): string => `${address} ${port}`;

const bound = async (): Promise<Socket> => {
  const socket = createSocket('udp4');
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  return socket;
};

export class SlowRelay {
  readonly #clock: MediaClock;
  readonly #delayMs: number;
  readonly #socket: Socket;
  /** By the address of the client. */
  readonly #leases = new Map<string, Lease>();
  readonly #asked = new Set<string>();
  /** Addresses that were given back. */
  returned = 0;

  private constructor(clock: MediaClock, delayMs: number, socket: Socket) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#socket = socket;
    socket.on('message', (data, { address, port }) => this.#came(data, { address, port }));
  }

  static async open(clock: MediaClock, delayMs: number): Promise<SlowRelay> {
    return new SlowRelay(clock, delayMs, await bound());
  }

  get server(): TurnServer {
    const endpoint = { address: LOOPBACK, port: this.#socket.address().port };
    return { endpoint, transport: 'udp', name: LOOPBACK, username: 'anna', password: 'secret' };
  }

  /** The ports that it gave out. */
  get ports(): number[] {
    return [...this.#leases.values()].map(({ socket }) => socket.address().port);
  }

  close(): void {
    this.#socket.close();
    for (const { socket } of this.#leases.values()) socket.close();
  }

  #came(data: Buffer, from: Endpoint): void {
    const name = nameOf(from);
    const lease = this.#leases.get(name);
    if (lease && ((data[0] ?? 0) & 0xc0) === 0x40) {
      const to = lease.channels.get(data.readUInt16BE(0));
      if (to !== undefined) lease.socket.send(data.subarray(4, 4 + data.readUInt16BE(2)), to, LOOPBACK);
      return;
    }
    const message = readStun(data);
    if (message?.kind !== 'request') return;
    if (message.method === METHOD.allocate && !this.#asked.has(name)) {
      this.#asked.add(name);
      this.#clock.after(this.#delayMs, () => void this.#lend(from, message));
    } else if (message.method === METHOD.channelBind && lease) this.#bind(lease, message, from);
    else if (message.method === METHOD.refresh) this.returned++;
  }

  async #lend(client: Endpoint, request: StunMessage): Promise<void> {
    const socket = await bound();
    const channels = new Map<number, number>();
    socket.on('message', (data, from) => {
      const channel = [...channels].find(([, peer]) => peer === from.port)?.[0];
      if (channel === undefined) return;
      const head = Buffer.alloc(4);
      head.writeUInt16BE(channel, 0);
      head.writeUInt16BE(data.length, 2);
      this.#socket.send(Buffer.concat([head, data]), client.port, client.address);
    });
    this.#leases.set(nameOf(client), { socket, channels });
    const at = (endpoint: Endpoint): Buffer => writeAddress(endpoint, request.transactionId);
    this.#reply(request, client, [
      [ATTRIBUTE.XOR_RELAYED_ADDRESS, at({ address: LOOPBACK, port: socket.address().port })],
      [ATTRIBUTE.XOR_MAPPED_ADDRESS, at(client)],
      [ATTRIBUTE.LIFETIME, word(600)],
    ]);
  }

  #bind({ channels }: Lease, request: StunMessage, client: Endpoint): void {
    const number = request.attributes.get(ATTRIBUTE.CHANNEL_NUMBER)?.readUInt16BE(0);
    const peer = readAddress(request.attributes.get(ATTRIBUTE.XOR_PEER_ADDRESS), request.transactionId);
    if (number !== undefined && peer) channels.set(number, peer.port);
    this.#reply(request, client, []);
  }

  #reply(request: StunMessage, client: Endpoint, attributes: readonly Attribute[]): void {
    this.#socket.send(writeStun({ ...request, kind: 'success' }, attributes), client.port, client.address);
  }
}
