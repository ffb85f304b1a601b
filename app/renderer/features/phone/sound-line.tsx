/** How the sound is, as one quiet line: the grade in a word; pressed, it opens into the figures. */
import { t } from '@lingui/core/macro';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import type { CallQuality } from '../../store/types.ts';
import { codecName, percent, soundVerdict } from '../../store/words.ts';
import { CallSoundDialog } from './call-sound-dialog.tsx';
import { WayOfSound, wayWords } from './way-of-sound.tsx';

/** @param secure its signalling is protected on every hop */
export function SoundLine({ quality, secure }: { quality: CallQuality; secure: boolean }) {
  const [open, setOpen] = useState(false);
  const { codec, protection, received, here, ice } = quality;
  if (!codec && received === 0) return null;
  const verdict = soundVerdict(quality);
  const figures = here ? t`${percent(here.lossPercent)} lost, ${Math.round(here.jitterMs)} ms jitter` : undefined;
  const parts = [verdict?.words, codec && codecName(codec), protection && t`Protected`, ice && wayWords(ice)];
  return (
    <>
      <button
        type="button"
        className="sound-line"
        data-grade={verdict?.grade}
        aria-haspopup="dialog"
        aria-label={parts.filter(Boolean).join(', ') || t`Sound`}
        title={figures === undefined ? t`More about the sound` : t`${figures}: more about the sound`}
        onClick={() => setOpen(true)}
      >
        {verdict ? (
          <>
            <span className="dot" aria-hidden="true" />
            {verdict.words}
          </>
        ) : null}
        {codec ? <span>{codecName(codec)}</span> : null}
        {protection ? (
          <span className="protected" title={t`Nobody on the way can listen (SRTP, ${protection})`}>
            <Lock aria-hidden="true" />
            {t`Protected`}
          </span>
        ) : null}
        {ice ? <WayOfSound ice={ice} /> : null}
      </button>
      {open ? <CallSoundDialog quality={quality} secure={secure} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
