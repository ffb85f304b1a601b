/** The wide window's place for calls while there is none: how others reach this phone. */

import { t } from '@lingui/core/macro';
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
  const { registration } = account;
  const address = account.aor.replace(/^sips?:/i, '');
  const six = registration.state === 'listening' ? registration.alsoAt : undefined;
  return (
    <div className="ready">
      <EmptyState icon={PhoneIncoming} title={t`Ready for calls`}>
        {registration.state === 'listening' ? (
          <p className="note">{t`Phones reach you by calling`}</p>
        ) : (
          <>
            <p className="note">{t`People in your office reach you by dialling`}</p>
            <p className="ready-number">{account.number}</p>
          </>
        )}
        <Address text={address} name={t`Copy your address`} />
        {six ? (
          <>
            <p className="note">{t`or by IPv6`}</p>
            <Address text={`${address.replace(/@.*$/, '')}@${six}`} name={t`Copy your IPv6 address`} />
          </>
        ) : null}
        <Button kind="quiet" icon={Ear} onClick={() => sound.getState().openDialog('echo')}>
          {t`Test call to yourself`}
        </Button>
      </EmptyState>
    </div>
  );
}

function Address({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <p className="ready-address">
      <bdi>{text}</bdi>
      <CopyButton text={text} label={name} />
    </p>
  );
}
