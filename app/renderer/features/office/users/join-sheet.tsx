/** The page for a new colleague: what to do, the code in large letters, and for a desk phone what it asks for. Only printed. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { createPortal } from 'react-dom';
import type { NewInvite } from '../../../store/office-types.ts';
import { dayAndTime } from '../../../store/words.ts';
import { QrCode } from '../../../ui/qr-code.tsx';

export interface JoinSheetProps {
  readonly invite: NewInvite;
  /** Such as `192.0.2.10:5060`. */
  readonly server: string;
  readonly link: string;
  /** Of a desk phone, where one was asked for. */
  readonly password: string | undefined;
}

export function JoinSheet({ invite, server, link, password }: JoinSheetProps) {
  const { number, name, domain, code, createdAt, expiresAt } = invite;
  const until = dayAndTime(expiresAt, createdAt);
  return createPortal(
    <article className="sheet" aria-hidden="true">
      <header className="sheet-head">
        <div>
          <p className="sheet-kind">{t`Your telephone`}</p>
          <h1 dir="auto">{name || number}</h1>
          <p>
            <Trans>
              Your number is <strong>{number}</strong>
            </Trans>
          </p>
        </div>
        <QrCode text={link} label={t`The code and the address of the office`} />
      </header>
      <p className="sheet-code">{code}</p>
      <ol className="sheet-steps">
        <li>{t`Start Tandem on your computer.`}</li>
        <li>
          <Trans>
            Under <strong>Join your office</strong>, type the code above and press <strong>Join</strong>.
          </Trans>
        </li>
        <li>
          <Trans>
            If your office is not found by itself, type its address too: <strong>{server}</strong>
          </Trans>
        </li>
      </ol>
      <p className="sheet-note">
        {t`The code works once, until ${until}. Whoever has it can make calls as you: keep this page to yourself.`}
      </p>
      {password === undefined ? null : (
        <section className="sheet-desk">
          <h2>{t`For a desk phone`}</h2>
          <dl>
            <dt>{t`Server`}</dt>
            <dd>{server}</dd>
            <dt>{t`Domain`}</dt>
            <dd>{domain}</dd>
            <dt>{t`Number`}</dt>
            <dd>{number}</dd>
            <dt>{t`Password`}</dt>
            <dd>{password}</dd>
          </dl>
        </section>
      )}
    </article>,
    document.body,
  );
}
