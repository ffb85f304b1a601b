/** How the window looks: light or dark, and with how much contrast. */
import { t } from '@lingui/core/macro';
import { useComputer, useStores } from '../../store/context.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ComputerProblem } from './computer-problem.tsx';

const looks = () =>
  [
    ['system', t`As this computer`],
    ['light', t`Light`],
    ['dark', t`Dark`],
  ] as const;

export function LookPanel() {
  const { computer } = useStores();
  const { look, highContrast } = useComputer((state) => state.settings);
  const { set } = computer.getState();
  return (
    <div className="form">
      <ComputerProblem of="settings" />
      <Select label={t`Light or dark`} value={look} choices={looks()} onChange={(value) => void set({ look: value })} />
      <Switch
        label={t`High contrast`}
        hint={t`Also where this computer does not ask for it`}
        checked={highContrast}
        onChange={(on) => void set({ highContrast: on })}
      />
    </div>
  );
}
