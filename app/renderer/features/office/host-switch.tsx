/** The switch that makes this computer the telephone exchange of an office. */
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
      label="Host an office on this computer"
      hint={HINTS[state]}
      checked={state === 'on' || state === 'starting'}
      onChange={(on) => void turn(on)}
    />
  );
}

const HINTS = {
  off: 'Phones register here and call each other. No other server is needed.',
  starting: 'Starting…',
  on: 'On, as long as Tandem runs.',
  failed: 'It could not be started.',
};
