/** The sound file that a foreign phone writes while it hears somebody. */
import { readFileSync } from 'node:fs';

/** Its last second, as far as it is written; 16 bits, one channel. Nothing where there is none yet. */
export function lastSecondOf(file: string | undefined): { readonly samples: Int16Array; readonly rate: number } {
  if (file === undefined) return { samples: new Int16Array(0), rate: 8_000 };
  const wav = readFileSync(file);
  // Some write its head when they are done.
  const rate = (wav.length > 44 && wav.readUInt32LE(24)) || 8_000;
  const bytes = Math.max((wav.length - 44) & ~1, 0);
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + 44 + bytes));
  return { samples: samples.subarray(Math.max(0, samples.length - rate)), rate };
}

/** Root mean square (0 to 32767). */
export function levelOf(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
