/** Adds a user: number and password are proposed, so that a name is enough. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useOffice, useStores } from '../../../store/context.tsx';
import { generatePassword } from '../../../store/password.ts';
import type { OfficeUser } from '../../../store/types.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { newUserErrors, nextNumber } from './new-user.ts';
import { PasswordField } from './password-field.tsx';

const NOBODY: readonly OfficeUser[] = [];

export function AddUserDialog({ onClose }: { onClose(): void }) {
  const { office } = useStores();
  const users = useOffice((state) => (state.users.state === 'ready' ? state.users.list : NOBODY));
  const submit = useSubmit();
  const [tried, setTried] = useState(false);
  const [number, setNumber] = useState(() => nextNumber(users));
  const [name, setName] = useState('');
  const [password, setPassword] = useState(generatePassword);
  const errors = newUserErrors({ number, password }, users);

  const add = async () => {
    setTried(true);
    if (errors.number || errors.password) return;
    const user = { number: number.trim(), name: name.trim(), password };
    if (await submit.send(() => office.getState().addUser(user))) onClose();
  };

  return (
    <FormDialog title={t`New user`} action={t`Add user`} submit={submit} onSubmit={add} onClose={onClose}>
      <TextField
        label={t`Number`}
        value={number}
        error={tried ? errors.number : undefined}
        onChange={(event) => setNumber(event.target.value)}
      />
      <TextField
        label={t`Name`}
        hint={t`Seen by the people they call`}
        spellCheck={false}
        dir="auto"
        value={name}
        data-autofocus=""
        onChange={(event) => setName(event.target.value)}
      />
      <PasswordField value={password} error={tried ? errors.password : undefined} onChange={setPassword} />
    </FormDialog>
  );
}
