/** Lists of users that a phone watches with one subscription: added, changed and removed. */
import { t } from '@lingui/core/macro';
import { ListTree, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { WatchList } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { useSubmit } from '../../use-submit.ts';
import { DomainSelect } from '../domain-select.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { ListDialog } from './list-dialog.tsx';
import { watchLists } from './lists.ts';

export function WatchLists() {
  const openTask = useTask();
  const [text, setText] = useState('');
  const [domain, setDomain] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(watchLists, { ...(wanted ? { text: wanted } : {}), ...(domain ? { domain } : {}) });
  return (
    <>
      <p className="note">
        {t`A phone that is given the name of a list shows the lamps of all its members. The list all-users is there by itself.`}
      </p>
      <div className="filters">
        <FindField label={t`Find a list`} placeholder={t`Name or member`} text={text} onChange={setText} />
        <DomainSelect domain={domain} onChange={setDomain} />
        <Button icon={Plus} onClick={() => openTask((close) => <ListDialog onClose={close} />)}>
          {t`Add list…`}
        </Button>
      </div>
      <ListPane
        label={t`Lists to watch`}
        list={list}
        spec={watchLists}
        nothing={wanted ? t`No list matches “${wanted}”.` : undefined}
        empty={{
          icon: ListTree,
          title: t`No lists yet`,
          children: <p className="note">{t`Such as one for sales, so that its members are on one key module.`}</p>,
        }}
        row={(one) => <ListRow list={one} />}
      />
    </>
  );
}

function ListRow({ list }: { readonly list: WatchList }) {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const { name, domain, members } = list;
  const remove = () =>
    submit.send(() => office.getState().change(t`The list ${name} was removed.`, 'lists.remove', { name, domain }));
  const whom = members.map((member) => member.slice(0, member.lastIndexOf('@'))).join(', ');
  return (
    <div className="user-row">
      <ListTree aria-hidden="true" className="row-icon" />
      <NameAndNumber name={name} number={domain} />
      <p className="user-devices person-state">
        <span className="user-devices-text" title={whom}>
          {submit.problem ? said(submit.problem) : whom}
        </span>
      </p>
      <div className="row-actions">
        <IconButton
          icon={Pencil}
          label={t`Change the list ${name}`}
          onClick={() => openTask((close) => <ListDialog list={list} onClose={close} />)}
        />
        <IconButton
          icon={Trash2}
          label={t`Remove the list ${name}`}
          disabled={submit.busy}
          onClick={() => void remove()}
        />
      </div>
    </div>
  );
}
