/** What may be done with one account. */
import { t } from '@lingui/core/macro';
import {
  BellOff,
  BellRing,
  Cable,
  Hash,
  Languages,
  LogOut,
  Moon,
  Power,
  PowerOff,
  RefreshCw,
  SlidersHorizontal,
  Star,
  Timer,
  UserRoundPen,
  UserRoundPlus,
  Volume2,
} from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../store/context.tsx';
import { accountSettingsOf, callSettingsOf } from '../../store/profile-store.ts';
import { type QuietTime, quietFor, UNDISTURBED } from '../../store/quiet-times.ts';
import type { Account } from '../../store/types.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { LanguageDialog } from '../language/language-dialog.tsx';
import { AccountDialog } from './account-dialog.tsx';
import { CallSettingsDialog } from './call-settings-dialog.tsx';
import { ConnectionDialog } from './connection-dialog.tsx';
import { DiallingDialog } from './dialling-dialog.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';

export interface AccountMenuProps {
  readonly account: Account;
  /** There are others, from which it is to be told. */
  readonly several: boolean;
  /** Calls go by it where no other is chosen. */
  readonly first: boolean;
}

export function AccountMenu({ account, several, first }: AccountMenuProps) {
  const { phone, profile, sound } = useStores();
  const [open, setOpen] = useState<'calls' | 'dialling' | 'connection' | 'change' | 'add' | 'sign-out' | 'language'>();
  const { doNotDisturb } = callSettingsOf(account);
  const { enabled, registrar } = accountSettingsOf(account);
  const { setCalls, setSettings, setDefault } = profile.getState();
  const close = () => setOpen(undefined);
  const stayQuiet = (time: QuietTime) => void setCalls(account, quietFor(time, Date.now()));
  return (
    <>
      <Menu label={several ? t`Account menu of ${account.number}, ${account.server}` : t`Account menu`}>
        {enabled ? (
          <>
            {doNotDisturb ? (
              <MenuItem icon={BellRing} onSelect={() => void setCalls(account, UNDISTURBED)}>
                {t`Take calls again`}
              </MenuItem>
            ) : (
              <>
                <MenuItem icon={Timer} onSelect={() => stayQuiet('hour')}>
                  {t`Do not disturb for an hour`}
                </MenuItem>
                <MenuItem icon={Moon} onSelect={() => stayQuiet('tomorrow')}>
                  {t`Do not disturb until tomorrow`}
                </MenuItem>
                <MenuItem icon={BellOff} onSelect={() => stayQuiet('open')}>
                  {t`Do not disturb`}
                </MenuItem>
              </>
            )}
            {registrar ? (
              <MenuItem icon={RefreshCw} onSelect={() => phone.getState().registerNow()}>
                {t`Register now`}
              </MenuItem>
            ) : null}
          </>
        ) : null}
        {several && !first ? (
          <MenuItem icon={Star} onSelect={() => void setDefault(account.id)}>
            {t`Call by this account`}
          </MenuItem>
        ) : null}
        <MenuItem icon={SlidersHorizontal} onSelect={() => setOpen('calls')}>
          {t`Calls…`}
        </MenuItem>
        <MenuItem icon={Hash} onSelect={() => setOpen('dialling')}>
          {t`Dialling…`}
        </MenuItem>
        <MenuItem icon={Volume2} onSelect={() => sound.getState().openDialog('devices')}>
          {t`Sound…`}
        </MenuItem>
        <MenuItem icon={Cable} onSelect={() => setOpen('connection')}>
          {t`Connection…`}
        </MenuItem>
        <MenuItem icon={UserRoundPen} onSelect={() => setOpen('change')}>
          {t`Change account…`}
        </MenuItem>
        <MenuItem icon={enabled ? PowerOff : Power} onSelect={() => void setSettings(account, { enabled: !enabled })}>
          {enabled ? t`Switch off` : t`Switch on`}
        </MenuItem>
        <MenuItem icon={UserRoundPlus} onSelect={() => setOpen('add')}>
          {t`Add account…`}
        </MenuItem>
        <MenuItem icon={Languages} onSelect={() => setOpen('language')}>
          {t`Language…`}
        </MenuItem>
        <MenuItem icon={LogOut} danger onSelect={() => setOpen('sign-out')}>
          {t`Sign out…`}
        </MenuItem>
      </Menu>
      {open === 'calls' ? <CallSettingsDialog account={account} onClose={close} /> : null}
      {open === 'dialling' ? <DiallingDialog account={account} onClose={close} /> : null}
      {open === 'connection' ? <ConnectionDialog account={account} onClose={close} /> : null}
      {open === 'change' ? <AccountDialog account={account} onClose={close} /> : null}
      {open === 'add' ? <AccountDialog onClose={close} /> : null}
      {open === 'language' ? <LanguageDialog onClose={close} /> : null}
      {open === 'sign-out' ? <SignOutDialog account={account} onClose={close} /> : null}
    </>
  );
}
