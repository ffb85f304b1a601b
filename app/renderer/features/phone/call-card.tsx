/** One live call: who it is, what is happening, and what may be done. */
import { Grip, MicOff, Phone, TriangleAlert } from 'lucide-react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { callStateWords, peerName, peerNumber } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { CallTime } from '../../ui/call-time.tsx';
import { SoundLine } from './sound-line.tsx';

export function CallCard({ call }: { call: CallSnapshot }) {
  const keypad = usePhone((state) => state.keypadOf === call.id);
  const name = peerName(call);
  const number = peerNumber(call);
  return (
    <article className="call-card" data-state={call.state} data-keypad={keypad ? '' : undefined} aria-label={name}>
      <div className="call-head">
        <Avatar name={call.peer.name} size="large" />
        <div className="call-who">
          <h2 className="call-name" title={name}>
            <bdi>{name}</bdi>
          </h2>
          {number ? <p className="call-number">{number}</p> : null}
          <p className="call-state">
            {callStateWords(call)}
            {call.answeredAt === undefined ? null : <CallTime since={call.answeredAt} />}
          </p>
        </div>
      </div>
      {call.notice ? (
        <p className="call-notice" role="alert">
          <TriangleAlert aria-hidden="true" />
          {call.notice}
        </p>
      ) : null}
      <CallActions call={call} keypad={keypad} />
      {call.quality && call.state === 'active' ? <SoundLine quality={call.quality} /> : null}
    </article>
  );
}

function CallActions({ call, keypad }: { call: CallSnapshot; keypad: boolean }) {
  const { phone } = useStores();
  const { answer, decline, hangUp, setMuted, openKeypad } = phone.getState();
  if (call.state === 'incoming') {
    return (
      <div className="call-actions">
        <Button kind="danger" className="hang-up" icon={Phone} onClick={() => decline(call.id)}>
          Decline
        </Button>
        <Button kind="primary" icon={Phone} onClick={() => answer(call.id)}>
          Answer
        </Button>
      </div>
    );
  }
  const talking = call.state === 'active' || call.state === 'connecting';
  return (
    <div className="call-actions">
      {talking ? (
        <>
          <Button icon={MicOff} aria-pressed={call.muted} onClick={() => setMuted(call.id, !call.muted)}>
            Mute
          </Button>
          <Button icon={Grip} aria-expanded={keypad} onClick={() => openKeypad(keypad ? undefined : call.id)}>
            Keypad
          </Button>
        </>
      ) : null}
      <Button kind="danger" className="hang-up" icon={Phone} onClick={() => hangUp(call.id)}>
        Hang up
      </Button>
    </div>
  );
}
