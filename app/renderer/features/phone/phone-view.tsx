/** The phone: one field to call with, the calls, and the keys. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { said } from '../../../words/said.ts';
import { usePhone, useProfile, useStores } from '../../store/context.tsx';
import { isLive } from '../../store/line.ts';
import { accountWithoutPassword, profileOf } from '../../store/profile-store.ts';
import { isReachable } from '../../store/words.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { SignInForm } from '../account/sign-in-form.tsx';
import { JoinOffer } from '../join/join-offer.tsx';
import { Welcome } from '../join/welcome.tsx';
import { CallList } from './call-list.tsx';
import { DialField } from './dial-field.tsx';
import { DragCalls } from './drag-calls.tsx';
import { DropChoice, type Dropped } from './drop-choice.tsx';
import { DropShelf } from './drop-shelf.tsx';
import { ElsewhereCalls } from './elsewhere-calls.tsx';
import { MailboxNotice } from './mailbox-notice.tsx';
import { PhoneKeys } from './phone-keys.tsx';
import {
  CertificateNotice,
  DeviceNotice,
  MicrophoneNotice,
  RegistrationNotice,
  SoundServerNotice,
} from './phone-notices.tsx';
import { ReadyPanel } from './ready-panel.tsx';
import { SignIn } from './sign-in.tsx';
import { usePlaces } from './use-places.ts';

export function PhoneView() {
  const load = useProfile((state) => state.load);
  const { profile } = useStores();

  if (load.state === 'loading') return <div className="page" aria-busy="true" />;
  if (load.state === 'failed') {
    return (
      <div className="page">
        <Banner
          kind="danger"
          urgent
          actions={
            <Button icon={RefreshCw} onClick={() => void profile.getState().reload()}>
              {t`Try again`}
            </Button>
          }
        >
          <Trans>The accounts of this computer could not be read. {said(load.reason)}</Trans>
        </Banner>
      </div>
    );
  }
  return load.profile.accounts.length === 0 ? (
    <SignIn />
  ) : (
    <>
      <SignedIn />
      <JoinOffer />
    </>
  );
}

function SignedIn() {
  const profile = useProfile(profileOf);
  const live = usePhone((state) => state.calls.filter(isLive).length);
  const shown = usePhone((state) => state.calls.length);
  const keypad = usePhone((state) => state.keypadOf !== undefined);
  const refused = usePhone((state) =>
    state.accounts.find(({ registration }) => registration.state === 'failed' && registration.wrongPassword === true),
  );
  const usable = usePhone((state) => state.accounts.some(isReachable));
  const { phone } = useStores();
  const field = useRef<HTMLInputElement>(null);
  useFocusAfterCall(live, field);
  const find = usePlaces('');
  const [dropped, setDropped] = useState<Dropped>();
  const forget = useCallback(() => setDropped(undefined), []);
  const drop = (callId: string, on: string) => {
    const place = find('').find(({ key }) => on === `place:${key}`);
    if (place) setDropped({ callId, place });
    else if (on.startsWith('device:')) {
      const { moveAway, tellProblem } = phone.getState();
      tellProblem(moveAway(callId, on.slice('device:'.length)));
    } else if (on.startsWith('call:')) setDropped({ callId, otherId: on.slice('call:'.length) });
  };

  const without = profile ? accountWithoutPassword(profile) : undefined;
  // While another account works, the refused one is told of below.
  const asking = usable ? undefined : (without ?? profile?.accounts.find((account) => account.id === refused?.id));
  const problem = !without && refused?.registration.state === 'failed' ? refused.registration.reason : undefined;

  return (
    <DragCalls onDrop={drop}>
      <div
        className="phone"
        data-live={live > 0 ? '' : undefined}
        data-keypad={keypad ? '' : undefined}
        data-asking={asking ? '' : undefined}
      >
        {asking ? null : <h1 className="visually-hidden">{t`Phone`}</h1>}
        <div className="phone-top">
          {asking ? (
            <section className="card sign-in-card" aria-labelledby="sign-in-title">
              <h1 id="sign-in-title">{t`Sign in again`}</h1>
              <SignInForm key={asking.id} account={asking} problem={problem} />
            </section>
          ) : (
            <DialField ref={field} />
          )}
        </div>
        <div className="phone-calls">
          {shown > 0 ? <CallList /> : null}
          <ElsewhereCalls />
          {asking ? null : <Welcome />}
          <MailboxNotice />
          <MicrophoneNotice />
          <DeviceNotice />
          <SoundServerNotice />
          {asking ? null : <CertificateNotice />}
          {asking ? null : <RegistrationNotice />}
          {shown === 0 && !asking ? <ReadyPanel /> : null}
        </div>
        {asking ? null : <PhoneKeys field={field} />}
        <DropShelf find={find} />
        {dropped ? <DropChoice dropped={dropped} onClose={forget} /> : null}
      </div>
    </DragCalls>
  );
}

/** When a call ends and its button went away with the keyboard, the field gets it. */
function useFocusAfterCall(live: number, field: React.RefObject<HTMLInputElement | null>): void {
  const before = useRef(live);
  useEffect(() => {
    if (live < before.current && document.activeElement === document.body) field.current?.focus();
    before.current = live;
  }, [live, field]);
}
