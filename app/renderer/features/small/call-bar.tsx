/**
 * The call that is on, while the main window is away: who, how long, and what cannot wait. It is moved by its left part;
 * its keypad opens below.
 */
import { plural, t } from '@lingui/core/macro';
import { Grip, MicOff, Pause, Phone, Play } from 'lucide-react';
import { type RefObject, useEffect, useRef } from 'react';
import { said } from '../../../words/said.ts';
import { useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { usePhoto } from '../../store/use-photo.ts';
import { useKnown } from '../../store/use-who.ts';
import { callStateWords, peerName } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { CallTime } from '../../ui/call-time.tsx';
import { Reconnecting } from '../../ui/reconnecting.tsx';
import { CallKeys } from '../phone/call-keys.tsx';
import { useDrag } from './use-drag.ts';

export interface CallBarProps {
  readonly call: CallSnapshot;
  /** Further calls, which are on hold or begin. */
  readonly others: number;
  /** Whether its keys are there. */
  readonly keypad: boolean;
  onKeypad(wanted: boolean): void;
}

export function CallBar({ call, others, keypad, onKeypad }: CallBarProps) {
  const { phone, desktop, view } = useStores();
  const { hangUp, setMuted, hold, resume } = phone.getState();
  const photo = usePhoto(useKnown(call.peer)?.contact);
  const name = peerName(call);
  const drag = useDrag(
    (x, y, done) => desktop.getState().moveBar(x, y, done),
    () => {
      view.getState().show('phone');
      desktop.getState().open();
    },
  );
  const talks = call.state === 'active';
  const content = useRef<HTMLDivElement>(null);
  useEscape(content, keypad, () => onKeypad(false));
  return (
    <div ref={content}>
      <section className="call-bar" aria-label={t`Call`} data-held={call.held ? '' : undefined}>
        <button type="button" className="call-bar-who" title={t`Open Tandem`} {...drag}>
          <Avatar name={call.peer.name} size="small" photo={photo} />
          <span className="call-bar-words">
            <bdi className="call-bar-name">{name}</bdi>
            <span className="call-bar-state">
              <State call={call} />
              {others > 0 ? <span>{plural(others, { one: '+ # call', other: '+ # calls' })}</span> : null}
            </span>
          </span>
        </button>
        {talks && !call.held ? (
          <IconButton
            icon={MicOff}
            label={t`Mute`}
            aria-pressed={call.muted}
            onClick={() => setMuted(call.id, !call.muted)}
          />
        ) : null}
        {talks ? (
          <IconButton
            icon={call.held ? Play : Pause}
            label={call.held ? t`Resume` : t`Hold`}
            onClick={() => (call.held ? resume(call.id) : hold(call.id))}
          />
        ) : null}
        {talks && !call.held ? (
          <IconButton icon={Grip} label={t`Keypad`} aria-expanded={keypad} onClick={() => onKeypad(!keypad)} />
        ) : null}
        <Button kind="danger" className="hang-up" icon={Phone} onClick={() => hangUp(call.id)}>
          {t`Hang up`}
        </Button>
      </section>
      {keypad ? <CallKeys call={call} /> : null}
    </div>
  );
}

/** Wherever the keyboard is in its window. */
function useEscape(within: RefObject<HTMLElement | null>, on: boolean, close: () => void): void {
  const pressed = useRef(close);
  pressed.current = close;
  useEffect(() => {
    const page = within.current?.ownerDocument;
    if (!on || page === undefined) return;
    const typed = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') pressed.current();
    };
    page.addEventListener('keydown', typed);
    return () => page.removeEventListener('keydown', typed);
  }, [within, on]);
}

function State({ call }: { readonly call: CallSnapshot }) {
  if (call.reconnecting !== undefined) return <Reconnecting since={call.reconnecting} />;
  const plain = call.state === 'active' && !call.held && !call.heldByPeer && call.transferring === undefined;
  return (
    <>
      {call.answeredAt === undefined ? null : <CallTime since={call.answeredAt} />}
      {call.notice ? (
        <span role="alert" className="call-bar-notice">
          {said(call.notice)}
        </span>
      ) : plain && !call.muted ? null : (
        <span>{plain ? t`Muted` : callStateWords(call)}</span>
      )}
    </>
  );
}
