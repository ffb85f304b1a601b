/** The addresses that are kept out. */
import { t } from '@lingui/core/macro';
import { Plus, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { ListSpec } from '../../../store/office-list.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { AddBanDialog } from './add-ban-dialog.tsx';
import { BanRow } from './ban-row.tsx';

const banList: ListSpec<'bans.list'> = { method: 'bans.list', keyOf: ({ address }) => address };

export function BanList() {
  const openTask = useTask();
  const now = useNow(true);
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(banList, { sort: 'since', descending: true, ...(wanted ? { text: wanted } : {}) });
  return (
    <>
      <div className="filters">
        <FindField label={t`Find an address`} placeholder={t`Address or reason`} text={text} onChange={setText} />
        <Button icon={Plus} onClick={() => openTask((close) => <AddBanDialog onClose={close} />)}>
          {t`Keep an address out…`}
        </Button>
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
