/** A code just made: to be read out, shown as a picture, sent as a link or printed. It is seen only now. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { FileDown, Printer } from 'lucide-react';
import { useState } from 'react';
import { useOffice, useStores } from '../../../store/context.tsx';
import { joinLink } from '../../../store/joining-store.ts';
import type { NewInvite } from '../../../store/office-types.ts';
import { generatePassword } from '../../../store/password.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { QrCode } from '../../../ui/qr-code.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useSubmit } from '../../use-submit.ts';
import { addressesOf } from '../addresses.ts';
import { JoinSheet } from './join-sheet.tsx';

export function JoinCode({ invite }: { readonly invite: NewInvite }) {
  const { office: officeStore } = useStores();
  const office = useOffice((state) => state.office);
  const now = useNow(false);
  const submit = useSubmit();
  const [desk, setDesk] = useState<{ readonly password: string; readonly isShown: boolean }>();
  if (office?.state !== 'on') return null;
  const { code, number, domain, expiresAt } = invite;
  const server = addressesOf(office.listeners).others[0] ?? office.server;
  const link = joinLink(code, server);
  const print = (as: 'paper' | 'pdf') => submit.send(() => officeStore.getState().print(as, `Tandem ${number}.pdf`));
  const turnDesk = async (isShown: boolean) => {
    if (desk !== undefined) return setDesk({ ...desk, isShown });
    const password = generatePassword();
    const device = { number, domain, label: t`Desk phone ${code.slice(0, 3)}`, password };
    const words = t`A desk phone may register as ${number}.`;
    if (await submit.send(() => officeStore.getState().change(words, 'devices.add', device))) {
      setDesk({ password, isShown });
    }
  };
  const until = dayAndTime(expiresAt, now);
  return (
    <div className="join-code">
      <div className="join-code-top">
        <div>
          <p className="join-code-letters">
            <output aria-label={t`Code`}>{code}</output>
            <CopyButton text={code} label={t`Copy the code`} />
          </p>
          <p className="note">
            <Trans>In Tandem this code is all they type. It works once, until {until}, and is shown only now.</Trans>
          </p>
        </div>
        <QrCode text={link} label={t`The code and the address of the office`} />
      </div>
      <Problem>{submit.problem}</Problem>
      <div className="join-code-actions">
        <Button icon={Printer} disabled={submit.busy} onClick={() => void print('paper')}>
          {t`Print…`}
        </Button>
        <Button icon={FileDown} disabled={submit.busy} onClick={() => void print('pdf')}>
          {t`Save as PDF…`}
        </Button>
        <CopyButton text={link} label={t`Copy link`} words />
      </div>
      <Switch
        label={t`Print what a desk phone asks for, too`}
        hint={t`Server, number and a password of its own`}
        checked={desk?.isShown === true}
        onChange={(on) => void turnDesk(on)}
      />
      <JoinSheet invite={invite} server={server} link={link} password={desk?.isShown ? desk.password : undefined} />
    </div>
  );
}
