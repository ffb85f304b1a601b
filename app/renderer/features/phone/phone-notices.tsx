/** What keeps calls from working, said where calls are made. */
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { usePhone, useProfile, useSound, useStores } from '../../store/context.tsx';
import { profileOf } from '../../store/profile-store.ts';
import { missingWords } from '../../store/sound-store.ts';
import { accountLabel } from '../../store/words.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { AccountDialog } from '../account/account-dialog.tsx';
import { RetryCountdown } from '../account/retry-countdown.tsx';

export function RegistrationNotice() {
  const { phone } = useStores();
  const accounts = usePhone((state) => state.accounts);
  const failed = accounts.find(({ registration }) => registration.state === 'failed');
  const account = useProfile((state) => profileOf(state)?.accounts.find(({ id }) => id === failed?.id));
  const [changing, setChanging] = useState(false);
  if (failed?.registration.state !== 'failed') return null;
  const { reason, retryAt } = failed.registration;
  const several = accounts.length > 1;
  return (
    <Banner
      kind="danger"
      actions={
        <>
          <Button icon={RefreshCw} onClick={() => phone.getState().registerNow()}>
            Try now
          </Button>
          {account && retryAt === undefined ? <Button onClick={() => setChanging(true)}>Change account…</Button> : null}
          <RetryCountdown at={retryAt} />
        </>
      }
    >
      <strong>
        {several ? (
          <>
            Calls to <bdi>{accountLabel(failed, accounts)}</bdi> cannot reach you.
          </>
        ) : (
          'Calls cannot reach you.'
        )}
      </strong>{' '}
      {reason}
      {account && changing ? <AccountDialog account={account} onClose={() => setChanging(false)} /> : null}
    </Banner>
  );
}

export function MicrophoneNotice() {
  const denied = usePhone((state) => state.microphone === 'denied');
  if (!denied) return null;
  return (
    <Banner kind="warning">
      <strong>Nobody will hear you.</strong> Tandem may not use the microphone. Allow it in the privacy settings of this
      computer.
    </Banner>
  );
}

/** A chosen device that is not there; gone as soon as it is back. */
export function DeviceNotice() {
  const { sound } = useStores();
  const words = useSound(missingWords);
  if (words === undefined) return null;
  return (
    <Banner kind="warning" actions={<Button onClick={() => sound.getState().openDialog('devices')}>Sound…</Button>}>
      {words}
    </Banner>
  );
}
