/** Asks before this computer stops ringing for an account. */
import { useStores } from '../../store/context.tsx';
import type { Account } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { useSubmit } from '../use-submit.ts';

export function SignOutDialog({ account, onClose }: { account: Account; onClose(): void }) {
  const { profile } = useStores();
  const submit = useSubmit();
  const signOut = async () => {
    if (await submit.send(() => profile.getState().signOut(account.id))) onClose();
  };
  return (
    <Dialog title={`Sign out ${account.number}?`} onClose={onClose}>
      <p className="note">
        Calls to {account.number} will no longer ring on this computer, and its password is forgotten here.
      </p>
      {submit.problem ? (
        <Banner kind="danger" urgent>
          {submit.problem}
        </Banner>
      ) : null}
      <DialogActions>
        <Button onClick={onClose} data-autofocus="">
          Cancel
        </Button>
        <Button kind="danger" disabled={submit.busy} onClick={() => void signOut()}>
          Sign out
        </Button>
      </DialogActions>
    </Dialog>
  );
}
