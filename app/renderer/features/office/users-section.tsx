/** The users of the office: the list, finding, adding, and what may be done with each. */
import { RefreshCw, UserPlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useOffice, useStores } from '../../store/context.tsx';
import { plain } from '../../store/dial-preview.ts';
import type { OfficeUser } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { AddedUser } from './added-user.tsx';
import type { UserTask } from './user-dialogs.tsx';
import { UserRow } from './user-row.tsx';

/** From so many users on there is a field to find one. */
const FIND_FROM = 9;

interface UsersSectionProps {
  /** Must be the same function at every rendering: a row is not drawn again for another one. */
  onTask(task: UserTask): void;
}

export function UsersSection({ onTask }: UsersSectionProps) {
  const { office } = useStores();
  const users = useOffice((state) => state.users);
  const [wanted, setWanted] = useState('');
  const list = users.state === 'ready' ? users.list : [];

  return (
    <section className="users" aria-label="Users" aria-busy={users.state === 'loading'}>
      <header className="users-head">
        <h2>Users {list.length > 0 ? <span className="count">{list.length}</span> : null}</h2>
        {list.length >= FIND_FROM ? (
          <TextField
            className="users-find"
            label="Find a user"
            placeholder="Find a user"
            hideLabel
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        ) : null}
        <Button kind="primary" icon={UserPlus} onClick={() => onTask({ what: 'add' })}>
          Add user
        </Button>
      </header>
      <AddedUser />
      {users.state === 'loading' ? <Loading /> : null}
      {users.state === 'failed' ? (
        <Banner
          kind="danger"
          actions={
            <Button icon={RefreshCw} onClick={() => void office.getState().refreshUsers()}>
              Try again
            </Button>
          }
        >
          The users could not be read. {users.reason}
        </Banner>
      ) : null}
      {users.state === 'ready' && list.length === 0 ? (
        <EmptyState icon={UsersRound} title="No users yet">
          <p className="note">Add one for yourself, then one for each colleague.</p>
        </EmptyState>
      ) : null}
      {list.length > 0 ? (
        <UserList list={list} wanted={list.length >= FIND_FROM ? wanted : ''} onTask={onTask} />
      ) : null}
    </section>
  );
}

interface UserListProps extends UsersSectionProps {
  readonly list: readonly OfficeUser[];
  readonly wanted: string;
}

function UserList({ list, wanted, onTask }: UserListProps) {
  const severalDomains = new Set(list.map((user) => user.domain)).size > 1;
  const words = plain(wanted);
  const found = words ? list.filter((user) => plain(`${user.name} ${user.number}`).includes(words)) : list;
  if (found.length === 0) return <p className="note">Nobody here matches “{wanted}”.</p>;
  return (
    <ul className="user-list">
      {found.map((user) => (
        <UserRow key={`${user.number}@${user.domain}`} user={user} showDomain={severalDomains} onTask={onTask} />
      ))}
    </ul>
  );
}

function Loading() {
  return (
    <ul className="user-list" aria-label="Loading">
      {[1, 2, 3].map((row) => (
        <li key={row} className="user-row user-row-loading" />
      ))}
    </ul>
  );
}
