/** Adds a user: number and password are proposed, so that a name is enough. */
import { type FormEvent, useState } from 'react';
import { useOffice, useStores } from '../../store/context.tsx';
import { generatePassword } from '../../store/password.ts';
import type { OfficeUser } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSubmit } from '../use-submit.ts';
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

  const add = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (errors.number || errors.password) return;
    const user = { number: number.trim(), name: name.trim(), password };
    if (await submit.send(() => office.getState().addUser(user))) onClose();
  };

  return (
    <Dialog title="New user" onClose={onClose}>
      <form className="form" onSubmit={(event) => void add(event)} noValidate>
        {submit.problem ? (
          <Banner kind="danger" urgent>
            {submit.problem}
          </Banner>
        ) : null}
        <TextField
          label="Number"
          value={number}
          error={tried ? errors.number : undefined}
          onChange={(event) => setNumber(event.target.value)}
        />
        <TextField
          label="Name"
          hint="Seen by the people they call"
          spellCheck={false}
          dir="auto"
          value={name}
          data-autofocus=""
          onChange={(event) => setName(event.target.value)}
        />
        <PasswordField value={password} error={tried ? errors.password : undefined} onChange={setPassword} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={submit.busy}>
            Add user
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
