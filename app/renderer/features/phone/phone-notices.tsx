/** What keeps calls from working, said where calls are made. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { RefreshCw, ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../words/said.ts';
import { usePhone, useProfile, useSound, useStores } from '../../store/context.tsx';
import { profileOf } from '../../store/profile-store.ts';
import { missingWords } from '../../store/sound-store.ts';
import { accountLabel, certificateWords } from '../../store/words.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { AccountDialog } from '../account/account-dialog.tsx';
import { CertificateDialog } from '../account/certificate-dialog.tsx';
import { RetryCountdown } from '../account/retry-countdown.tsx';

export function RegistrationNotice() {
  const { phone } = useStores();
  const accounts = usePhone((state) => state.accounts);
  const failed = accounts.find(
    ({ registration, certificate }) => registration.state === 'failed' && certificate === undefined,
  );
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
            {t`Try now`}
          </Button>
          {account && retryAt === undefined ? (
            <Button onClick={() => setChanging(true)}>{t`Change account…`}</Button>
          ) : null}
          <RetryCountdown at={retryAt} />
        </>
      }
    >
      <strong>
        {several ? (
          <Trans>
            Calls to <bdi>{accountLabel(failed, accounts)}</bdi> cannot reach you.
          </Trans>
        ) : (
          t`Calls cannot reach you.`
        )}
      </strong>{' '}
      {said(reason)}
      {account && changing ? <AccountDialog account={account} onClose={() => setChanging(false)} /> : null}
    </Banner>
  );
}

/** A server that is not believed: only the person can decide to. */
export function CertificateNotice() {
  const { profile } = useStores();
  const doubted = usePhone((state) => state.accounts.find(({ certificate }) => certificate !== undefined));
  const account = useProfile((state) => profileOf(state)?.accounts.find(({ id }) => id === doubted?.id));
  const [looking, setLooking] = useState(false);
  if (doubted?.certificate === undefined || account === undefined) return null;
  const { certificate, registration } = doubted;
  const isCut = registration.state !== 'registered';
  return (
    <Banner
      kind={certificate.why === 'unknown' ? 'warning' : 'danger'}
      actions={
        <Button icon={ShieldQuestion} onClick={() => setLooking(true)}>
          {t`Look at it…`}
        </Button>
      }
    >
      <strong>{isCut ? t`Calls cannot reach you.` : t`One of two ways to your server is not used.`}</strong>{' '}
      {said(certificateWords(certificate))}
      {looking ? (
        <CertificateDialog
          problem={certificate}
          onTrust={() => profile.getState().trust(account, certificate)}
          onClose={() => setLooking(false)}
        />
      ) : null}
    </Banner>
  );
}

/** A server that helps sound on its way cannot be used; seen at the last call. */
export function SoundServerNotice() {
  const trouble = usePhone((state) => state.accounts.find(({ soundTrouble }) => soundTrouble !== '')?.soundTrouble);
  if (trouble === undefined) return null;
  return (
    <Banner kind="warning">
      <strong>{t`Calls may stay silent where a router stands between.`}</strong> {said(trouble)}
    </Banner>
  );
}

export function MicrophoneNotice() {
  const denied = usePhone((state) => state.microphone === 'denied');
  if (!denied) return null;
  return (
    <Banner kind="warning">
      <Trans>
        <strong>{t`Nobody will hear you.`}</strong> Tandem may not use the microphone. Allow it in the privacy settings
        of this computer.
      </Trans>
    </Banner>
  );
}

/** A chosen device that is not there; gone as soon as it is back. */
export function DeviceNotice() {
  const { sound } = useStores();
  const words = useSound(missingWords);
  if (words === undefined) return null;
  return (
    <Banner
      kind="warning"
      actions={<Button onClick={() => sound.getState().openDialog('devices')}>{t`Sound…`}</Button>}
    >
      {words}
    </Banner>
  );
}
