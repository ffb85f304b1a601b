/** What the phone shows while its window is away. */
import { t } from '@lingui/core/macro';
import { useDesktop, useStores } from '../../store/context.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Switch } from '../../ui/switch.tsx';

export function DesktopSettings() {
  const { desktop } = useStores();
  const { set } = desktop.getState();
  const { callBar, staysInTray, notices } = useDesktop((state) => state.settings);
  const hasTray = useDesktop((state) => state.hasTray);
  const problem = useDesktop((state) => state.problem);
  return (
    <>
      <Switch
        label={t`Show a bar with the call`}
        hint={t`On top of other programs, with mute, hold and hang up.`}
        checked={callBar}
        onChange={(on) => void set({ callBar: on })}
      />
      <Switch
        label={t`Stay in the tray when the window is closed`}
        hint={hasTray ? t`Calls go on reaching you.` : t`This desktop shows no tray, so closing the window quits.`}
        checked={staysInTray && hasTray}
        disabled={!hasTray}
        onChange={(on) => void set({ staysInTray: on })}
      />
      <Switch
        label={t`Tell of missed calls and messages`}
        hint={t`As notices of this computer.`}
        checked={notices}
        onChange={(on) => void set({ notices: on })}
      />
      <Problem>{problem}</Problem>
    </>
  );
}
