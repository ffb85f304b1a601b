/** What is behind the word for the sound of a call: who loses how much, how long it takes, and what carries it. */
import { t } from '@lingui/core/macro';
import type { SoundPoint } from '../../store/sound-history.ts';
import type { CallQuality, QualitySummary, SoundFigures } from '../../store/types.ts';
import { codecName, decimal, gradeOf, percent } from '../../store/words.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { SoundGraph } from './sound-graph.tsx';
import { pairWords, wayWords } from './way-words.ts';

type Shown = QualitySummary & Partial<Pick<CallQuality, 'ice'>>;

const grades = () => ({ good: t`good`, fair: t`fair`, poor: t`poor` });

interface CallSoundDialogProps {
  readonly quality: Shown;
  /** The signalling of the call is protected on every hop. */
  readonly secure?: boolean;
  /** How it sounded so far, of a call that is on. */
  readonly points?: readonly SoundPoint[];
  onClose(): void;
}

export function CallSoundDialog({ quality, secure = false, points = [], onClose }: CallSoundDialogProps) {
  const { here, there, roundTripMs, codec, protection, ice } = quality;
  return (
    <Dialog title={t`Sound of this call`} onClose={onClose}>
      <table className="sound-table">
        <thead>
          <tr>
            <td />
            <th scope="col">{t`You hear`}</th>
            <th scope="col">{t`They hear`}</th>
          </tr>
        </thead>
        <tbody>
          <Row
            name={t`Score`}
            of={({ mos }) => `${decimal(mos)}, ${grades()[gradeOf(mos)]}`}
            here={here}
            there={there}
          />
          <Row name={t`Lost on the way`} of={({ lossPercent }) => percent(lossPercent)} here={here} there={there} />
          <Row name={t`Uneven by`} of={({ jitterMs }) => t`${Math.round(jitterMs)} ms`} here={here} there={there} />
        </tbody>
      </table>
      <SoundGraph points={points} />
      {there === null ? <p className="note">{t`The other side does not tell how it hears you.`}</p> : null}
      <dl className="sound-facts">
        <dt>{t`There and back`}</dt>
        <dd>{roundTripMs === null ? t`not known` : t`${Math.round(roundTripMs)} ms`}</dd>
        <dt>{t`Codec`}</dt>
        <dd>{codec ? codecName(codec) : t`none yet`}</dd>
        <dt>{t`Protection`}</dt>
        <dd>{protection ? `SRTP, ${protection.replaceAll('_', '-')}` : t`none: who is on the way can listen`}</dd>
        {secure ? (
          <>
            <dt>{t`Signalling`}</dt>
            <dd>{t`protected on every hop (sips)`}</dd>
          </>
        ) : null}
        {ice ? (
          <>
            <dt>{t`Way`}</dt>
            <dd>{wayWords(ice)}</dd>
          </>
        ) : null}
      </dl>
      {ice && ice.pairs.length > 0 ? (
        <ul className="sound-ways" aria-label={t`Ways that were tried`}>
          {ice.pairs.map((pair) => {
            const words = pairWords(pair);
            return <li key={words}>{words}</li>;
          })}
        </ul>
      ) : null}
      <p className="note">{t`The score goes from 1, bad, to ${decimal(4.4)}, the best that a telephone can sound (ITU-T G.107).`}</p>
    </Dialog>
  );
}

interface RowProps {
  readonly name: string;
  readonly of: (figures: SoundFigures) => string;
  readonly here: SoundFigures | null;
  readonly there: SoundFigures | null;
}

function Row({ name, of, here, there }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{here ? of(here) : '–'}</td>
      <td>{there ? of(there) : '–'}</td>
    </tr>
  );
}
