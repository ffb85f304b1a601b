/** How the sound is, as one quiet line: the grade in a word, the figures for those who look. */
import { Lock } from 'lucide-react';
import type { CallQuality } from '../../store/types.ts';
import { codecName, soundGrade } from '../../store/words.ts';
import { WayOfSound } from './way-of-sound.tsx';

const WORDS = { good: 'Good sound', fair: 'Sound with small gaps', poor: 'Poor sound' };

export function SoundLine({ quality }: { quality: CallQuality }) {
  const { codec, protection, received, lost, jitterMs } = quality;
  if (!codec && received === 0) return null;
  const grade = received > 0 ? soundGrade(quality) : undefined;
  const loss = (100 * lost) / Math.max(1, received + lost);
  const figures = `${loss.toFixed(loss > 0 && loss < 10 ? 1 : 0)} % lost, ${Math.round(jitterMs)} ms jitter`;
  return (
    <p className="sound-line" data-grade={grade} title={`${received} packets received, ${figures}`}>
      {grade ? (
        <>
          <span className="dot" aria-hidden="true" />
          {WORDS[grade]}
        </>
      ) : null}
      {codec ? <span>{codecName(codec)}</span> : null}
      {protection ? (
        <span className="protected" title={`Nobody on the way can listen (SRTP, ${protection})`}>
          <Lock aria-hidden="true" />
          Protected
        </span>
      ) : null}
      {quality.ice ? <WayOfSound ice={quality.ice} /> : null}
      {grade && grade !== 'good' ? <span>{figures}</span> : null}
    </p>
  );
}
