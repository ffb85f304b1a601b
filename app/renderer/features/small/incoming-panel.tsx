/** Who calls, in a window of its own that leaves the keyboard where it is: several calls below each other. */
import { t } from '@lingui/core/macro';
import { type FocusEvent, useEffect, useId, useState } from 'react';
import { said } from '../../../words/said.ts';
import { useStores } from '../../store/context.tsx';
import { callLine } from '../../store/small-windows.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { usePhoto } from '../../store/use-photo.ts';
import { useKnown } from '../../store/use-who.ts';
import { peerName, peerNumber } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { CalledAccount } from '../phone/called-account.tsx';
import { RingingActions } from '../phone/ringing-actions.tsx';

export function IncomingPanel({ calls }: { readonly calls: readonly CallSnapshot[] }) {
  const { desktop, view } = useStores();
  const last = calls.at(-1);
  // A window that never takes the keyboard cannot be typed in: the main one comes, which shows the same.
  const typing = ({ target }: FocusEvent) => {
    if (target.tagName !== 'INPUT') return;
    view.getState().show('phone');
    desktop.getState().open();
  };
  return (
    <section className="small-incoming" aria-label={t`Incoming calls`} onFocusCapture={typing}>
      <Announced line={last ? callLine(last) : ''} />
      {calls.map((call) => (
        <IncomingCall key={call.id} call={call} />
      ))}
    </section>
  );
}

/** Said although the window has not the keyboard: a screen reader speaks only what changes in a region that it knows. */
function Announced({ line }: { readonly line: string }) {
  const [words, setWords] = useState('');
  useEffect(() => setWords(line), [line]);
  return (
    <p className="visually-hidden" role="alert">
      {words}
    </p>
  );
}

function IncomingCall({ call }: { readonly call: CallSnapshot }) {
  const id = useId();
  const known = useKnown(call.peer);
  const photo = usePhoto(known?.contact);
  const name = peerName(call);
  const number = peerNumber(call);
  const company = known?.company ?? '';
  return (
    <div className="small-call" role="alertdialog" aria-labelledby={id} aria-describedby={`${id}-more`}>
      <div className="call-head">
        <Avatar name={call.peer.name} size="large" photo={photo} />
        <div className="call-who">
          <h2 id={id} className="call-name" title={name}>
            <bdi>{name}</bdi>
          </h2>
          <div id={`${id}-more`}>
            {company && company !== name ? (
              <p className="call-company" dir="auto">
                {company}
              </p>
            ) : null}
            {number ? <p className="call-number">{number}</p> : null}
            <CalledAccount call={call} />
            {call.detour ? <p className="call-detour">{said(call.detour)}</p> : null}
          </div>
        </div>
      </div>
      <RingingActions call={call} />
    </div>
  );
}
