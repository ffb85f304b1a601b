/** A conference of three or more: what holds for all of it above, each member in a row below. */
import { plural, t } from '@lingui/core/macro';
import { MicOff, Pause, Phone, Play, UserMinus } from 'lucide-react';
import { useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { usePhoto } from '../../store/use-photo.ts';
import { useKnown } from '../../store/use-who.ts';
import { callStateWords, peerName } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { CallTime } from '../../ui/call-time.tsx';

/** From so many members on. */
export const LEAST_MEMBERS = 3;

export function ConferenceCard({ members }: { readonly members: readonly CallSnapshot[] }) {
  const { phone } = useStores();
  const { hold, resume, setMuted, hangUp } = phone.getState();
  const [first] = members;
  if (first === undefined) return null;
  const { held, muted } = first;
  const count = members.length;
  return (
    <section
      className="call-card conference"
      data-state="active"
      data-held={held ? '' : undefined}
      data-heard={held ? undefined : ''}
      aria-label={t`Conference`}
    >
      <h2 className="call-name">
        {plural(count, { one: 'Conference with # other', other: 'Conference with # others' })}
      </h2>
      <div className="call-actions">
        {held ? (
          <Button kind="primary" icon={Play} onClick={() => resume(first.id)}>
            {t`Resume all`}
          </Button>
        ) : (
          <>
            <Button icon={MicOff} aria-pressed={muted} onClick={() => setMuted(first.id, !muted)}>
              {t`Mute`}
            </Button>
            <Button icon={Pause} onClick={() => hold(first.id)}>
              {t`Hold all`}
            </Button>
          </>
        )}
        <Button
          kind="danger"
          className="hang-up"
          icon={Phone}
          onClick={() => {
            for (const { id } of members) hangUp(id);
          }}
        >
          {t`End for all`}
        </Button>
      </div>
      <ul className="members">
        {members.map((member) => (
          <li key={member.id}>
            <Member call={member} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Member({ call }: { readonly call: CallSnapshot }) {
  const { phone } = useStores();
  const { leave, hangUp } = phone.getState();
  const photo = usePhoto(useKnown(call.peer)?.contact);
  const name = peerName(call);
  return (
    <article className="member" aria-label={name}>
      <Avatar name={call.peer.name} photo={photo} size="small" />
      <div className="member-words">
        <p className="member-name" dir="auto" title={name}>
          {name}
        </p>
        <p className="member-state">
          {call.heldByPeer || call.reconnecting !== undefined || call.notice ? callStateWords(call) : null}
          {call.answeredAt === undefined ? null : <CallTime since={call.answeredAt} />}
        </p>
      </div>
      <IconButton icon={UserMinus} label={t`Separate`} onClick={() => leave(call.id)} />
      <IconButton icon={Phone} className="hang-up" label={t`Hang up`} onClick={() => hangUp(call.id)} />
    </article>
  );
}
