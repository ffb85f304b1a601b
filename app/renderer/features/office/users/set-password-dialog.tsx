/** Gives a user another password. */
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import { generatePassword } from '../../../store/password.ts';
import type { OfficeUser } from '../../../store/types.ts';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { PasswordField } from './password-field.tsx';

export function SetPasswordDialog({ user, onClose }: { user: OfficeUser; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [password, setPassword] = useState(generatePassword);

  const save = async () => {
    if (!password) return;
    const { number, domain } = user;
    const words = `${user.name || number} has another password.`;
    const params = { number, domain, password };
    if (await submit.send(() => office.getState().change(words, 'users.setPassword', params))) onClose();
  };

  return (
    <FormDialog
      title={`New password for ${user.name || user.number}`}
      action="Save"
      submit={submit}
      onSubmit={save}
      onClose={onClose}
    >
      <p className="note">The phones of {user.number} must be given it too. It is shown only now.</p>
      <PasswordField
        value={password}
        error={password ? undefined : 'A user needs a password.'}
        autoFocus
        onChange={setPassword}
      />
    </FormDialog>
  );
}
