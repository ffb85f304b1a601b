/** The calls that pass through the exchange now. */
import { t } from '@lingui/core/macro';
import { PhoneOff } from 'lucide-react';
import { useState } from 'react';
import { useOfficeList } from '../../../store/use-office.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { CallRow } from './call-row.tsx';
import { callList } from './lists.ts';

export function CallsNow() {
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(callList, { descending: true, ...(wanted ? { text: wanted } : {}) });
  return (
    <>
      <div className="filters">
        <FindField label={t`Find a call`} placeholder={t`Name or number`} text={text} onChange={setText} />
      </div>
      <ListPane
        label={t`Calls now`}
        list={list}
        spec={callList}
        nothing={wanted ? t`No call matches “${wanted}”.` : undefined}
        empty={{
          icon: PhoneOff,
          title: t`Nobody is on the phone`,
          children: <p className="note">{t`Calls stand here for as long as they ring and last.`}</p>,
        }}
        row={(call) => <CallRow call={call} />}
      />
    </>
  );
}
