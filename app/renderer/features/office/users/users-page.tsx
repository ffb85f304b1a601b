/** The users of the office: the list with its search and order, or one of them. */
import { UserPlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useOffice } from '../../../store/context.tsx';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { AddUserDialog } from './add-user-dialog.tsx';
import { AddedUser } from './added-user.tsx';
import { userList } from './lists.ts';
import { UserPage } from './user-page.tsx';
import { UserRow } from './user-row.tsx';

export function UsersPage() {
  const place = useOffice((state) => state.place);
  const user = place.page === 'users' ? place.user : undefined;
  if (user) return <UserPage key={`${user.number}@${user.domain}`} who={user} />;
  return <UserListPage unregistered={place.page === 'users' && place.unregistered === true} />;
}

const WHICH = [
  ['all', 'All'],
  ['yes', 'With a phone registered'],
  ['no', 'Without a phone'],
] as const;
const ORDER = [
  ['number', 'By number'],
  ['name', 'By name'],
  ['created', 'Latest first'],
] as const;

function UserListPage({ unregistered }: { readonly unregistered: boolean }) {
  const openTask = useTask();
  const [text, setText] = useState('');
  const [which, setWhich] = useState<(typeof WHICH)[number][0]>(unregistered ? 'no' : 'all');
  const [sort, setSort] = useState<(typeof ORDER)[number][0]>('number');
  const wanted = text.trim();
  const list = useOfficeList(userList, {
    sort,
    ...(sort === 'created' ? { descending: true } : {}),
    ...(wanted ? { text: wanted } : {}),
    ...(which === 'all' ? {} : { registered: which === 'yes' }),
  });
  const status = useOfficeAnswer('status', {});
  const severalDomains = status.state === 'ready' && status.value.domains.length > 1;
  const add = () => openTask((close) => <AddUserDialog onClose={close} />);

  return (
    <>
      <header className="users-head">
        <h1>Users</h1>
        <Button kind="primary" icon={UserPlus} onClick={add}>
          Add user
        </Button>
      </header>
      <AddedUser />
      <div className="filters">
        <TextField
          label="Find a user"
          placeholder="Name, number or alias"
          hideLabel
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Select label="Which" value={which} choices={WHICH} hideLabel onChange={(next) => setWhich(next)} />
        <Select label="Order" value={sort} choices={ORDER} hideLabel onChange={(next) => setSort(next)} />
      </div>
      <ListPane
        label="Users"
        list={list}
        spec={userList}
        nothing={wanted ? `Nobody here matches “${wanted}”.` : which === 'all' ? undefined : 'Nobody.'}
        empty={{
          icon: UsersRound,
          title: 'No users yet',
          children: <p className="note">Add one for yourself, then one for each colleague.</p>,
        }}
        row={(user) => <UserRow user={user} showDomain={severalDomains} />}
      />
    </>
  );
}
