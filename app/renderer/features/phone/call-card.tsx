/** One live call: who it is, what is happening, and what may be done. */

import { TriangleAlert } from 'lucide-react';
import { said } from '../../../words/said.ts';
import { usePhone } from '../../store/context.tsx';
import { isLive } from '../../store/line.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';
import { classes } from '../../ui/classes.ts';
import { CallActions } from './call-actions.tsx';
import { CallHead } from './call-head.tsx';
import { CallQuestion } from './call-question.tsx';
import { useDrag } from './drag-calls.tsx';
import { RecordingLine } from './recording-line.tsx';
import { SoundLine } from './sound-line.tsx';

export function CallCard({ call }: { call: CallSnapshot }) {
  const keypad = usePhone((state) => state.keypadOf === call.id);
  const several = usePhone((state) => state.calls.filter(isLive).length > 1);
  const { callId: dragged, over } = useDrag();
  const active = call.state === 'active';
  // Of several, the one whose other side hears us.
  const heard = several && active && !call.held;
  return (
    <article
      className={classes('call-card', over === `call:${call.id}` && 'dropping')}
      data-drop={active ? `call:${call.id}` : undefined}
      data-dragged={dragged === call.id ? '' : undefined}
      data-heard={heard ? '' : undefined}
      aria-current={heard ? true : undefined}
      data-state={call.state}
      data-held={call.held ? '' : undefined}
      data-reconnecting={call.reconnecting === undefined ? undefined : ''}
      data-keypad={keypad ? '' : undefined}
      aria-label={peerName(call)}
    >
      <CallHead call={call} heard={heard} />
      {call.notice ? (
        <p className="call-notice" role="alert">
          <TriangleAlert aria-hidden="true" />
          {said(call.notice)}
        </p>
      ) : null}
      {call.question ? <CallQuestion call={call} question={call.question} /> : null}
      {call.recording ? <RecordingLine recording={call.recording} /> : null}
      <CallActions call={call} keypad={keypad} />
      {call.quality && active && !call.held && call.reconnecting === undefined ? (
        <SoundLine callId={call.id} quality={call.quality} secure={call.secure === true} />
      ) : null}
    </article>
  );
}
