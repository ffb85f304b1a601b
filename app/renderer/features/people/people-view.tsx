/** The people whose lamps are watched: how each is, and what may be done with him. */
import { UserRoundPlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { usePhone, useProfile } from '../../store/context.tsx';
import { callingAccount } from '../../store/phone-store.ts';
import { profileOf } from '../../store/profile-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Problem } from '../../ui/problem.tsx';
import { MailboxNotice } from '../phone/mailbox-notice.tsx';
import { PersonRow } from './person-row.tsx';
import { WatchDialog } from './watch-dialog.tsx';

export function PeopleView() {
  const people = usePhone((state) => state.people);
  const problem = usePhone((state) => state.dialProblem);
  const accounts = useProfile((state) => profileOf(state)?.accounts);
  const calling = usePhone((state) => callingAccount(state)?.id);
  const [adding, setAdding] = useState(false);
  const account = accounts?.find(({ id }) => id === calling) ?? accounts?.[0];

  return (
    <div className="page people">
      <header className="people-head">
        <h1>People</h1>
        {account && people.length > 0 ? (
          <Button kind="primary" icon={UserRoundPlus} onClick={() => setAdding(true)}>
            Watch somebody
          </Button>
        ) : null}
      </header>
      <MailboxNotice />
      <Problem>{problem}</Problem>
      {people.length === 0 ? (
        <EmptyState icon={UsersRound} title="Nobody is watched">
          <p className="note">
            {account
              ? 'See here who is available or in a call, and take a call that rings at a colleague’s phone.'
              : 'Sign in first.'}
          </p>
          {account ? (
            <Button kind="primary" icon={UserRoundPlus} onClick={() => setAdding(true)}>
              Watch somebody
            </Button>
          ) : null}
        </EmptyState>
      ) : (
        <ul className="user-list" aria-label="People who are watched">
          {people.map((person) => (
            <PersonRow
              key={`${person.accountId} ${person.target}`}
              person={person}
              account={accounts?.find(({ id }) => id === person.accountId)}
            />
          ))}
        </ul>
      )}
      {adding && account ? <WatchDialog account={account} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}
