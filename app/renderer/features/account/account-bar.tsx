/** The accounts of this phone and whether calls can reach them, each with its menu; and the way to the settings. */

import { t } from '@lingui/core/macro';
import { Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { said } from '../../../words/said.ts';
import { usePhone, useProfile, useStores, useView } from '../../store/context.tsx';
import { accountSettingsOf, callSettingsOf, profileOf } from '../../store/profile-store.ts';
import type { Account, AccountSnapshot } from '../../store/types.ts';
import { accountName, connectionWords, quietWords } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { AccountMenu } from './account-menu.tsx';
import { RetryCountdown } from './retry-countdown.tsx';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly tone: 'good' | 'waiting' | 'bad' | 'off';
  readonly words: ReactNode;
  /** The words where they may be cut. */
  readonly title?: string;
  /** Over what it is connected. */
  readonly way?: string;
}

export function AccountBar() {
  const load = useProfile((state) => state.load);
  const profile = useProfile(profileOf);
  const snapshots = usePhone((state) => state.accounts);
  const accounts = profile?.accounts ?? [];
  const several = accounts.length > 1;
  const shown = accounts.map((account) => describe(account, snapshots, profile?.hasPassword[account.id] === true));

  return (
    <header className="account-bar">
      <div className="account-list" data-several={several ? '' : undefined}>
        <div className="account-states" role="status" aria-label={t`Account`}>
          {shown.map((account) => (
            <AccountEntry key={account.id} account={account} />
          ))}
          {shown.length === 0 ? (
            <div className="account" data-tone="off">
              <Avatar name="" />
              <div className="account-words">
                <p className="account-name">{t`Tandem`}</p>
                <p className="account-state">
                  <span className="dot" aria-hidden="true" />
                  <span className="account-state-text">{load.state === 'loading' ? t`Starting…` : t`Signed out`}</span>
                </p>
              </div>
            </div>
          ) : null}
        </div>
        <div className="account-menus">
          {accounts.map((account, index) => (
            <AccountMenu key={account.id} account={account} several={several} first={index === 0} />
          ))}
        </div>
      </div>
      <SettingsButton />
    </header>
  );
}

function SettingsButton() {
  const { view } = useStores();
  const current = useView((state) => state.view === 'settings');
  return (
    <IconButton
      icon={Settings}
      label={t`Settings`}
      className="settings-open"
      aria-current={current ? 'page' : undefined}
      aria-keyshortcuts="Control+,"
      onClick={() => view.getState().show('settings')}
    />
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
          <span className="account-state-text" title={account.title}>
            {account.words}
          </span>
          {account.way ? (
            <span className="account-way" title={account.way}>
              {account.way}
            </span>
          ) : null}
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
  const settings = accountSettingsOf(account);
  if (!settings.enabled) return { ...base, tone: 'off', words: t`Off` };
  if (!hasPassword && settings.registrar) return { ...base, tone: 'bad', words: t`Password needed` };
  const registration = snapshot?.registration;
  const { doNotDisturb, doNotDisturbUntil } = callSettingsOf(account);
  const words = quietWords(doNotDisturbUntil, Date.now());
  // A time needs the room of the number.
  const number = doNotDisturbUntil === 0 ? base.number : base.name;
  const quiet: Shown = { ...base, number, tone: 'waiting', words };
  switch (registration?.state) {
    case undefined:
      return { ...base, tone: 'waiting', words: t`Starting…` };
    case 'signed-out':
      return { ...base, tone: 'off', words: t`Signed out` };
    case 'registering':
      return { ...base, tone: 'waiting', words: t`Registering…` };
    case 'listening':
      return doNotDisturb
        ? quiet
        : // The address says more than the name in it.
          { ...base, number: base.name, tone: 'good', words: t`At ${registration.address}` };
    case 'registered':
      return doNotDisturb
        ? quiet
        : { ...base, tone: 'good', words: t`Registered`, way: snapshot ? connectionWords(snapshot) : '' };
    case 'failed':
      return {
        ...base,
        tone: 'bad',
        title: said(registration.reason),
        words: (
          <>
            {t`Failed: ${said(registration.reason)}`} <RetryCountdown at={registration.retryAt} />
          </>
        ),
      };
  }
}
