/**
 * An address on a TURN server that stands for one of our sockets (RFC 8656): made, kept, and given back. Each peer gets
 * a channel, which lets its packets in and takes four bytes a packet.
 */
import { addressFamily, addressKind, type Endpoint } from '../../../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from '../../clock.ts';
import { plainEndpoint } from '../candidate.ts';
import {
  ATTRIBUTE,
  type Attribute,
  readAddress,
  readStun,
  type StunMessage,
  word,
  writeAddress,
} from '../stun-message.ts';
import type { TurnLink, TurnLinkEvents } from './link.ts';
import { ServerRequests } from './server-requests.ts';

const METHOD = { allocate: 3, refresh: 4, data: 7, channelBind: 9 } as const;
const UDP = 17 * 2 ** 24;
const LIFETIME_S = 600;
/** A permission lasts five minutes, a channel ten; binding the channel again renews both (§9, §12). */
const BIND_AGAIN_MS = 240_000;
const FIRST_CHANNEL = 0x4000;
/** As many as there may be candidates, and some that show themselves. */
const MAX_CHANNELS = 64;

export interface Relayed {
  readonly relayed: Endpoint;
  /** Where the server sees us. */
  readonly mapped: Endpoint | undefined;
}

export interface AllocationOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly username: string;
  readonly password: string;
  readonly family: 4 | 6;
  readonly link: (events: TurnLinkEvents) => TurnLink;
}

interface Channel {
  readonly number: number;
  readonly peer: Endpoint;
  /** `refused`: the server does not want it, and it is not asked again. */
  state: 'binding' | 'bound' | 'refused';
  /** The last packet that came before it was bound. */
  waiting: Buffer | undefined;
  timer: MediaTimer | undefined;
}

export class Allocation {
  readonly #options: AllocationOptions;
  readonly #link: TurnLink;
  readonly #requests: ServerRequests;
  readonly #byPeer = new Map<string, Channel>();
  readonly #byNumber = new Map<number, Channel>();
  #state: 'new' | 'open' | 'over' = 'new';
  #refresh: MediaTimer | undefined;
  #opened: ((relayed: Relayed | undefined) => void) | undefined;
  #deliver: (data: Buffer, from: Endpoint) => void = () => undefined;

  constructor(options: AllocationOptions) {
    this.#options = options;
    const { clock, random, username, password } = options;
    this.#link = options.link({ message: (data) => this.#received(data), lost: () => this.#end() });
    const { isReliable } = this.#link;
    const send = (data: Buffer): void => this.#link.send(data);
    this.#requests = new ServerRequests({ clock, random, username, password, isReliable, send });
  }

  /** Undefined where the server refuses or is not there. */
  open(): Promise<Relayed | undefined> {
    const family: Attribute[] =
      this.#options.family === 6 ? [[ATTRIBUTE.REQUESTED_ADDRESS_FAMILY, word(2 * 2 ** 24)]] : [];
    return new Promise((resolve) => {
      if (this.#state !== 'new') return resolve(undefined);
      this.#opened = resolve;
      const attributes: Attribute[] = [[ATTRIBUTE.REQUESTED_TRANSPORT, word(UDP)], ...family];
      this.#requests.send(
        METHOD.allocate,
        () => attributes,
        (answer) => this.#allocated(answer),
      );
    });
  }

  /** Who takes what peers send. */
  listen(deliver: (data: Buffer, from: Endpoint) => void): void {
    this.#deliver = deliver;
  }

  /** To a peer, by its channel; until that is there only the last packet is kept. */
  send(data: Buffer, to: Endpoint): void {
    if (this.#state !== 'open') return;
    const channel = this.#channelTo(to);
    if (channel?.state === 'bound') this.#sendOn(channel, data);
    else if (channel?.state === 'binding') channel.waiting = data;
  }

  /** Gives the address back. */
  close(): void {
    const wasOpen = this.#state === 'open';
    this.#state = 'over';
    this.#stop();
    if (wasOpen) {
      // The answer is not waited for: the server forgets by itself.
      this.#requests.send(
        METHOD.refresh,
        () => [[ATTRIBUTE.LIFETIME, word(0)]],
        () => undefined,
      );
      this.#requests.clear();
    }
    this.#link.close();
  }

  #allocated(answer: StunMessage | undefined): void {
    const relayed = answer && readAddress(answer.attributes.get(ATTRIBUTE.XOR_RELAYED_ADDRESS), answer.transactionId);
    const isUsable =
      answer?.kind === 'success' &&
      relayed !== undefined &&
      relayed.port !== 0 &&
      addressKind(relayed.address) === 'unicast' &&
      addressFamily(relayed.address) === this.#options.family;
    if (!isUsable) {
      this.#end();
      return;
    }
    this.#state = 'open';
    this.#keep(answer);
    const mapped = readAddress(answer.attributes.get(ATTRIBUTE.XOR_MAPPED_ADDRESS), answer.transactionId);
    this.#opened?.({ relayed, mapped });
    this.#opened = undefined;
  }

  /** Renewed a minute early, or after half of a short lifetime (§7). */
  #keep({ attributes }: StunMessage): void {
    const value = attributes.get(ATTRIBUTE.LIFETIME);
    const seconds = value?.length === 4 ? value.readUInt32BE() : LIFETIME_S;
    const wait = Math.min(Math.max(seconds - 60, seconds / 2, 10), 3600);
    this.#refresh = this.#options.clock.after(wait * 1000, () => {
      this.#requests.send(
        METHOD.refresh,
        () => [[ATTRIBUTE.LIFETIME, word(LIFETIME_S)]],
        (answer) => {
          if (answer?.kind === 'success') this.#keep(answer);
          else this.#end();
        },
      );
    });
  }

  #channelTo(endpoint: Endpoint): Channel | undefined {
    const peer = plainEndpoint(endpoint);
    const name = `${peer.address} ${peer.port}`;
    const known = this.#byPeer.get(name);
    if (known || this.#byPeer.size >= MAX_CHANNELS) return known;
    const number = FIRST_CHANNEL + this.#byPeer.size;
    const channel: Channel = { number, peer, state: 'binding', waiting: undefined, timer: undefined };
    this.#byPeer.set(name, channel);
    this.#byNumber.set(number, channel);
    this.#bind(channel);
    return channel;
  }

  #bind(channel: Channel): void {
    const { clock } = this.#options;
    const number = word(channel.number * 2 ** 16);
    const attributes = (transactionId: string): Attribute[] => [
      [ATTRIBUTE.CHANNEL_NUMBER, number],
      [ATTRIBUTE.XOR_PEER_ADDRESS, writeAddress(channel.peer, transactionId)],
    ];
    this.#requests.send(METHOD.channelBind, attributes, (answer) => {
      if (this.#state !== 'open') return;
      channel.state = answer?.kind === 'success' ? 'bound' : 'refused';
      if (channel.state !== 'bound') return;
      if (channel.waiting) this.#sendOn(channel, channel.waiting);
      channel.waiting = undefined;
      channel.timer = clock.after(BIND_AGAIN_MS, () => this.#bind(channel));
    });
  }

  #sendOn({ number }: Channel, data: Buffer): void {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(number, 0);
    head.writeUInt16BE(data.length, 2);
    this.#link.send(Buffer.concat([head, data]));
  }

  #received(data: Buffer): void {
    const first = data[0] ?? 0;
    if (first >= 0x40 && first < 0x50) {
      const channel = data.length >= 4 ? this.#byNumber.get(data.readUInt16BE(0)) : undefined;
      const length = data.length >= 4 ? data.readUInt16BE(2) : 0;
      if (channel && length <= data.length - 4) this.#deliver(data.subarray(4, 4 + length), channel.peer);
      return;
    }
    const message = readStun(data);
    if (message?.kind === 'indication' && message.method === METHOD.data) {
      const peer = readAddress(message.attributes.get(ATTRIBUTE.XOR_PEER_ADDRESS), message.transactionId);
      const inner = message.attributes.get(ATTRIBUTE.DATA);
      if (peer && inner) this.#deliver(inner, peer);
    } else if (message) this.#requests.received(message);
  }

  #end(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#stop();
    this.#link.close();
  }

  #stop(): void {
    this.#requests.clear();
    this.#refresh?.cancel();
    for (const { timer } of this.#byPeer.values()) timer?.cancel();
    this.#opened?.(undefined);
    this.#opened = undefined;
  }
}
