/** The window's side of a call: its transport, which later offers of one peer connection share. */
import type { RandomBelow } from './clock.ts';
import type { WindowOffer } from './window-sdp.ts';
import { type Certificate, createCertificate, type WindowEvents, WindowTransport } from './window-transport.ts';

interface Link {
  readonly transport: WindowTransport;
  readonly offer: WindowOffer;
  /** Of our answers to it. */
  readonly sdpId: string;
}

export class WindowLink {
  readonly #random: RandomBelow;
  readonly #events: WindowEvents;
  #current: Link | undefined;

  constructor(random: RandomBelow, events: WindowEvents) {
    this.#random = random;
    this.#events = events;
  }

  get current(): Pick<Link, 'transport' | 'sdpId'> | undefined {
    return this.#current;
  }

  /**
   * Later offers of one peer connection stay on its transport; another connection or an ICE restart gets its own. `use` is
   * told of a new one before the former is closed.
   */
  async follow(
    offer: WindowOffer,
    shared: () => Promise<Certificate>,
    use: (transport: WindowTransport) => void,
  ): Promise<void> {
    const current = this.#current;
    const isSame =
      current?.offer.iceUfrag === offer.iceUfrag &&
      current.offer.icePassword === offer.icePassword &&
      current.offer.fingerprint.value === offer.fingerprint.value;
    if (isSame) return;
    // Another fingerprint than before is what makes a browser shake hands again after an ICE restart.
    const certificate = current ? await createCertificate() : await shared();
    const transport = await WindowTransport.open(offer, certificate, this.#events);
    this.#current = { transport, offer, sdpId: String(this.#random(2 ** 47)) };
    use(transport);
    await current?.transport.close();
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.transport.close();
  }
}
