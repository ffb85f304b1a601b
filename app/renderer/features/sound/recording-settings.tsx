/** Where recordings go, and whether the people in them are told. */
import { FolderOpen } from 'lucide-react';
import { useEffect } from 'react';
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
    <>
      <div className="field">
        <span className="meter-name">Recordings go to</span>
        <p className="folder" dir="auto">
          {folder}
        </p>
        {problem ? (
          <p className="field-error" role="alert">
            {problem}
          </p>
        ) : null}
        <Button icon={FolderOpen} onClick={() => void chooseFolder()}>
          Other folder…
        </Button>
      </div>
      <Switch
        label="Tell both sides of a recording"
        hint="By a short tone at its beginning and every 15 seconds"
        checked={announce}
        onChange={(announceRecording) => set({ announceRecording })}
      />
    </>
  );
}
