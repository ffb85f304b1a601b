/** Asks before this computer stops ringing for an account. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useStores } from '../../store/context.tsx';
import type { Account } from '../../store/types.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

export function SignOutDialog({ account, onClose }: { account: Account; onClose(): void }) {
  const { profile } = useStores();
  return (
    <ConfirmDialog
      title={t`Sign out ${account.number}?`}
      action={t`Sign out`}
      onConfirm={() => profile.getState().signOut(account.id)}
      onClose={onClose}
    >
      <Trans>Calls to {account.number} will no longer ring on this computer, and its password is forgotten here.</Trans>
    </ConfirmDialog>
  );
}
