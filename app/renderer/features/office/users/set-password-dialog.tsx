/** Gives a user another password. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
    const words = t`${user.name || number} has another password.`;
    const params = { number, domain, password };
    if (await submit.send(() => office.getState().change(words, 'users.setPassword', params))) onClose();
  };

  return (
    <FormDialog
      title={t`New password for ${user.name || user.number}`}
      action={t`Save`}
      submit={submit}
      onSubmit={save}
      onClose={onClose}
    >
      <p className="note">
        <Trans>The phones of {user.number} must be given it too. It is shown only now.</Trans>
      </p>
      <PasswordField
        value={password}
        error={password ? undefined : t`A user needs a password.`}
        autoFocus
        onChange={setPassword}
      />
    </FormDialog>
  );
}
