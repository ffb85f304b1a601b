/** A call that is over: how it ended, and calling back. */

import { t } from '@lingui/core/macro';
import { Phone, PhoneMissed, PhoneOff, X } from 'lucide-react';
import { said } from '../../../words/said.ts';
import { usePhone, useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { callStateWords, peerName, peerNumber } from '../../store/words.ts';
import { IconButton } from '../../ui/button.tsx';
import { CallTime } from '../../ui/call-time.tsx';
import { RecordingLine } from './recording-line.tsx';

export function EndedCard({ call }: { call: CallSnapshot }) {
  const { phone } = useStores();
  const { call: dial, dismiss } = phone.getState();
  const missed = usePhone((state) => state.missed.includes(call.id));
  const Icon = missed ? PhoneMissed : PhoneOff;
  const name = peerName(call);
  const number = peerNumber(call);
  const again = () => {
    if (dial(call.peer.uri || call.peer.number, call.accountId)) dismiss(call.id);
  };
  return (
    <article className="ended-card" data-missed={missed ? '' : undefined} aria-label={name}>
      <Icon aria-hidden="true" className="ended-icon" />
      <div className="ended-words">
        <p className="ended-who">
          <span className="ended-name" dir="auto" title={name}>
            {name}
          </span>
          {number ? <span className="ended-number">{number}</span> : null}
        </p>
        <p className="ended-why">
          {missed ? t`Missed call` : call.notice === undefined ? callStateWords(call) : said(call.notice)}
          {call.answeredAt === undefined ? null : <CallTime since={call.answeredAt} until={call.endedAt} />}
        </p>
        {call.recording ? <RecordingLine recording={call.recording} /> : null}
      </div>
      <IconButton icon={Phone} className="ended-again" label={missed ? t`Dial back` : t`Dial again`} onClick={again} />
      <IconButton icon={X} label={t`Dismiss`} onClick={() => dismiss(call.id)} />
    </article>
  );
}
