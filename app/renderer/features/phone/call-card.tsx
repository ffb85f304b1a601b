/** One live call: who it is, what is happening, and what may be done. */

import { Trans } from '@lingui/react/macro';
import { TriangleAlert } from 'lucide-react';
import { said } from '../../../words/said.ts';
import { usePhone } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { accountLabel, callStateWords, peerName, peerNumber } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { CallTime } from '../../ui/call-time.tsx';
import { Reconnecting } from '../../ui/reconnecting.tsx';
import { CallActions } from './call-actions.tsx';
import { CallQuestion } from './call-question.tsx';
import { RecordingLine } from './recording-line.tsx';
import { SoundLine } from './sound-line.tsx';

export function CallCard({ call }: { call: CallSnapshot }) {
  const keypad = usePhone((state) => state.keypadOf === call.id);
  const name = peerName(call);
  const number = peerNumber(call);
  return (
    <article
      className="call-card"
      data-state={call.state}
      data-held={call.held ? '' : undefined}
      data-reconnecting={call.reconnecting === undefined ? undefined : ''}
      data-keypad={keypad ? '' : undefined}
      aria-label={name}
    >
      <div className="call-head">
        <Avatar name={call.peer.name} size="large" />
        <div className="call-who">
          <h2 className="call-name" title={name}>
            <bdi>{name}</bdi>
          </h2>
          {number ? <p className="call-number">{number}</p> : null}
          <CalledAccount call={call} />
          {call.detour ? <p className="call-detour">{said(call.detour)}</p> : null}
          <p className="call-state">
            {call.reconnecting === undefined ? callStateWords(call) : <Reconnecting since={call.reconnecting} />}
            {call.answeredAt === undefined || call.reconnecting !== undefined ? null : (
              <CallTime since={call.answeredAt} />
            )}
          </p>
        </div>
      </div>
      {call.notice ? (
        <p className="call-notice" role="alert">
          <TriangleAlert aria-hidden="true" />
          {said(call.notice)}
        </p>
      ) : null}
      {call.question ? <CallQuestion call={call} question={call.question} /> : null}
      {call.recording ? <RecordingLine recording={call.recording} /> : null}
      <CallActions call={call} keypad={keypad} />
      {call.quality && call.state === 'active' && !call.held && call.reconnecting === undefined ? (
        <SoundLine quality={call.quality} secure={call.secure === true} />
      ) : null}
    </article>
  );
}

/** Which account a call is for, or goes by, where there are several. */
function CalledAccount({ call: { accountId, direction } }: { call: CallSnapshot }) {
  const accounts = usePhone((state) => state.accounts);
  const account = accounts.find(({ id }) => id === accountId);
  if (accounts.length < 2 || account === undefined) return null;
  return (
    <p className="call-account">
      {direction === 'incoming' ? (
        <Trans>
          For <bdi>{accountLabel(account, accounts)}</bdi>
        </Trans>
      ) : (
        <Trans>
          As <bdi>{accountLabel(account, accounts)}</bdi>
        </Trans>
      )}
    </p>
  );
}
