/** The sounds of calls that are not answered yet, made by Web Audio: no files, nothing to load. */
import type { CallSnapshot } from './types.ts';

/** `ring`: somebody calls. `waiting`: somebody calls while another call is on. `ringback`: it rings over there. */
export type Tone = 'silence' | 'ring' | 'waiting' | 'ringback';

/** Where a tone is heard from: a device by its id for `setSinkId`, and how loud, 0 to 1. */
export interface Output {
  readonly id: string;
  readonly volume: number;
}

/** The speaker has what belongs to a call: ringing over there, and somebody who waits. */
export type OutputRole = 'speaker' | 'ringer';

export interface Ringer {
  /** Plays the tone until another is asked for. */
  play(tone: Tone): void;
  /** Holds at once, also for the tone that plays. */
  use(role: OutputRole, output: Output): void;
  /** Lets a moment of sound be heard there. */
  sample(role: OutputRole): void;
  close(): void;
}

/** What should be heard now. A peer that already sends sound of its own is not talked over. */
export function toneFor(calls: readonly CallSnapshot[]): Tone {
  const busy = calls.some((call) => (call.state === 'active' && !call.held) || call.state === 'connecting');
  if (calls.some((call) => call.state === 'incoming')) return busy ? 'waiting' : 'ring';
  const ringing = calls.some((call) => call.state === 'ringing' && (call.quality?.received ?? 0) === 0);
  return ringing && !busy ? 'ringback' : 'silence';
}

interface Note {
  /** Seconds from the beginning of the pattern. */
  readonly at: number;
  readonly hz: number;
  readonly seconds: number;
  /** 0 to 1. */
  readonly volume: number;
  /** A bell dies away; a tone stays as it is. */
  readonly bell: boolean;
}

interface Pattern {
  readonly everyMs: number;
  readonly notes: readonly Note[];
}

const bell = (at: number, hz: number): Note => ({ at, hz, seconds: 0.9, volume: 0.22, bell: true });
const tone = (at: number, seconds: number, volume: number): Note => ({ at, hz: 425, seconds, volume, bell: false });

/** Ringing: two rising runs of a soft bell. Ringback and waiting: 425 Hz in the European cadence. */
const PATTERNS: Readonly<Record<Exclude<Tone, 'silence'>, Pattern>> = {
  ring: {
    everyMs: 3_000,
    notes: [bell(0, 659.3), bell(0.16, 784), bell(0.32, 1046.5), bell(0.9, 659.3), bell(1.06, 784), bell(1.22, 1046.5)],
  },
  waiting: { everyMs: 4_000, notes: [tone(0, 0.15, 0.06), tone(0.3, 0.15, 0.06)] },
  ringback: { everyMs: 5_000, notes: [tone(0, 1, 0.08)] },
};

const ROLE: Readonly<Record<Exclude<Tone, 'silence'>, OutputRole>> = {
  ring: 'ringer',
  waiting: 'speaker',
  ringback: 'speaker',
};

/** Not in all versions that this runs in. */
interface Sinking {
  setSinkId?(id: string): Promise<void>;
}

/** One way out of the computer; its context is made when it is first needed. */
class Mouth {
  readonly #open: () => AudioContext;
  #output: Output = { id: '', volume: 1 };
  #context: AudioContext | undefined;
  #sink = '';

  constructor(open: () => AudioContext) {
    this.#open = open;
  }

  use(output: Output): void {
    this.#output = output;
    if (this.#context !== undefined) this.#aim(this.#context);
  }

  /** Plays a pattern once; throws on a computer without sound. */
  play(pattern: Pattern): GainNode {
    const context = this.#context ?? this.#open();
    this.#context = context;
    this.#aim(context);
    // Refused only by one that is closed.
    void context.resume().catch(() => {});
    return playOnce(context, pattern, this.#output.volume);
  }

  hush(master: GainNode): void {
    master.gain.setTargetAtTime(0, this.#context?.currentTime ?? 0, 0.015);
  }

  close(): void {
    // Refused only by one that is closed.
    void this.#context?.close().catch(() => {});
    this.#context = undefined;
    this.#sink = '';
  }

  /** A device that will not open leaves the tone where it was: better there than nowhere. */
  #aim(context: AudioContext & Sinking): void {
    const { id } = this.#output;
    if (id === this.#sink) return;
    this.#sink = id;
    void context.setSinkId?.(id).catch(() => {});
  }
}

/** `open` makes an audio context when first needed; on a computer without sound it may throw, and nothing is heard. */
export function createRinger(open: () => AudioContext = () => new AudioContext()): Ringer {
  const mouths = { speaker: new Mouth(open), ringer: new Mouth(open) };
  let playing: Tone = 'silence';
  let stop = () => {};

  function begin(tone: Exclude<Tone, 'silence'>): () => void {
    const pattern = PATTERNS[tone];
    const mouth = mouths[ROLE[tone]];
    let master = mouth.play(pattern);
    const timer = setInterval(() => {
      master.disconnect();
      master = mouth.play(pattern);
    }, pattern.everyMs);
    return () => {
      clearInterval(timer);
      mouth.hush(master);
    };
  }

  return {
    play(next) {
      if (next === playing) return;
      stop();
      stop = () => {};
      playing = next;
      if (next === 'silence') return;
      try {
        stop = begin(next);
      } catch {
        // No sound device: the window still shows the call.
      }
    },
    use: (role, output) => mouths[role].use(output),
    sample(role) {
      try {
        mouths[role].play(PATTERNS[role === 'ringer' ? 'ring' : 'ringback']);
      } catch {
        // Nothing is heard, which is what the person wants to know.
      }
    },
    close() {
      stop();
      stop = () => {};
      playing = 'silence';
      for (const mouth of Object.values(mouths)) mouth.close();
    },
  };
}

function playOnce(audio: AudioContext, pattern: Pattern, volume: number): GainNode {
  const master = audio.createGain();
  master.gain.value = volume;
  master.connect(audio.destination);
  for (const note of pattern.notes) {
    const start = audio.currentTime + note.at;
    const end = start + note.seconds;
    const envelope = audio.createGain();
    envelope.gain.setValueAtTime(0.0001, start);
    envelope.gain.exponentialRampToValueAtTime(note.volume, start + 0.012);
    if (!note.bell) envelope.gain.setValueAtTime(note.volume, end - 0.02);
    envelope.gain.exponentialRampToValueAtTime(0.0001, end);
    envelope.connect(master);
    const oscillator = audio.createOscillator();
    oscillator.type = note.bell ? 'triangle' : 'sine';
    oscillator.frequency.value = note.hz;
    oscillator.connect(envelope);
    oscillator.start(start);
    oscillator.stop(end);
  }
  return master;
}
