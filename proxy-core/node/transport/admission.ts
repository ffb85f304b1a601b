/** How many connections there may be: of all, and of one address (for IPv6 of one network, which one host may have whole). */
import type { Socket } from 'node:net';
import { networkOf } from '../../server/guard/network.ts';
import type { StreamLimits } from './stream-limits.ts';

export class Admission {
  readonly #limits: StreamLimits;
  readonly #warn: (sentence: string) => void;
  readonly #perAddress = new Map<string, number>();
  #all = 0;

  constructor(limits: StreamLimits, warn: (sentence: string) => void) {
    this.#limits = limits;
    this.#warn = warn;
  }

  get isFull(): boolean {
    return this.#all >= this.#limits.connections;
  }

  /** Counts a connection until it closes. */
  count(socket: Socket): void {
    this.#all++;
    socket.once('close', () => {
      this.#all--;
    });
  }

  /** Counts a connection that comes; false, and destroyed, where there are too many already. */
  enter(socket: Socket, host: string): boolean {
    if (this.isFull) return this.#refuse(socket, host);
    this.count(socket);
    return true;
  }

  /** Counts it for the address that it comes from. */
  enterFrom(socket: Socket, host: string): boolean {
    const key = networkOf(host);
    const count = this.#perAddress.get(key) ?? 0;
    if (count >= this.#limits.connectionsPerAddress) return this.#refuse(socket, host);
    this.#perAddress.set(key, count + 1);
    socket.once('close', () => {
      const left = (this.#perAddress.get(key) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(key, left);
      else this.#perAddress.delete(key);
    });
    return true;
  }

  #refuse(socket: Socket, host: string): false {
    socket.destroy();
    this.#warn(`Too many connections; one from ${host} is refused.`);
    return false;
  }
}
