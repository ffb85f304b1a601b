/** A field for a password that is being chosen for somebody: readable, with a good one proposed. */
import { t } from '@lingui/core/macro';
import { RefreshCw } from 'lucide-react';
import { generatePassword } from '../../../store/password.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { TextField } from '../../../ui/text-field.tsx';

/** Shorter ones are allowed, but said to be weak. */
const GOOD_LENGTH = 10;

export interface PasswordFieldProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly autoFocus?: boolean;
  onChange(value: string): void;
}

export function PasswordField({ value, error, autoFocus = false, onChange }: PasswordFieldProps) {
  const weak = value.length > 0 && value.length < GOOD_LENGTH;
  return (
    <TextField
      className="field-mono"
      label={t`Password`}
      hint={weak ? t`Short ones are easy to guess` : undefined}
      value={value}
      error={error}
      data-autofocus={autoFocus ? '' : undefined}
      onChange={(event) => onChange(event.target.value)}
      end={
        <>
          <IconButton icon={RefreshCw} label={t`Propose another`} onClick={() => onChange(generatePassword())} />
          <CopyButton text={value} label={t`Copy`} />
        </>
      }
    />
  );
}
