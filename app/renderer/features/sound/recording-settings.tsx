/** Where recordings go, and whether the people in them are told. */

import { t } from '@lingui/core/macro';
import { FolderOpen } from 'lucide-react';
import { useEffect } from 'react';
import { said } from '../../../words/said.ts';
import { useSound, useStores } from '../../store/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Switch } from '../../ui/switch.tsx';

export function RecordingSettings() {
  const { sound } = useStores();
  const { set, chooseFolder, askFolder } = sound.getState();
  const announce = useSound((state) => state.settings.announceRecording);
  const folder = useSound((state) => state.recordingFolder);
  const problem = useSound((state) => state.folderProblem);
  useEffect(() => void askFolder(), [askFolder]);
  return (
    <div className="form">
      <div className="field">
        <span className="meter-name">{t`Recordings go to`}</span>
        <p className="folder" dir="auto">
          {folder}
        </p>
        {problem ? (
          <p className="field-error" role="alert">
            {said(problem)}
          </p>
        ) : null}
        <Button icon={FolderOpen} onClick={() => void chooseFolder()}>
          {t`Other folder…`}
        </Button>
      </div>
      <Switch
        label={t`Tell both sides of a recording`}
        hint={t`By a short tone at its beginning and every 15 seconds`}
        checked={announce}
        onChange={(announceRecording) => set({ announceRecording })}
      />
    </div>
  );
}
