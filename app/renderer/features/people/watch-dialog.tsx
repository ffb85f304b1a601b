/** Asks whose lamp is to be shown. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../store/context.tsx';
import type { Account } from '../../store/types.ts';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useSubmit } from '../use-submit.ts';

export function WatchDialog({ account, onClose }: { readonly account: Account; onClose(): void }) {
  const { profile } = useStores();
  const submit = useSubmit();
  const [target, setTarget] = useState('');
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const typed = target.trim();

  const watch = async () => {
    setTried(true);
    if (typed === '') return;
    if (await submit.send(() => profile.getState().watch(account, { target: typed, name: name.trim() }))) onClose();
  };

  return (
    <FormDialog title={t`Watch somebody`} action={t`Watch`} submit={submit} onSubmit={watch} onClose={onClose}>
      <TextField
        label={t`Number`}
        hint={t`Or an address`}
        value={target}
        error={tried && typed === '' ? t`Type the number to watch.` : undefined}
        data-autofocus=""
        dir="auto"
        onChange={(event) => setTarget(event.target.value)}
      />
      <TextField
        label={t`Name`}
        hint={t`Shown instead of the number`}
        spellCheck={false}
        dir="auto"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
