/** Asks before a user is removed. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useStores } from '../../../store/context.tsx';
import type { OfficeUser } from '../../../store/types.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';

export function RemoveUserDialog({ user, onClose }: { user: OfficeUser; onClose(): void }) {
  const { office } = useStores();
  const { number, domain } = user;
  const name = user.name || number;
  const remove = async () => {
    const outcome = await office.getState().change(t`${name} was removed.`, 'users.remove', { number, domain });
    // The page of somebody who is gone has nothing to show.
    if (outcome.ok) office.getState().open({ page: 'users' });
    return outcome;
  };
  return (
    <ConfirmDialog title={t`Remove ${name}?`} action={t`Remove`} onConfirm={remove} onClose={onClose}>
      <Trans>
        {number} will no longer be reached, and its phones can no longer register. Undo brings the user back with
        devices, aliases and passwords; messages that were kept for them are lost.
      </Trans>
    </ConfirmDialog>
  );
}
