/** The switch that makes this computer the telephone exchange of an office. */
import { t } from '@lingui/core/macro';
import { useOffice, useStores } from '../../store/context.tsx';
import { Switch } from '../../ui/switch.tsx';

export function HostSwitch() {
  const { office, view } = useStores();
  const state = useOffice((now) => now.office?.state ?? 'off');
  const switching = useOffice((now) => now.switching);

  const turn = async (on: boolean) => {
    if (switching) return;
    if (!on) return void (await office.getState().stop());
    view.getState().show('office');
    await office.getState().start();
  };
  return (
    <Switch
      label={t`Host an office on this computer`}
      hint={hints()[state]}
      checked={state === 'on' || state === 'starting'}
      onChange={(on) => void turn(on)}
    />
  );
}

const hints = () => ({
  off: t`Phones register here and call each other. No other server is needed.`,
  starting: t`Starting…`,
  on: t`On, as long as Tandem runs.`,
  failed: t`It could not be started.`,
});
