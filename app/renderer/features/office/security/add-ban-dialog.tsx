/** Keeps an address out by hand. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';

export interface AddBanDialogProps {
  /** What stands there at first. */
  readonly address?: string;
  onClose(): void;
}

export function AddBanDialog({ address: first = '', onClose }: AddBanDialogProps) {
  const { office } = useStores();
  const submit = useSubmit();
  const [address, setAddress] = useState(first);
  const [hours, setHours] = useState('24');
  const add = async () => {
    const params = { address: address.trim(), seconds: Math.round(Number(hours.replace(',', '.')) * 3_600) };
    const words = t`${address.trim()} is kept out.`;
    if (await submit.send(() => office.getState().change(words, 'bans.add', params))) onClose();
  };
  return (
    <FormDialog title={t`Keep an address out`} action={t`Keep out`} submit={submit} onSubmit={add} onClose={onClose}>
      <TextField
        label={t`Address`}
        hint={t`Such as 203.0.113.9`}
        value={address}
        data-autofocus=""
        onChange={(event) => setAddress(event.target.value)}
      />
      <TextField
        label={t`Hours`}
        inputMode="decimal"
        value={hours}
        onChange={(event) => setHours(event.target.value)}
      />
    </FormDialog>
  );
}
