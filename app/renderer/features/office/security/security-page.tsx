/** Who is kept out and why, who is trusted, and the question why somebody was refused. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Ban, Plus, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { ListSpec } from '../../../store/office-list.ts';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { WhyDialog } from '../why-dialog.tsx';
import { AddBanDialog } from './add-ban-dialog.tsx';
import { BanRow } from './ban-row.tsx';

const banList: ListSpec<'bans.list'> = { method: 'bans.list', keyOf: ({ address }) => address };

export function SecurityPage() {
  const openTask = useTask();
  const now = useNow(true);
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(banList, { sort: 'since', descending: true, ...(wanted ? { text: wanted } : {}) });

  return (
    <>
      <header className="users-head">
        <h1>{t`Security`}</h1>
        <Button icon={Plus} onClick={() => openTask((close) => <AddBanDialog onClose={close} />)}>
          {t`Keep an address out…`}
        </Button>
      </header>
      <AskWhy />
      <Trusted />
      <div className="filters">
        <FindField label={t`Find an address`} placeholder={t`Address or reason`} text={text} onChange={setText} />
      </div>
      <ListPane
        label={t`Addresses kept out`}
        list={list}
        spec={banList}
        nothing={wanted ? t`No address matches “${wanted}”.` : undefined}
        empty={{
          icon: ShieldCheck,
          title: t`Nobody is kept out`,
          children: (
            <p className="note">{t`Addresses that guess passwords or flood the exchange are kept out by themselves.`}</p>
          ),
        }}
        row={(ban) => <BanRow ban={ban} now={now} />}
      />
    </>
  );
}

/** The exchange tells of a call, a number or an address what went wrong. */
function AskWhy() {
  const openTask = useTask();
  const [about, setAbout] = useState('');
  const asked = about.trim();
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (asked) openTask((close) => <WhyDialog about={asked} onClose={close} />);
      }}
    >
      <TextField
        label={t`Why was somebody refused?`}
        placeholder={t`A number, an address or a Call-ID`}
        value={about}
        onChange={(event) => setAbout(event.target.value)}
        end={
          <Button type="submit" className="field-button" icon={Ban}>
            {t`Ask why`}
          </Button>
        }
      />
    </form>
  );
}

function Trusted() {
  const status = useOfficeAnswer('status', {});
  if (status.state !== 'ready') return null;
  const networks = [t`this computer`, ...(status.value.trusted ?? [])].join(', ');
  return (
    <p className="note">
      <Trans>
        Never held to account: {networks}. More networks are trusted with <code>tandem serve --trust</code>.
      </Trans>
    </p>
  );
}
