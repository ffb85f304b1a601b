/** After adding a user: what to hand over, and one press to use it on this computer. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleCheck, X } from 'lucide-react';
import { useOffice, useProfile, useStores } from '../../../store/context.tsx';
import { profileOf } from '../../../store/profile-store.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useSubmit } from '../../use-submit.ts';
import { addressesOf } from '../addresses.ts';
import { JoinCode } from './join-code.tsx';

/** It stands above a list that may be scrolled away. */
const showIt = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

export function AddedUser() {
  const { office: officeStore, profile, view } = useStores();
  const added = useOffice((state) => state.added);
  const office = useOffice((state) => state.office);
  const signedIn = useProfile((state) => (profileOf(state)?.accounts.length ?? 0) > 0);
  const submit = useSubmit();
  if (!added || office?.state !== 'on') return null;

  const { number, name, password, invite } = added;
  const server = addressesOf(office.listeners).others[0] ?? office.server;
  const all = [t`Number: ${number}`, t`Password: ${password}`, t`Server: ${server}`].join('\n');
  const signIn = async () => {
    const form = { number, password, server: office.server, outboundProxy: '', displayName: name };
    if (!(await submit.send(() => profile.getState().signIn(form)))) return;
    officeStore.getState().dismissAdded();
    view.getState().show('phone');
  };

  return (
    <section className="added" aria-label={t`Just added`} ref={showIt}>
      <header className="added-head">
        <CircleCheck aria-hidden="true" />
        <p role="status">
          <Trans>
            <bdi>{name || number}</bdi> was added, with the number {number}.
          </Trans>
        </p>
        <IconButton
          icon={X}
          label={t`Dismiss`}
          onClick={() => {
            officeStore.getState().dismissAdded();
          }}
        />
      </header>
      {invite === undefined ? null : <JoinCode invite={invite} />}
      <details className="more" open={invite === undefined || undefined}>
        <summary>{t`For a desk phone or another program`}</summary>
        <div className="added-facts">
          <dl>
            <div>
              <dt>{t`Number`}</dt>
              <dd>{number}</dd>
            </div>
            <div>
              <dt>{t`Password`}</dt>
              <dd className="mono">{password}</dd>
            </div>
            <div>
              <dt>{t`Server`}</dt>
              <dd>{server}</dd>
            </div>
          </dl>
          <CopyButton text={all} label={t`Copy`} words />
        </div>
      </details>
      <Problem>{submit.problem}</Problem>
      {signedIn ? null : (
        <Button kind="primary" disabled={submit.busy} onClick={() => void signIn()}>
          <Trans>Sign this computer in as {number}</Trans>
        </Button>
      )}
    </section>
  );
}
