/**
 * How a call sounds to a person, from what the network does to it: the E-model of ITU-T G.107, with its defaults for
 * everything but codec, loss and delay. The scale is that of telephone speech for all codecs: wide-band ones lose less on
 * the way, what they gain in sound is not counted.
 */

export interface Impairments {
  /** Such as `opus` or `PCMU`. */
  readonly codec: string;
  /** Of all packets, those that were not played. */
  readonly lossPercent: number;
  readonly roundTripMs: number;
  readonly jitterMs: number;
}

/** R of a call that nothing harms (G.107 §7.7), before codec, loss and delay. */
const BEST = 93.2;

interface Codec {
  /** What it costs by itself (Ie), and how well it stands losses (Bpl). */
  readonly ie: number;
  readonly bpl: number;
  /** Milliseconds from the microphone into the packet. */
  readonly delay: number;
}

/** G.711 with concealment of losses by G.113 table I.3; the others have no such figures for telephone speech: estimated. */
const G711: Codec = { ie: 0, bpl: 25.1, delay: 20 };
const CODECS: Readonly<Record<string, Codec>> = {
  pcmu: G711,
  pcma: G711,
  g722: { ie: 1, bpl: 18, delay: 22 },
  opus: { ie: 0, bpl: 28, delay: 27 },
};

/** A jitter buffer holds twice the jitter, and a packet or two at least. */
const LEAST_BUFFER_MS = 40;

/** R, from 0 to 93.2. */
export function rating({ codec, lossPercent, roundTripMs, jitterMs }: Impairments): number {
  const { ie, bpl, delay } = CODECS[codec.toLowerCase()] ?? G711;
  const loss = Math.min(100, Math.max(0, lossPercent));
  const equipment = ie + ((95 - ie) * loss) / (loss + bpl);
  const oneWay = roundTripMs / 2 + delay + Math.max(LEAST_BUFFER_MS, 2 * jitterMs);
  return Math.max(0, BEST - equipment - delayImpairment(oneWay));
}

/** Idd of G.107 §7.4: nothing up to 100 ms one way. */
function delayImpairment(oneWayMs: number): number {
  if (oneWayMs <= 100) return 0;
  const x = Math.log2(oneWayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Mean opinion score for an R (G.107 annex B): 1 is bad, 4.4 the best of the telephone. */
export function scoreOf(r: number): number {
  if (r <= 0) return 1;
  return 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
}
