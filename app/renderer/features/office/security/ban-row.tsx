/** An address that is kept out: why, for how long, and the way back in. */
import { t } from '@lingui/core/macro';
import { ShieldAlert } from 'lucide-react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { BanInfo } from '../../../store/office-types.ts';
import { untilWords } from '../../../store/office-words.ts';
import { Button } from '../../../ui/button.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';
import { WhyDialog } from '../why-dialog.tsx';

export function BanRow({ ban, now }: { readonly ban: BanInfo; readonly now: number }) {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const { address, reason, until } = ban;
  const lift = () =>
    submit.send(() => office.getState().change(t`${address} is let in again.`, 'bans.lift', { address }));
  return (
    <div className="user-row row-pressed">
      <ShieldAlert aria-hidden="true" className="row-icon" />
      <RowButton
        label={t`Why is ${address} kept out`}
        title={address}
        onClick={() => openTask((close) => <WhyDialog about={address.replace(/\/64$/, '')} onClose={close} />)}
      />
      <NameAndNumber name={address} number="" />
      <p className="user-devices">
        <span className="user-devices-text">
          {submit.problem ? said(submit.problem) : `${said(reason)} · ${untilWords(until, now)}`}
        </span>
      </p>
      <div className="row-actions">
        <Button disabled={submit.busy} aria-label={t`Let in ${address}`} onClick={() => void lift()}>
          {t`Let in`}
        </Button>
      </div>
    </div>
  );
}
