/** Adds an account, or changes how this computer signs in: another password, another server, another name. */
import { t } from '@lingui/core/macro';
import { usePhone, useProfile } from '../../store/context.tsx';
import { profileOf } from '../../store/profile-store.ts';
import type { Account } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CodeForm } from '../join/code-form.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function AccountDialog({ account, onClose }: { account?: Account; onClose(): void }) {
  const known = useProfile((state) => account !== undefined && profileOf(state)?.hasPassword[account.id] === true);
  const refused = usePhone(({ accounts }) =>
    accounts.some(
      ({ id, registration }) => id === account?.id && registration.state === 'failed' && registration.wrongPassword,
    ),
  );
  return (
    <Dialog title={account ? t`Change account` : t`Add account`} onClose={onClose}>
      {account ? null : (
        <>
          <CodeForm onDone={onClose} />
          <p className="sign-in-or">{t`or without a code`}</p>
        </>
      )}
      <SignInForm
        account={account}
        isSecond={account === undefined}
        keepsPassword={known && !refused}
        onDone={onClose}
        actions={<Button onClick={onClose}>{t`Cancel`}</Button>}
      />
    </Dialog>
  );
}
