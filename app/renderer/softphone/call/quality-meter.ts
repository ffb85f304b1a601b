/** How one call sounds, both ways: now, from the last seconds, and on the whole, for the history. */
import type { QualitySummary, SoundSummary } from '../../../shared/history.ts';
import type { MediaStats } from '../../../shared/phone-port.ts';
import type { CallQuality, SoundFigures } from '../snapshots.ts';
import { rating, scoreOf } from './e-model.ts';

/** Samples that "now" is made of: one comes each second. */
const WINDOW = 10;
/** Fewer packets than these since the first of them say nothing. */
const LEAST_PACKETS = 25;

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

export class QualityMeter {
  readonly #samples: MediaStats[] = [];
  readonly #jitterHere = new Mean();
  readonly #jitterThere = new Mean();
  readonly #roundTrip = new Mean();
  /** The last word of the other side, which may fall silent before the end. */
  #lostThere: { readonly lost: number; readonly sent: number } | undefined;
  #roundTripNow = 0;

  /** Takes what the gateway counts; once a second. */
  add(stats: MediaStats): CallQuality {
    const [first] = this.#samples;
    // A gateway that was started anew counts from nothing.
    if (first !== undefined && stats.received < first.received) this.#samples.length = 0;
    this.#samples.push(stats);
    if (this.#samples.length > WINDOW) this.#samples.shift();
    const { codec, protection, received, sent, lost, jitterMs, ice, peer, roundTripMs } = stats;
    if (received > 0) this.#jitterHere.add(jitterMs);
    if (peer !== null) {
      this.#jitterThere.add(peer.jitterMs);
      this.#lostThere = { lost: peer.lost, sent };
    }
    if (roundTripMs !== null) {
      this.#roundTrip.add(roundTripMs);
      this.#roundTripNow = roundTripMs;
    }
    const there = peer && this.#figures(codec, peer.lossPercent, peer.jitterMs, this.#roundTripNow);
    return { codec, protection, received, sent, lost, jitterMs, ice, roundTripMs, here: this.#here(), there };
  }

  /** On the whole; undefined where no sound ever passed. */
  get summary(): QualitySummary | undefined {
    const last = this.#samples.at(-1);
    if (last === undefined || last.received + last.sent === 0) return undefined;
    const { codec, protection, received, lost } = last;
    const roundTrip = this.#roundTrip.value;
    const of = (share: number, jitter: number): SoundSummary => {
      const { mos, ...figures } = this.#figures(codec, share * 100, jitter, roundTrip ?? 0);
      return { lossPercent: tenths(figures.lossPercent), jitterMs: tenths(figures.jitterMs), mos: tenths(mos) };
    };
    const there = this.#lostThere;
    return {
      codec,
      protection,
      here: received === 0 ? null : of(lost / (received + lost), this.#jitterHere.value ?? 0),
      there:
        there === undefined || there.sent === 0
          ? null
          : of(Math.min(1, there.lost / there.sent), this.#jitterThere.value ?? 0),
      roundTripMs: roundTrip === undefined ? null : Math.round(roundTrip),
    };
  }

  #here(): SoundFigures | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.received === 0) return null;
    // Late packets take losses back.
    const lost = Math.max(0, last.lost - first.lost);
    const expected = last.received - first.received + lost;
    const share = expected < LEAST_PACKETS ? last.lost / (last.received + last.lost) : lost / expected;
    return this.#figures(last.codec, share * 100, last.jitterMs, this.#roundTripNow);
  }

  #figures(codec: string, lossPercent: number, jitterMs: number, roundTripMs: number): SoundFigures {
    return { lossPercent, jitterMs, mos: scoreOf(rating({ codec, lossPercent, jitterMs, roundTripMs })) };
  }
}
