/** The users of the office: the list with its search and order, or one of them. */
import { t } from '@lingui/core/macro';
import { UserPlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useOffice } from '../../../store/context.tsx';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/select.tsx';
import { DomainSelect } from '../domain-select.tsx';
import { FindField } from '../find-field.tsx';
import { useKeptPage } from '../kept-page.ts';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { AddUserDialog } from './add-user-dialog.tsx';
import { AddedUser } from './added-user.tsx';
import { userList } from './lists.ts';
import { UserFileMenu } from './user-file-menu.tsx';
import { UserPage } from './user-page.tsx';
import { UserRow } from './user-row.tsx';

export function UsersPage() {
  const place = useOffice((state) => state.place);
  const user = place.page === 'users' ? place.user : undefined;
  const unregistered = place.page === 'users' && place.unregistered === true;
  const list = useKeptPage(user === undefined);
  return (
    <>
      {list.wasShown ? (
        <div className="office-kept" ref={list.ref} hidden={user !== undefined}>
          <UserListPage unregistered={unregistered} />
        </div>
      ) : null}
      {user ? <UserPage key={`${user.number}@${user.domain}`} who={user} /> : null}
    </>
  );
}

const choicesOfWhich = () =>
  [
    ['all', t`All`],
    ['yes', t`With a phone registered`],
    ['no', t`Without a phone`],
    ['admins', t`Administrators`],
  ] as const;
const orders = () =>
  [
    ['number', t`By number`],
    ['name', t`By name`],
    ['created', t`Latest first`],
  ] as const;

function UserListPage({ unregistered }: { readonly unregistered: boolean }) {
  const openTask = useTask();
  const [text, setText] = useState('');
  const [which, setWhich] = useState<ReturnType<typeof choicesOfWhich>[number][0]>(unregistered ? 'no' : 'all');
  const [domain, setDomain] = useState('');
  const [sort, setSort] = useState<ReturnType<typeof orders>[number][0]>('number');
  const wanted = text.trim();
  const list = useOfficeList(userList, {
    sort,
    ...(sort === 'created' ? { descending: true } : {}),
    ...(wanted ? { text: wanted } : {}),
    ...(which === 'all' ? {} : which === 'admins' ? { isAdmin: true } : { registered: which === 'yes' }),
    ...(domain ? { domain } : {}),
  });
  const status = useOfficeAnswer('status', {});
  const severalDomains = status.state === 'ready' && status.value.domains.length > 1;
  const add = () => openTask((close) => <AddUserDialog onClose={close} />);

  return (
    <>
      <header className="users-head">
        <h1>{t`Users`}</h1>
        <div className="users-head-actions">
          <Button kind="primary" icon={UserPlus} onClick={add}>
            {t`Add user`}
          </Button>
          <UserFileMenu />
        </div>
      </header>
      <AddedUser />
      <div className="filters">
        <FindField label={t`Find a user`} placeholder={t`Name, number or alias`} text={text} onChange={setText} />
        <Select
          label={t`Which`}
          value={which}
          choices={choicesOfWhich()}
          hideLabel
          onChange={(next) => setWhich(next)}
        />
        <DomainSelect domain={domain} onChange={setDomain} />
        <Select label={t`Order`} value={sort} choices={orders()} hideLabel onChange={(next) => setSort(next)} />
      </div>
      <ListPane
        label={t`Users`}
        list={list}
        spec={userList}
        nothing={wanted ? t`Nobody here matches “${wanted}”.` : which === 'all' && !domain ? undefined : t`Nobody.`}
        empty={{
          icon: UsersRound,
          title: t`No users yet`,
          children: <p className="note">{t`Add one for yourself, then one for each colleague.`}</p>,
        }}
        row={(user) => <UserRow user={user} showDomain={severalDomains} />}
      />
    </>
  );
}
