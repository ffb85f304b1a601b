/** The codecs of our own offer, with payload types that keep their meaning through the whole call (RFC 3264 §8.3.2). */
import { type Codec, codecKey, isTelephoneEvent } from '../sip/sdp/index.ts';

const FIRST_DYNAMIC = 96;

export class Numbering {
  readonly #numbers = new Map<string, number>();

  /** These numbers are in use from now on. */
  keep(codecs: readonly Codec[]): void {
    for (const codec of codecs) this.#numbers.set(codecKey(codec), codec.payloadType);
  }

  /** What to offer of the window's codecs, in its order. 48 kHz events are left out where there is no Opus to go with. */
  offered(window: readonly Codec[]): Codec[] {
    const hasOpus = window.some((codec) => codec.name === 'opus');
    const taken = new Set(this.#numbers.values());
    const codecs: Codec[] = [];
    for (const codec of window) {
      if (isTelephoneEvent(codec) && codec.clockRate === 48000 && !hasOpus) continue;
      const known = this.#numbers.get(codecKey(codec));
      const payloadType = known ?? (taken.has(codec.payloadType) ? firstFree(taken, window) : codec.payloadType);
      if (payloadType === undefined) continue;
      taken.add(payloadType);
      codecs.push({ ...codec, payloadType, fmtp: isTelephoneEvent(codec) ? '0-15' : codec.fmtp });
    }
    return codecs;
  }
}

function firstFree(taken: ReadonlySet<number>, window: readonly Codec[]): number | undefined {
  for (let number = FIRST_DYNAMIC; number <= 127; number++) {
    if (!taken.has(number) && !window.some((codec) => codec.payloadType === number)) return number;
  }
  return undefined;
}
