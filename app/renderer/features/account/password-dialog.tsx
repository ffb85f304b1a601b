/** Gives the phone another password for its account, after it was changed in the office. */
import { type FormEvent, useState } from 'react';
import { useStores } from '../../store/context.tsx';
import type { Account } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSubmit } from '../use-submit.ts';

export function PasswordDialog({ account, onClose }: { account: Account; onClose(): void }) {
  const { profile } = useStores();
  const submit = useSubmit();
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!password) return setMissing(true);
    if (await submit.send(() => profile.getState().givePassword(account, password))) onClose();
  };

  return (
    <Dialog title={`Password of ${account.number}`} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} noValidate className="form">
        <p className="note">Type the password that {account.number} has in its office.</p>
        {submit.problem ? (
          <Banner kind="danger" urgent>
            {submit.problem}
          </Banner>
        ) : null}
        <TextField
          label="Password"
          type="password"
          value={password}
          error={missing && !password ? 'Type the password.' : undefined}
          data-autofocus=""
          onChange={(event) => setPassword(event.target.value)}
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
