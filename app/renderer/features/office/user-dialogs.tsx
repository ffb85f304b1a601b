/** What is being done with a user. It stays open, with what was typed, while the office falls and comes back under it. */
import { useStores } from '../../store/context.tsx';
import type { OfficeUser } from '../../store/types.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { AddUserDialog } from './add-user-dialog.tsx';
import { SetPasswordDialog } from './set-password-dialog.tsx';

export type UserTask =
  | { readonly what: 'add' }
  | { readonly what: 'password'; readonly user: OfficeUser }
  | { readonly what: 'remove'; readonly user: OfficeUser };

export function UserDialogs({ task, onClose }: { task: UserTask; onClose(): void }) {
  switch (task.what) {
    case 'add':
      return <AddUserDialog onClose={onClose} />;
    case 'password':
      return <SetPasswordDialog user={task.user} onClose={onClose} />;
    case 'remove':
      return <RemoveDialog user={task.user} onClose={onClose} />;
  }
}

function RemoveDialog({ user, onClose }: { user: OfficeUser; onClose(): void }) {
  const { office } = useStores();
  return (
    <ConfirmDialog
      title={`Remove ${user.name || user.number}?`}
      action="Remove"
      onConfirm={() => office.getState().removeUser(user)}
      onClose={onClose}
    >
      {user.number} will no longer be reached, and its phones can no longer register. This cannot be undone.
    </ConfirmDialog>
  );
}
