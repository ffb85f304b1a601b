/** How the sound is, as one quiet line: the grade in a word; pressed, it opens into the figures. */
import { t } from '@lingui/core/macro';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../store/context.tsx';
import type { CallQuality } from '../../store/types.ts';
import { percent, soundVerdict } from '../../store/words.ts';
import { CallSoundDialog } from './call-sound-dialog.tsx';
import { wayWords } from './way-words.ts';

interface SoundLineProps {
  readonly callId: string;
  readonly quality: CallQuality;
  /** Its signalling is protected on every hop. */
  readonly secure: boolean;
}

export function SoundLine({ callId, quality, secure }: SoundLineProps) {
  const { soundHistory } = useStores();
  const [open, setOpen] = useState(false);
  const { codec, protection, received, here, ice } = quality;
  if (!codec && received === 0) return null;
  const verdict = soundVerdict(quality);
  const figures = here ? t`${percent(here.lossPercent)} lost, ${Math.round(here.jitterMs)} ms jitter` : undefined;
  const words = [verdict?.words ?? t`Sound`, protection && t`Protected`, ice && wayWords(ice)];
  // A way that is there needs no word.
  const trouble = ice && ice.state !== 'connected' ? wayWords(ice) : undefined;
  return (
    <>
      <button
        type="button"
        className="sound-line"
        data-grade={verdict?.grade}
        aria-haspopup="dialog"
        aria-label={words.filter(Boolean).join(', ')}
        title={figures === undefined ? t`More about the sound` : t`${figures}: more about the sound`}
        onClick={() => setOpen(true)}
      >
        <span className="dot" aria-hidden="true" />
        {verdict?.words ?? t`Sound`}{' '}
        {protection ? (
          <span className="protected" title={t`Nobody on the way can listen (SRTP, ${protection})`}>
            <Lock aria-hidden="true" />
            {t`Protected`}{' '}
          </span>
        ) : null}
        {trouble ? <span>{trouble}</span> : null}
      </button>
      {open ? (
        <CallSoundDialog
          quality={quality}
          secure={secure}
          points={soundHistory.of(callId)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
