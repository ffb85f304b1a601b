/** Trusts a network. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';

export interface TrustDialogProps {
  /** What stands there at first. */
  readonly network?: string;
  onClose(): void;
}

export function TrustDialog({ network: first = '', onClose }: TrustDialogProps) {
  const { office } = useStores();
  const submit = useSubmit();
  const [network, setNetwork] = useState(first);
  const add = async () => {
    const wanted = network.trim();
    const change = () => office.getState().change(t`${wanted} is trusted.`, 'trust.add', { network: wanted });
    if (await submit.send(change)) onClose();
  };
  return (
    <FormDialog title={t`Trust a network`} action={t`Trust`} submit={submit} onSubmit={add} onClose={onClose}>
      <p className="note">
        {t`Wrong passwords and floods from there are never held against anybody, and bans of addresses in it end.`}
      </p>
      <TextField
        label={t`Network`}
        hint={t`Such as 192.0.2.0/24, or one address`}
        value={network}
        data-autofocus=""
        onChange={(event) => setNetwork(event.target.value)}
      />
    </FormDialog>
  );
}
