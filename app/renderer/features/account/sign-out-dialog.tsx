/** Asks before this computer stops ringing for an account. */
import { useStores } from '../../store/context.tsx';
import type { Account } from '../../store/types.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

export function SignOutDialog({ account, onClose }: { account: Account; onClose(): void }) {
  const { profile } = useStores();
  return (
    <ConfirmDialog
      title={`Sign out ${account.number}?`}
      action="Sign out"
      onConfirm={() => profile.getState().signOut(account.id)}
      onClose={onClose}
    >
      Calls to {account.number} will no longer ring on this computer, and its password is forgotten here.
    </ConfirmDialog>
  );
}
