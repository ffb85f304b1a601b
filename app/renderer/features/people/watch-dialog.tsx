/** Asks whose lamp is to be shown. */
import { type FormEvent, useState } from 'react';
import { useStores } from '../../store/context.tsx';
import type { Account } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSubmit } from '../use-submit.ts';

export function WatchDialog({ account, onClose }: { readonly account: Account; onClose(): void }) {
  const { profile } = useStores();
  const submit = useSubmit();
  const [target, setTarget] = useState('');
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const typed = target.trim();

  const watch = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (typed === '') return;
    if (await submit.send(() => profile.getState().watch(account, { target: typed, name: name.trim() }))) onClose();
  };

  return (
    <Dialog title="Watch somebody" onClose={onClose}>
      <form className="form" onSubmit={(event) => void watch(event)} noValidate>
        {submit.problem ? (
          <Banner kind="danger" urgent>
            {submit.problem}
          </Banner>
        ) : null}
        <TextField
          label="Number"
          hint="Or an address"
          value={target}
          error={tried && typed === '' ? 'Type the number to watch.' : undefined}
          data-autofocus=""
          dir="auto"
          onChange={(event) => setTarget(event.target.value)}
        />
        <TextField
          label="Name"
          hint="Shown instead of the number"
          spellCheck={false}
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={submit.busy}>
            Watch
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
