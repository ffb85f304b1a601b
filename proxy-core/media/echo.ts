/**
 * The other side of a test call to oneself: plain RTP sockets on 127.0.0.1 that give every packet back a second later, so
 * that sound takes the whole way of a call and needs no server.
 */
import type { MediaClock, MediaTimer, RandomBelow } from './clock.ts';
import { openPortPair, type PortPair, type PortRange } from './port-pair.ts';

const DELAY_MS = 1_000;
/** Packets on their way back: four times what a second of 20 ms packets needs. */
const MAX_WAITING = 200;
const HOST = '127.0.0.1';

export class EchoEnd {
  readonly #ports: PortPair;
  readonly #clock: MediaClock;
  readonly #waiting = new Set<MediaTimer>();
  #from: number | undefined;

  private constructor(ports: PortPair, clock: MediaClock) {
    this.#ports = ports;
    this.#clock = clock;
    ports.rtp.on('message', (data, { address, port }) => {
      if (address === HOST && port === this.#from) this.#giveBack(data, port);
    });
  }

  static async open(clock: MediaClock, range: PortRange, random: RandomBelow): Promise<EchoEnd> {
    return new EchoEnd(await openPortPair(HOST, range, random), clock);
  }

  /** The answer to an offer of ours: all that it offers, at this end. */
  answer(sipOffer: string): string {
    const port = /^m=audio (\d+) /m.exec(sipOffer)?.[1];
    this.#from = port === undefined ? undefined : Number(port);
    return sipOffer.replace(/^(m=audio )\d+/m, `$1${this.#ports.port}`);
  }

  async close(): Promise<void> {
    for (const timer of this.#waiting) timer.cancel();
    this.#waiting.clear();
    await this.#ports.close();
  }

  #giveBack(data: Buffer, port: number): void {
    if (this.#waiting.size >= MAX_WAITING) return;
    const timer = this.#clock.after(DELAY_MS, () => {
      this.#waiting.delete(timer);
      // As if it were lost on the way.
      this.#ports.rtp.send(data, port, HOST, () => undefined);
    });
    this.#waiting.add(timer);
  }
}
