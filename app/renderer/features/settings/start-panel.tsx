/** Whether the phone is there as soon as the person is. */
import { t } from '@lingui/core/macro';
import { useComputer, useStores } from '../../store/context.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ComputerProblem } from './computer-problem.tsx';

export function StartPanel() {
  const { computer } = useStores();
  const on = useComputer((state) => state.startsWithSystem);
  return (
    <div className="form">
      <ComputerProblem of="start" />
      <Switch
        label={t`Start when I log in`}
        hint={t`In the background, so that calls ring`}
        checked={on}
        onChange={(wanted) => void computer.getState().startWithSystem(wanted)}
      />
    </div>
  );
}
