/** Notices, second by second, that nobody can hear us: the device is muted, gives nothing at all, or nothing goes out. */
import type { SoundLevels } from '../media.ts';

export type MicrophoneFault = 'device-muted' | 'silent' | 'none-out';

/** Looks in a row, a second apart. */
const AT_ONCE = 3;
/** A microphone that was heard already may be quiet for longer: some suppress every noise. */
const ONCE_HEARD = 20;

export class MicrophoneWatch {
  #energy: number | undefined;
  #sent = -1;
  #heard = false;
  #muted = 0;
  #silent = 0;
  #stuck = 0;

  /**
   * `levels` of now; `given` packets that left the window so far, undefined where that is not known; `speaks` whether we
   * want to be heard now.
   */
  add(levels: SoundLevels, given: number | undefined, speaks: boolean): MicrophoneFault | undefined {
    const isQuiet = this.#energy !== undefined && levels.energy <= this.#energy;
    if (this.#energy !== undefined && levels.energy > this.#energy && speaks) this.#heard = true;
    const isStuck = given !== undefined && given === this.#sent;
    this.#energy = levels.energy;
    this.#sent = given ?? this.#sent;
    this.#muted = speaks && levels.microphoneMuted ? this.#muted + 1 : 0;
    this.#silent = speaks && isQuiet ? this.#silent + 1 : 0;
    this.#stuck = speaks && isStuck ? this.#stuck + 1 : 0;
    if (this.#muted >= AT_ONCE) return 'device-muted';
    if (this.#stuck >= AT_ONCE) return 'none-out';
    return this.#silent >= (this.#heard ? ONCE_HEARD : AT_ONCE) ? 'silent' : undefined;
  }
}
