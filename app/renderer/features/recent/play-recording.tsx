/** Plays what a call was recorded into: at one press, or from a menu where there are several files. */
import { t } from '@lingui/core/macro';
import { CirclePlay } from 'lucide-react';
import { useStores } from '../../store/context.tsx';
import type { PastRecording } from '../../store/types.ts';
import { duration } from '../../store/words.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';

export function PlayRecording({ recordings, who }: { recordings: readonly PastRecording[]; who: string }) {
  const { history } = useStores();
  const play = (id: string) => void history.getState().play(id);
  const [first, ...others] = recordings;
  if (first === undefined) return null;
  if (others.length === 0) {
    const label = t`Play the recording of the call with ${who}`;
    return <IconButton icon={CirclePlay} label={label} onClick={() => play(first.id)} />;
  }
  return (
    <Menu icon={CirclePlay} label={t`Recordings of the call with ${who}`}>
      {recordings.map(({ id, seconds }, i) => (
        <MenuItem key={id} icon={CirclePlay} onSelect={() => play(id)}>
          {seconds === null ? t`Play recording ${i + 1}` : t`Play recording ${i + 1} (${duration(seconds * 1_000)})`}
        </MenuItem>
      ))}
    </Menu>
  );
}
