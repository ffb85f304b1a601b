/** A number to try rules with: what would be dialled for it. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { dialled } from '../../store/dial-rules.ts';
import { numberIn } from '../../store/typed-number.ts';
import type { DialRule } from '../../store/types.ts';
import { TextField } from '../../ui/text-field.tsx';

export interface DialTryProps {
  readonly rules: readonly DialRule[];
  readonly country: string | undefined;
}

export function DialTry({ rules, country }: DialTryProps) {
  const [typed, setTyped] = useState('');
  const number = numberIn(typed);
  const made = number === undefined ? undefined : dialled(number, { rules }, country);
  return (
    <div className="dial-try">
      <TextField
        label={t`Try a number`}
        inputMode="tel"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p className="note" role="status" aria-label={t`What is dialled`}>
        {made === undefined ? t`Nobody is called.` : made.asIs ? t`Dialled as it is.` : t`Dials ${made.number}`}
      </p>
    </div>
  );
}
