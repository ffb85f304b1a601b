/** The choice of one sound device; a chosen one that is not there stays in the list, so that it is known what was chosen. */
import { t } from '@lingui/core/macro';
import { useSound } from '../../store/context.tsx';
import type { SoundDevice, SoundRole } from '../../store/types.ts';
import { Select } from '../../ui/select.tsx';

export interface DeviceSelectProps {
  readonly label: string;
  readonly device: SoundRole;
  readonly onChange: (device: SoundDevice | null) => void;
}

const DEFAULT = '';

export function DeviceSelect({ label, device: role, onChange }: DeviceSelectProps) {
  const there = useSound((state) => (role === 'microphone' ? state.inputs : state.outputs));
  const chosen = useSound((state) => state.settings[role]);
  const missing = useSound((state) => state.missing.includes(role));
  // Known again by its name where the id is another.
  const value = there.find(({ id }) => id === chosen?.id) ?? there.find((device) => device.label === chosen?.label);
  const choices: [string, string][] = [[DEFAULT, t`Default of this computer`], ...there.map(choiceOf)];
  if (chosen !== null && missing)
    choices.push([chosen.id, chosen.label ? t`${chosen.label} (not there)` : t`Chosen before (not there)`]);
  return (
    <Select
      label={label}
      value={value?.id ?? chosen?.id ?? DEFAULT}
      choices={choices}
      onChange={(id) => onChange(there.find((device) => device.id === id) ?? null)}
    />
  );
}

const choiceOf = ({ id, label }: SoundDevice, index: number): [string, string] => [id, label || t`Device ${index + 1}`];
