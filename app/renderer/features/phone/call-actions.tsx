/** What may be done with a live call now. */
import { t } from '@lingui/core/macro';
import { Disc, Grip, MicOff, Pause, Phone, PhoneForwarded, Play, UserMinus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { RingingActions } from './ringing-actions.tsx';
import { TransferDialog } from './transfer-dialog.tsx';

export function CallActions({ call, keypad }: { call: CallSnapshot; keypad: boolean }) {
  const { phone } = useStores();
  const { hangUp } = phone.getState();
  if (call.state === 'incoming') return <RingingActions call={call} />;
  return (
    <div className="call-actions">
      {call.state === 'active' || call.state === 'connecting' ? <Talking call={call} keypad={keypad} /> : null}
      <Button kind="danger" className="hang-up" icon={Phone} onClick={() => hangUp(call.id)}>
        {t`Hang up`}
      </Button>
    </div>
  );
}

/** With its keypad open a call shows what goes with typing only; a held one what goes with waiting. */
function Talking({ call, keypad }: { call: CallSnapshot; keypad: boolean }) {
  const { phone } = useStores();
  const { hold, resume, setMuted, openKeypad, join, leave, record, tellProblem } = phone.getState();
  const [transferring, setTransferring] = useState(false);
  const canJoin = usePhone(
    ({ calls }) => !call.inConference && calls.some((other) => other.id !== call.id && other.state === 'active'),
  );
  const active = call.state === 'active';
  const recording = call.recording?.state === 'on';
  return (
    <>
      {call.held ? (
        <Button kind="primary" icon={Play} onClick={() => resume(call.id)}>
          {t`Resume`}
        </Button>
      ) : (
        <>
          <Button icon={MicOff} aria-pressed={call.muted} onClick={() => setMuted(call.id, !call.muted)}>
            {t`Mute`}
          </Button>
          {active && !keypad ? (
            <Button icon={Pause} onClick={() => hold(call.id)}>
              {t`Hold`}
            </Button>
          ) : null}
          <Button icon={Grip} aria-expanded={keypad} onClick={() => openKeypad(keypad ? undefined : call.id)}>
            {t`Keypad`}
          </Button>
        </>
      )}
      {active && !keypad ? (
        <Button icon={PhoneForwarded} onClick={() => setTransferring(true)}>
          {t`Transfer`}
        </Button>
      ) : null}
      {active && !keypad && (!call.held || recording) ? (
        <Button icon={Disc} aria-pressed={recording} onClick={() => record(call.id, !recording)}>
          {t`Record`}
        </Button>
      ) : null}
      {active && !keypad && canJoin ? (
        <Button icon={UsersRound} onClick={() => tellProblem(join(call.id))}>
          {t`Merge`}
        </Button>
      ) : null}
      {call.inConference && !keypad ? (
        <Button icon={UserMinus} onClick={() => leave(call.id)}>
          {t`Separate`}
        </Button>
      ) : null}
      {transferring ? <TransferDialog call={call} onClose={() => setTransferring(false)} /> : null}
    </>
  );
}
