/** With whom a call is, for how long, and what is happening; it is dragged by this. */
import { Pause, Volume2 } from 'lucide-react';
import { said } from '../../../words/said.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { usePhoto } from '../../store/use-photo.ts';
import { useKnown } from '../../store/use-who.ts';
import { callStateWords, peerName, peerNumber } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { CallTime } from '../../ui/call-time.tsx';
import { Reconnecting } from '../../ui/reconnecting.tsx';
import { CallMenu } from './call-menu.tsx';
import { CalledAccount } from './called-account.tsx';
import { useDrag } from './drag-calls.tsx';

/** @param heard of several calls, the one whose other side hears us */
export function CallHead({ call, heard }: { readonly call: CallSnapshot; readonly heard: boolean }) {
  const { begin } = useDrag();
  const known = useKnown(call.peer);
  const photo = usePhoto(known?.contact);
  const active = call.state === 'active';
  const name = peerName(call);
  const number = peerNumber(call);
  const company = known?.company && known.company !== name ? known.company : '';
  const Icon = heard ? Volume2 : active && call.held ? Pause : undefined;
  return (
    <div
      className="call-head"
      data-draggable={active ? '' : undefined}
      onPointerDown={active ? (event) => begin(event, call) : undefined}
    >
      <Avatar name={call.peer.name} photo={photo} size="large" />
      <div className="call-who">
        <h2 className="call-name" title={name}>
          <bdi>{name}</bdi>
        </h2>
        {company || number ? (
          <p className="call-number">
            <bdi>{company}</bdi>
            {company && number ? ' · ' : null}
            {number ? <bdi dir="ltr">{number}</bdi> : null}
          </p>
        ) : null}
        <CalledAccount call={call} />
        {call.detour ? <p className="call-detour">{said(call.detour)}</p> : null}
        <p className="call-state">
          {Icon ? <Icon aria-hidden="true" /> : null}
          {call.reconnecting === undefined ? callStateWords(call) : <Reconnecting since={call.reconnecting} />}
          {call.answeredAt === undefined || call.reconnecting !== undefined ? null : (
            <CallTime since={call.answeredAt} />
          )}
        </p>
      </div>
      <CallMenu call={call} />
    </div>
  );
}
