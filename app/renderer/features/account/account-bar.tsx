/** Who is signed in and whether calls can reach them. */
import { BellOff, BellRing, LogOut, RefreshCw, SlidersHorizontal, UserRoundPen, Volume2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { usePhone, useProfile, useStores } from '../../store/context.tsx';
import { callSettingsOf, profileOf } from '../../store/profile-store.ts';
import type { Account, AccountSnapshot } from '../../store/types.ts';
import { accountName } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { AccountDialog } from './account-dialog.tsx';
import { CallSettingsDialog } from './call-settings-dialog.tsx';
import { RetryCountdown } from './retry-countdown.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly tone: 'good' | 'waiting' | 'bad' | 'off';
  readonly words: ReactNode;
}

export function AccountBar() {
  const load = useProfile((state) => state.load);
  const profile = useProfile(profileOf);
  const snapshots = usePhone((state) => state.accounts);
  const accounts = profile?.accounts ?? [];
  const shown = accounts.map((account) => describe(account, snapshots, profile?.hasPassword[account.id] === true));

  return (
    <header className="account-bar">
      <div className="account-list" role="status" aria-label="Account">
        {shown.map((account) => (
          <AccountEntry key={account.id} account={account} />
        ))}
        {shown.length === 0 ? (
          <div className="account" data-tone="off">
            <Avatar name="" />
            <div className="account-words">
              <p className="account-name">Tandem</p>
              <p className="account-state">
                <span className="dot" aria-hidden="true" />
                <span className="account-state-text">{load.state === 'loading' ? 'Starting…' : 'Signed out'}</span>
              </p>
            </div>
          </div>
        ) : null}
      </div>
      {accounts[0] ? <AccountMenu account={accounts[0]} /> : null}
    </header>
  );
}

function AccountEntry({ account }: { account: Shown }) {
  return (
    <div className="account" data-tone={account.tone}>
      <Avatar name={account.name} />
      <div className="account-words">
        <p className="account-name" dir="auto" title={account.name}>
          {account.name}
        </p>
        <p className="account-state">
          <span className="dot" aria-hidden="true" />
          {account.name === account.number ? null : <span className="account-number">{account.number}</span>}
          <span className="account-state-text">{account.words}</span>
        </p>
      </div>
    </div>
  );
}

function describe(account: Account, snapshots: readonly AccountSnapshot[], hasPassword: boolean): Shown {
  const snapshot = snapshots.find((candidate) => candidate.id === account.id);
  const base = {
    id: account.id,
    name: snapshot ? accountName(snapshot) : account.displayName || account.number,
    number: account.number,
  };
  if (!hasPassword) return { ...base, tone: 'bad', words: 'Password needed' };
  const registration = snapshot?.registration;
  switch (registration?.state) {
    case undefined:
      return { ...base, tone: 'waiting', words: 'Starting…' };
    case 'signed-out':
      return { ...base, tone: 'off', words: 'Signed out' };
    case 'registering':
      return { ...base, tone: 'waiting', words: 'Registering…' };
    case 'registered':
      return callSettingsOf(account).doNotDisturb
        ? { ...base, tone: 'waiting', words: 'Do not disturb' }
        : { ...base, tone: 'good', words: 'Registered' };
    case 'failed':
      return {
        ...base,
        tone: 'bad',
        words: (
          <>
            Failed: {registration.reason} <RetryCountdown at={registration.retryAt} />
          </>
        ),
      };
  }
}

function AccountMenu({ account }: { account: Account }) {
  const { phone, profile, sound } = useStores();
  const [open, setOpen] = useState<'calls' | 'change' | 'sign-out'>();
  const { doNotDisturb } = callSettingsOf(account);
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu label="Account menu">
        <MenuItem
          icon={doNotDisturb ? BellRing : BellOff}
          onSelect={() => void profile.getState().setCalls(account, { doNotDisturb: !doNotDisturb })}
        >
          {doNotDisturb ? 'Take calls again' : 'Do not disturb'}
        </MenuItem>
        <MenuItem icon={SlidersHorizontal} onSelect={() => setOpen('calls')}>
          Calls…
        </MenuItem>
        <MenuItem icon={Volume2} onSelect={() => sound.getState().openDialog()}>
          Sound…
        </MenuItem>
        <MenuItem icon={RefreshCw} onSelect={() => phone.getState().registerNow()}>
          Register now
        </MenuItem>
        <MenuItem icon={UserRoundPen} onSelect={() => setOpen('change')}>
          Change account…
        </MenuItem>
        <MenuItem icon={LogOut} danger onSelect={() => setOpen('sign-out')}>
          Sign out…
        </MenuItem>
      </Menu>
      {open === 'calls' ? <CallSettingsDialog account={account} onClose={close} /> : null}
      {open === 'change' ? <AccountDialog account={account} onClose={close} /> : null}
      {open === 'sign-out' ? <SignOutDialog account={account} onClose={close} /> : null}
    </>
  );
}
