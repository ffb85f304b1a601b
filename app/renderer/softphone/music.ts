/** Music for those on hold, made by Web Audio: slow broken chords, nothing to load and nobody's property. */

/** Seconds of one note; four chords of eight notes make one round. */
const BEAT = 0.5;
const VOLUME = 0.09;
/** Semitones above A3: Am7, Fmaj7, C, G. */
const CHORDS: readonly (readonly number[])[] = [
  [0, 3, 7, 10],
  [-4, 0, 3, 7],
  [-9, 3, 7, 10],
  [-2, 2, 5, 10],
];
const PATTERN = [0, 1, 2, 3, 2, 1, 3, 2] as const;
const ROUND = CHORDS.length * PATTERN.length * BEAT;

/** Plays into `to` until the function that it gives is called. */
export function playMusic(context: AudioContext, to: AudioNode): () => void {
  const out = context.createGain();
  out.gain.value = VOLUME;
  out.connect(to);
  let next = context.currentTime + 0.05;
  const playRound = (): void => {
    playOnce(context, out, next);
    next += ROUND;
  };
  playRound();
  // The next round is laid down while the present one still plays.
  const timer = setInterval(playRound, ROUND * 1_000 - 50);
  return () => {
    clearInterval(timer);
    out.disconnect();
  };
}

function playOnce(context: AudioContext, to: AudioNode, start: number): void {
  for (const [bar, chord] of CHORDS.entries()) {
    for (const [step, voice] of PATTERN.entries()) {
      const at = start + (bar * PATTERN.length + step) * BEAT;
      const hz = 220 * 2 ** ((chord[voice] ?? 0) / 12);
      const envelope = context.createGain();
      envelope.gain.setValueAtTime(0, at);
      envelope.gain.linearRampToValueAtTime(1, at + 0.03);
      envelope.gain.exponentialRampToValueAtTime(0.001, at + BEAT * 2.4);
      envelope.connect(to);
      const oscillator = new OscillatorNode(context, { frequency: hz, type: 'triangle' });
      oscillator.connect(envelope);
      oscillator.start(at);
      oscillator.stop(at + BEAT * 2.5);
      oscillator.onended = () => envelope.disconnect();
    }
  }
}
