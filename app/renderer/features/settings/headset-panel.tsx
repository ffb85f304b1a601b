/** The buttons of headsets: on or off, and what each does where it is not what it says. */
import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { useEffect, useId } from 'react';
import { said } from '../../../words/said.ts';
import { useComputer, useHeadset, useStores } from '../../store/context.tsx';
import type { HeadsetDeed } from '../../store/headset-store.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ComputerProblem } from './computer-problem.tsx';

export function HeadsetPanel() {
  const { computer, headset } = useStores();
  const settings = useComputer((state) => state.settings.headset);
  const devices = useHeadset((state) => state.devices);
  useEffect(() => () => headset.getState().learn(undefined), [headset]);
  return (
    <div className="form">
      <ComputerProblem of="settings" />
      <Switch
        label={t`Use the buttons of headsets`}
        hint={t`Those that take, end and mute calls, and the lamps that tell of them`}
        checked={settings.on}
        onChange={(on) => void computer.getState().set({ headset: { ...settings, on } })}
      />
      {settings.on ? (
        <>
          <div role="status" aria-label={t`Headsets`}>
            {devices.length === 0 ? <p className="note">{t`No headset with buttons is plugged in.`}</p> : null}
            {devices.map(({ name, problem }) => (
              <p key={name} className={problem ? 'field-error' : 'note'} dir="auto">
                {name} {problem ? said(problem) : null}
              </p>
            ))}
          </div>
          <ButtonRow deed="answer" name={t`Button to answer`} />
          <ButtonRow deed="hangUp" name={t`Button to hang up`} />
          <ButtonRow deed="mute" name={t`Button to mute`} />
        </>
      ) : null}
    </div>
  );
}

function ButtonRow({ deed, name }: { readonly deed: HeadsetDeed; readonly name: string }) {
  const { headset } = useStores();
  const learned = useComputer((state) => state.settings.headset.buttons[deed] !== undefined);
  const waits = useHeadset((state) => state.learning === deed);
  const id = useId();
  const { learn, forget } = headset.getState();
  return (
    <div className="switch-row">
      <div className="switch-words">
        <label htmlFor={id}>{name}</label>
      </div>
      <div className="key-chooser">
        <Button id={id} aria-pressed={waits} onClick={() => learn(waits ? undefined : deed)}>
          {waits ? t`Press it on the headset…` : learned ? t`Learned` : t`As the headset says`}
        </Button>
        {learned ? <IconButton icon={X} label={t`Forget: ${name}`} onClick={() => forget(deed)} /> : null}
      </div>
    </div>
  );
}
