/** By what an account signs in, and the ways to change, add and leave one. */
import { t } from '@lingui/core/macro';
import { LogOut, UserRoundPen, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { accountSettingsOf } from '../../store/profile-store.ts';
import type { Account } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { AccountDialog } from '../account/account-dialog.tsx';
import { SignOutDialog } from '../account/sign-out-dialog.tsx';

export function AccountPanel({ account }: { readonly account: Account }) {
  const [open, setOpen] = useState<'change' | 'add' | 'sign-out'>();
  const close = () => setOpen(undefined);
  const { number, server } = account;
  const words = accountSettingsOf(account).registrar ? t`${number} at ${server}` : t`${number}, without signing in`;
  return (
    <>
      <p className="note settings-whole">{words}</p>
      <div className="settings-actions">
        <Button icon={UserRoundPen} onClick={() => setOpen('change')}>
          {t`Change account…`}
        </Button>
        <Button icon={UserRoundPlus} onClick={() => setOpen('add')}>
          {t`Add account…`}
        </Button>
        <Button kind="danger-quiet" icon={LogOut} onClick={() => setOpen('sign-out')}>
          {t`Sign out…`}
        </Button>
      </div>
      {open === 'change' ? <AccountDialog account={account} onClose={close} /> : null}
      {open === 'add' ? <AccountDialog onClose={close} /> : null}
      {open === 'sign-out' ? <SignOutDialog account={account} onClose={close} /> : null}
    </>
  );
}
