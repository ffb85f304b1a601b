/**
 * The microphone, the speaker and the ringer of this computer, in a dialog or among the settings. Each change holds at
 * once, also in calls that are on.
 */

import { t } from '@lingui/core/macro';
import { Ear, Volume2 } from 'lucide-react';
import { said } from '../../../words/said.ts';
import { useSound, useStores } from '../../store/context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Slider } from '../../ui/slider.tsx';
import { Switch } from '../../ui/switch.tsx';
import { DeviceSelect } from './device-select.tsx';
import { MicrophoneMeter } from './microphone-meter.tsx';
import { RecordingSettings } from './recording-settings.tsx';

export function SoundSettingsDialog() {
  const { sound } = useStores();
  return (
    <Dialog title={t`Sound`} onClose={() => sound.getState().closeDialog()}>
      <SoundForm />
      <RecordingSettings />
    </Dialog>
  );
}

export function SoundForm() {
  const { sound } = useStores();
  const settings = useSound((state) => state.settings);
  const problem = useSound((state) => state.problem);
  const { set } = sound.getState();

  return (
    <>
      <Problem>{problem && t`This holds until Tandem ends, but could not be kept. ${said(problem)}`}</Problem>
      <div className="form">
        <Button icon={Ear} onClick={() => sound.getState().openDialog('echo')}>
          {t`Test call to yourself`}
        </Button>
        <DeviceSelect label={t`Microphone`} device="microphone" onChange={(microphone) => set({ microphone })} />
        <MicrophoneMeter />
        <DeviceSelect label={t`Speaker`} device="speaker" onChange={(speaker) => set({ speaker })} />
        <div className="volume-row">
          <Slider
            label={t`Volume of calls`}
            value={settings.speakerVolume}
            onChange={(speakerVolume) => set({ speakerVolume })}
          />
          <IconButton icon={Volume2} label={t`Try the speaker`} onClick={() => sound.getState().sample('speaker')} />
        </div>
        <DeviceSelect label={t`Ringer`} device="ringer" onChange={(ringer) => set({ ringer })} />
        <div className="volume-row">
          <Slider
            label={t`Volume of ringing`}
            value={settings.ringerVolume}
            onChange={(ringerVolume) => set({ ringerVolume })}
          />
          <IconButton icon={Volume2} label={t`Try the ringer`} onClick={() => sound.getState().sample('ringer')} />
        </div>
        <Switch
          label={t`Cancel echo`}
          hint={t`So that nobody hears themselves from your speaker`}
          checked={settings.echoCancellation}
          onChange={(echoCancellation) => set({ echoCancellation })}
        />
        <Switch
          label={t`Suppress noise`}
          hint={t`Off for music`}
          checked={settings.noiseSuppression}
          onChange={(noiseSuppression) => set({ noiseSuppression })}
        />
        <Switch
          label={t`Adjust my volume`}
          hint={t`The microphone is made louder or softer by itself`}
          checked={settings.autoGain}
          onChange={(autoGain) => set({ autoGain })}
        />
      </div>
    </>
  );
}
