/**
 * Why a peer is not heard: what came and could not be taken, what the system says of what was sent, and, once it has been
 * silent, whether anybody listens where sound goes (ICMP, as a connected socket is told of it).
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { Endpoint } from '../sip/sdp/index.ts';
import type { MediaClock, MediaTimer } from './clock.ts';

export interface WayFacts {
  /** Where sound goes; null where there is no such place, or ICE looks for it. */
  readonly target: Endpoint | null;
  /** Our address on the way there. */
  readonly local: string;
  /** Packets of sound that the window gave, whether or not they could go on. */
  readonly fromWindow: number;
  /** Packets since the peer was heard last that came from elsewhere, and from where the last of them. */
  readonly foreign: number;
  readonly foreignFrom: Endpoint | null;
  /** The same of those that could not be read: by another key, or in a codec that was not agreed on. */
  readonly unreadable: number;
  /** The system's code for what could not be sent, such as `EPERM`; empty where the last packet went out. */
  readonly sendError: string;
  /** What a silent peer's address says to an empty packet. */
  readonly answer: 'none' | 'refused' | 'unreachable';
}

/** The second empty packet is told what became of the first. */
const ASK_AGAIN_MS = 250;
const ASKING_MS = 1_000;
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']);

export class WayWatch {
  readonly #clock: MediaClock;
  #fromWindow = 0;
  #foreign = 0;
  #foreignFrom: Endpoint | null = null;
  #unreadable = 0;
  #sendError = '';
  #answer: WayFacts['answer'] = 'none';
  #odd = false;
  #asking: { readonly socket: Socket; readonly timers: MediaTimer[] } | undefined;

  constructor(clock: MediaClock) {
    this.#clock = clock;
  }

  fromWindow(): void {
    this.#fromWindow += 1;
  }

  foreign({ address, port }: Endpoint): void {
    this.#odd = true;
    this.#foreign += 1;
    this.#foreignFrom = { address, port };
  }

  unreadable(): void {
    this.#odd = true;
    this.#unreadable += 1;
  }

  /** The fate of a packet, as the socket tells it. */
  readonly sent = (error: Error | null): void => {
    if (error !== null) this.#sendError = codeOf(error);
    else if (this.#sendError !== '') this.#sendError = '';
  };

  /** The peer was heard: what was odd before says nothing any more. */
  heard(): void {
    if (!this.#odd) return;
    this.#odd = false;
    this.#foreign = 0;
    this.#unreadable = 0;
    this.#foreignFrom = null;
    this.#answer = 'none';
    this.#stopAsking();
  }

  /** The peer has fallen silent: its address is asked, once, whether anybody is there. */
  ask(target: Endpoint | undefined, local: string): void {
    this.#stopAsking();
    this.#odd = true;
    this.#answer = 'none';
    if (target === undefined) return;
    const socket = createSocket(isIP(target.address) === 6 ? 'udp6' : 'udp4');
    const asking = { socket, timers: [] as MediaTimer[] };
    this.#asking = asking;
    const knock = (): void => socket.send(Buffer.alloc(0), told);
    const told = (error?: Error | null): void => {
      if (!error || this.#asking !== asking) return;
      const code = codeOf(error);
      if (code === 'ECONNREFUSED') this.#answer = 'refused';
      else if (UNREACHABLE.has(code)) this.#answer = 'unreachable';
      this.#stopAsking();
    };
    socket.on('error', told);
    socket.bind({ address: local }, () => {
      if (this.#asking !== asking) return;
      socket.connect(target.port, target.address, (error?: Error) => {
        if (error) told(error);
        if (this.#asking !== asking) return;
        knock();
        asking.timers.push(this.#clock.after(ASK_AGAIN_MS, knock));
      });
    });
    asking.timers.push(this.#clock.after(ASKING_MS, () => this.#stopAsking()));
  }

  facts(target: Endpoint | undefined, local: string): WayFacts {
    return {
      target: target === undefined ? null : { address: target.address, port: target.port },
      local,
      fromWindow: this.#fromWindow,
      foreign: this.#foreign,
      foreignFrom: this.#foreignFrom,
      unreadable: this.#unreadable,
      sendError: this.#sendError,
      answer: this.#answer,
    };
  }

  close(): void {
    this.#stopAsking();
  }

  #stopAsking(): void {
    const asking = this.#asking;
    this.#asking = undefined;
    if (asking === undefined) return;
    for (const timer of asking.timers) timer.cancel();
    asking.socket.close();
  }
}

const codeOf = (error: Error): string => String((error as NodeJS.ErrnoException).code ?? 'unknown');
