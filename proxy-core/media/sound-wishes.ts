/** Which codecs a call may use, in which order, and how much sound goes into a packet (RFC 4566 §6: ptime, maxptime). */
import { type AgreedAudio, type Codec, isTelephoneEvent } from '../sip/sdp/index.ts';

export interface SoundWishes {
  /** By their names in SDP, the preferred one first; the others are neither offered nor taken. Empty for the window's own. */
  readonly codecs: readonly string[];
  /** Milliseconds of sound in a packet, both ways where the peer has no wish of its own. */
  readonly ptime: number;
}

/** What every phone does. */
const USUAL_PTIME = 20;

export const usualSound: SoundWishes = { codecs: [], ptime: USUAL_PTIME };

/** Those that are wanted, in the order that is wanted, and the events after them; none where no sound is left. */
export function arranged(codecs: readonly Codec[], { codecs: wanted }: SoundWishes): readonly Codec[] {
  if (wanted.length === 0) return codecs;
  const rank = (codec: Codec): number => wanted.findIndex((name) => name.toLowerCase() === codec.name.toLowerCase());
  const sound = codecs.filter((codec) => !isTelephoneEvent(codec) && rank(codec) >= 0);
  if (sound.length === 0) return [];
  return [...sound.sort((a, b) => rank(a) - rank(b)), ...codecs.filter(isTelephoneEvent)];
}

/** What the window is to put into a packet; undefined for what it does by itself. */
export function ptimeFor({ ptime: asked, remote }: AgreedAudio, { ptime: wished }: SoundWishes): number | undefined {
  const { maxptime = Number.POSITIVE_INFINITY } = remote;
  const ptime = asked ?? wished;
  if (ptime > maxptime) return Math.floor(maxptime / 10) * 10;
  return asked === undefined && wished === USUAL_PTIME ? undefined : ptime;
}
