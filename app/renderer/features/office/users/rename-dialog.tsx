/** Another name for a user. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { OfficeUser } from '../../../store/types.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';

export function RenameDialog({ user, onClose }: { user: OfficeUser; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [name, setName] = useState(user.name);
  const { number, domain } = user;
  const save = async () => {
    const params = { number, domain, name: name.trim() };
    const words = t`${number} is called ${name.trim() || number} now.`;
    if (await submit.send(() => office.getState().change(words, 'users.rename', params))) onClose();
  };
  return (
    <FormDialog title={t`Name of ${number}`} action={t`Save`} submit={submit} onSubmit={save} onClose={onClose}>
      <TextField
        label={t`Name`}
        hint={t`Seen by the people they call`}
        spellCheck={false}
        dir="auto"
        value={name}
        data-autofocus=""
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
