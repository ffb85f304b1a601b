/** Keys that steer calls from other programs: chosen by pressing them, none before. */
import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { said } from '../../../words/said.ts';
import type { KeyDeed } from '../../store/computer-store.ts';
import { useComputer, useStores } from '../../store/context.tsx';
import { acceleratorOf, keyWords } from '../../store/pressed-key.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ComputerProblem } from './computer-problem.tsx';

export function KeysPanel() {
  const { onWayland, reads } = useComputer((state) => state.keyboard);
  return (
    <div className="form">
      <ComputerProblem of="settings" />
      <p className="note">{t`They work while another program has the keyboard.`}</p>
      {onWayland ? (
        <Banner kind="info">
          {t`This desktop (Wayland) gives keys to a program only where you allow it: it may ask you, or have a place for them in its own settings.`}
        </Banner>
      ) : null}
      <KeyRow deed="answer" name={t`Answer the call`} />
      <KeyRow deed="hangUp" name={t`Hang up or decline`} />
      <KeyRow deed="mute" name={t`Mute the microphone`} />
      <KeyRow
        deed="callSelected"
        name={t`Call the selected text`}
        hint={
          reads === 'selected'
            ? t`The number that is selected anywhere stands in the field then; Enter calls it`
            : t`Copy the number first: it stands in the field then, and Enter calls it`
        }
      />
    </div>
  );
}

function KeyRow({ deed, name, hint }: { readonly deed: KeyDeed; readonly name: string; readonly hint?: string }) {
  const { computer } = useStores();
  const keys = useComputer((state) => state.settings.keys);
  const problem = useComputer((state) => state.keyboard.problems[deed]);
  const [waits, setWaits] = useState(false);
  const [refused, setRefused] = useState(false);
  const id = useId();
  const key = keys[deed];
  const { [deed]: _, ...others } = keys;
  const use = (next: string | undefined) =>
    void computer.getState().set({ keys: next === undefined ? others : { ...others, [deed]: next } });

  const pressed = (event: KeyboardEvent) => {
    if (!waits || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setWaits(false);
    if (/^(?:Control|Alt|AltGraph|Shift|Meta)$/.test(event.key)) return;
    const accelerator = acceleratorOf(event);
    setRefused(accelerator === undefined);
    if (accelerator === undefined) return;
    setWaits(false);
    use(accelerator);
  };
  const wrong =
    refused && waits ? t`Take it together with Ctrl, Alt or the Windows key, or take a key such as F9.` : problem;
  return (
    <div className="field">
      <div className="switch-row">
        <div className="switch-words">
          <label htmlFor={id}>{name}</label>
          {hint ? (
            <p id={`${id}-hint`} className="switch-hint">
              {hint}
            </p>
          ) : null}
        </div>
        <div className="key-chooser">
          <Button
            id={id}
            aria-describedby={
              [hint ? `${id}-hint` : '', wrong ? `${id}-wrong` : ''].filter(Boolean).join(' ') || undefined
            }
            aria-pressed={waits}
            onClick={() => {
              setWaits(!waits);
              setRefused(false);
            }}
            onKeyDown={pressed}
            onBlur={() => setWaits(false)}
          >
            {waits ? t`Press the keys…` : key === undefined ? t`Choose…` : keyWords(key)}
          </Button>
          {key === undefined ? null : (
            <IconButton icon={X} label={t`No key for: ${name}`} onClick={() => use(undefined)} />
          )}
        </div>
      </div>
      {wrong ? (
        <p id={`${id}-wrong`} className="field-error" role="alert">
          {said(wrong)}
        </p>
      ) : null}
    </div>
  );
}
