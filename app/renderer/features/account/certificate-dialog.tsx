/** Shows the certificate of a server that is not believed, for the person to decide. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { dates } from '../../store/notation.ts';
import type { CertificateProblem, Outcome } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../use-submit.ts';
import { Fingerprint } from './fingerprint.tsx';

export interface CertificateDialogProps {
  readonly problem: CertificateProblem;
  /** The person believes it from now on; the dialog closes where that is accepted. */
  onTrust(): Promise<Outcome>;
  onClose(): void;
}

const day = (ms: number): string => dates({ dateStyle: 'medium' }).format(ms);

export function CertificateDialog({ problem, onTrust, onClose }: CertificateDialogProps) {
  const submit = useSubmit();
  const { why, names, issuer, from, fingerprint, offered } = problem;
  const isAuthority = offered.authority !== '';
  const trust = async () => {
    if (await submit.send(onTrust)) onClose();
  };
  return (
    <Dialog title={t`Trust ${offered.server}?`} onClose={onClose}>
      <Banner kind={why === 'unknown' ? 'info' : 'danger'} urgent={why === 'changed'}>
        {reasonOf(problem)}
      </Banner>
      <dl className="certificate">
        <dt>{t`Made out to`}</dt>
        <dd data-bad={why === 'name' ? '' : undefined}>{names}</dd>
        <dt>{t`Vouched for by`}</dt>
        <dd>{issuer}</dd>
        <dt>{t`Good`}</dt>
        <dd data-bad={why === 'expired' ? '' : undefined}>
          {isAuthority ? t`from ${day(from)}` : t`from ${day(from)} to ${day(offered.until)}`}
        </dd>
        <dt>{t`Fingerprint (SHA-256)`}</dt>
        <dd>
          <Fingerprint of={fingerprint} copy={t`Copy the fingerprint`} />
        </dd>
        {isAuthority ? (
          <>
            <dt>
              <Trans>Fingerprint of {offered.name}</Trans>
            </dt>
            <dd>
              <Fingerprint of={offered.fingerprint} copy={t`Copy the authority’s fingerprint`} />
            </dd>
          </>
        ) : null}
      </dl>
      <p className="note">
        {isAuthority
          ? t`You would trust ${offered.name} for this server: its next certificates too, as long as they are made out to it.`
          : t`You would trust this certificate alone. Whoever looks after the server can tell you its fingerprint.`}
      </p>
      <Problem>{submit.problem}</Problem>
      <DialogActions>
        <Button onClick={onClose} data-autofocus="">
          {t`Not now`}
        </Button>
        <Button
          kind={why === 'unknown' ? 'primary' : 'danger'}
          disabled={submit.busy || fingerprint === ''}
          onClick={() => void trust()}
        >
          {t`Trust it`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function reasonOf({ why, names, offered: { server } }: CertificateProblem): string {
  switch (why) {
    case 'unknown':
      return t`Nobody known to this computer vouches for ${server}. That is usual where an office has its own server: compare the fingerprint once.`;
    case 'name':
      return t`This certificate is for ${names}, not for ${server}. Somebody may be in the way, or the server is known by another name.`;
    case 'expired':
      return t`This certificate is not good at this time: it is over, has not begun, or the clock of this computer is wrong.`;
    case 'changed':
      return t`${server} showed another certificate when you trusted it. Somebody may be in the way. Go on only if whoever looks after it says that it was changed.`;
  }
}
