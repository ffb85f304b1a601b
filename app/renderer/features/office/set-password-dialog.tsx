/** Gives a user another password. */
import { type FormEvent, useState } from 'react';
import { useStores } from '../../store/context.tsx';
import { generatePassword } from '../../store/password.ts';
import type { OfficeUser } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { useSubmit } from '../use-submit.ts';
import { PasswordField } from './password-field.tsx';

export function SetPasswordDialog({ user, onClose }: { user: OfficeUser; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [password, setPassword] = useState(generatePassword);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!password) return;
    const { number, domain } = user;
    if (await submit.send(() => office.getState().setPassword({ number, domain, password }))) onClose();
  };

  return (
    <Dialog title={`New password for ${user.name || user.number}`} onClose={onClose}>
      <form className="form" onSubmit={(event) => void save(event)} noValidate>
        <p className="note">The phones of {user.number} must be given it too. It is shown only now.</p>
        {submit.problem ? (
          <Banner kind="danger" urgent>
            {submit.problem}
          </Banner>
        ) : null}
        <PasswordField
          value={password}
          error={password ? undefined : 'A user needs a password.'}
          autoFocus
          onChange={setPassword}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={submit.busy}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
