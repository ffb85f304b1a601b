/** Whether links to numbers in other programs lead here. */
import { t } from '@lingui/core/macro';
import { useComputer, useStores } from '../../store/context.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ComputerProblem } from './computer-problem.tsx';

export function LinksPanel() {
  const { computer } = useStores();
  const on = useComputer((state) => state.opensLinks);
  return (
    <div className="form">
      <ComputerProblem of="links" />
      <Switch
        label={t`Open links to numbers in Tandem`}
        hint={t`Links that begin with tel:, sip:, sips: or callto: fill the field; you press Call`}
        checked={on}
        onChange={(wanted) => void computer.getState().openLinks(wanted)}
      />
    </div>
  );
}
