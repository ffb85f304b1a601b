/** How the lamp of each user is now, as phones and colleagues see it. */
import { t } from '@lingui/core/macro';
import { UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import { lampWords } from '../../../store/lamp-words.ts';
import type { LampInfo } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { DomainSelect } from '../domain-select.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { lampList } from './lists.ts';

export function LampsNow() {
  const [text, setText] = useState('');
  const [domain, setDomain] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(lampList, { ...(wanted ? { text: wanted } : {}), ...(domain ? { domain } : {}) });
  return (
    <>
      <p className="note">{t`What phones with keys for colleagues, and the people in Tandem, see of each user.`}</p>
      <div className="filters">
        <FindField label={t`Find a lamp`} placeholder={t`Name or number`} text={text} onChange={setText} />
        <DomainSelect domain={domain} onChange={setDomain} />
      </div>
      <ListPane
        label={t`Lamps now`}
        list={list}
        spec={lampList}
        nothing={wanted ? t`Nobody here matches “${wanted}”.` : domain ? t`Nobody.` : undefined}
        empty={{
          icon: UsersRound,
          title: t`No users yet`,
          children: <p className="note">{t`Add one for yourself, then one for each colleague.`}</p>,
        }}
        row={(lamp) => <LampRow lamp={lamp} />}
      />
    </>
  );
}

function LampRow({ lamp }: { readonly lamp: LampInfo }) {
  const { office } = useStores();
  const { number, domain, name, state } = lamp;
  const shown = name || number;
  const words = lampWords(lamp);
  return (
    <div className="user-row row-pressed">
      <Avatar name={name} />
      <RowButton
        label={t`Open ${shown}`}
        title={shown}
        onClick={() => office.getState().open({ page: 'users', user: { number, domain } })}
      />
      <NameAndNumber name={shown} number={number} />
      <p className="user-devices person-state" data-state={state}>
        <span className="dot" aria-hidden="true" />
        <span className="user-devices-text" title={words}>
          {words}
        </span>
      </p>
    </div>
  );
}
