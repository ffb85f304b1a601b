/** The wide window's place for calls while there is none: how others reach this phone. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Ear, PhoneIncoming, RefreshCw } from 'lucide-react';
import { usePhone, useStores } from '../../store/context.tsx';
import { isReachable } from '../../store/words.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export function ReadyPanel() {
  const { sound } = useStores();
  const account = usePhone(({ accounts }) => accounts.find(isReachable) ?? accounts[0]);
  if (account?.registration.state === 'registering') {
    return (
      <div className="ready">
        <EmptyState icon={RefreshCw} title={t`Registering…`}>
          <p className="note">{t`Calls reach you in a moment.`}</p>
        </EmptyState>
      </div>
    );
  }
  if (account === undefined || !isReachable(account)) return null;
  const address = account.aor.replace(/^sips?:/i, '');
  return (
    <div className="ready">
      <EmptyState icon={PhoneIncoming} title={t`Ready for calls`}>
        {account.registration.state === 'listening' ? (
          <p className="note">{t`Phones reach you by calling`}</p>
        ) : (
          <>
            <p className="note">{t`People in your office reach you by dialling`}</p>
            <p className="ready-number">{account.number}</p>
          </>
        )}
        <p className="ready-address">
          <bdi>{address}</bdi>
          <CopyButton text={address} label={t`Copy your address`} />
        </p>
        {account.registration.state === 'listening' && account.registration.alsoAt ? (
          <p className="note">
            <Trans>
              or by IPv6 at <bdi>{account.registration.alsoAt}</bdi>
            </Trans>
          </p>
        ) : null}
        <Button kind="quiet" icon={Ear} onClick={() => sound.getState().openDialog('echo')}>
          {t`Test call to yourself`}
        </Button>
      </EmptyState>
    </div>
  );
}
