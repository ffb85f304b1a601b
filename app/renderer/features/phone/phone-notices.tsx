/** What keeps calls from working, said where calls are made. */
import { RefreshCw } from 'lucide-react';
import { usePhone, useStores } from '../../store/context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { RetryCountdown } from '../account/retry-countdown.tsx';

export function RegistrationNotice() {
  const { phone } = useStores();
  const failed = usePhone((state) => state.accounts.find(({ registration }) => registration.state === 'failed'));
  if (failed?.registration.state !== 'failed') return null;
  const { reason, retryAt } = failed.registration;
  return (
    <Banner
      kind="danger"
      actions={
        <>
          <Button icon={RefreshCw} onClick={() => phone.getState().registerNow()}>
            Try now
          </Button>
          <RetryCountdown at={retryAt} />
        </>
      }
    >
      <strong>Calls cannot reach you.</strong> {reason}
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
