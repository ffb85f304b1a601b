/** The networks against which nothing is held. */
import { t } from '@lingui/core/macro';
import { Monitor, Plus, ShieldCheck } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import type { NetworkInfo } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useSubmit } from '../../use-submit.ts';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { networkList } from './lists.ts';
import { TrustDialog } from './trust-dialog.tsx';

export function NetworkList() {
  const openTask = useTask();
  const now = useNow(false);
  const list = useOfficeList(networkList, {});
  return (
    <>
      <div className="section-head">
        <p className="note">{t`Nothing is ever held against addresses in these networks, nor against this computer.`}</p>
        <Button icon={Plus} onClick={() => openTask((close) => <TrustDialog onClose={close} />)}>
          {t`Trust a network…`}
        </Button>
      </div>
      <ListPane
        label={t`Trusted networks`}
        list={list}
        spec={networkList}
        nothing={undefined}
        empty={{
          icon: Monitor,
          title: t`Only this computer is trusted`,
          children: (
            <p className="note">
              {t`Trust the office’s own network where a phone with a wrong password shall not lock the others out.`}
            </p>
          ),
        }}
        row={(network) => <NetworkRow network={network} now={now} />}
      />
    </>
  );
}

function NetworkRow({
  network: { network, source, addedAt },
  now,
}: {
  readonly network: NetworkInfo;
  readonly now: number;
}) {
  const { office } = useStores();
  const submit = useSubmit();
  const remove = () =>
    submit.send(() => office.getState().change(t`${network} is no longer trusted.`, 'trust.remove', { network }));
  return (
    <div className="user-row">
      <ShieldCheck aria-hidden="true" className="row-icon" />
      <NameAndNumber name={network} number="" />
      <div className="user-devices">
        {source === 'kept' ? (
          <span className="user-devices-text">{t`since ${dayAndTime(addedAt, now)}`}</span>
        ) : (
          <span className="user-devices-text">{t`The command that started the exchange says so`}</span>
        )}
        <Problem>{submit.problem}</Problem>
      </div>
      {source === 'kept' ? (
        <div className="row-actions">
          <Button disabled={submit.busy} aria-label={t`Remove ${network}`} onClick={() => void remove()}>
            {t`Remove`}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
