/** Who is here: users and phones in figures, each leading to the list behind it. */
import { t } from '@lingui/core/macro';
import { UserPlus, UsersRound } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import { numbers } from '../../../store/notation.ts';
import type { AnswerView } from '../../../store/office-answer.ts';
import type { OfficePlace } from '../../../store/office-pages.ts';
import type { Stats } from '../../../store/office-types.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useTask } from '../task.tsx';
import { AddUserDialog } from '../users/add-user-dialog.tsx';

export function HereCard({ stats }: { readonly stats: AnswerView<Stats> }) {
  const openTask = useTask();
  const add = () => openTask((close) => <AddUserDialog onClose={close} />);
  if (stats.state === 'failed') return <Problem>{stats.reason}</Problem>;
  if (stats.state === 'loading')
    return (
      <section className="card figures" aria-busy="true" aria-label={t`Who is here`}>
        {[1, 2, 3, 4].map((place) => (
          <span key={place} className="figure" />
        ))}
      </section>
    );
  const button = (
    <Button kind="primary" icon={UserPlus} onClick={add}>
      {t`Add user`}
    </Button>
  );
  const { users = 0, registrations = 0, calls = 0, bans = 0 } = stats.value;
  return (
    <section className="card section" aria-label={t`Who is here`}>
      {users === 0 ? (
        <EmptyState icon={UsersRound} title={t`No users yet`}>
          <p className="note">{t`Add one for yourself, then one for each colleague.`}</p>
          {button}
        </EmptyState>
      ) : (
        <div className="figures">
          <Figure count={users} words={t`Users`} to={{ page: 'users' }} />
          <Figure count={registrations} words={t`Phones registered`} to={{ page: 'users' }} />
          <Figure count={calls} words={t`Calls now`} to={{ page: 'calls' }} />
          <Figure count={bans} words={t`Addresses kept out`} to={{ page: 'security' }} />
        </div>
      )}
      {users === 0 ? null : <div>{button}</div>}
    </section>
  );
}

function Figure({ count, words, to }: { readonly count: number; readonly words: string; readonly to: OfficePlace }) {
  const { office } = useStores();
  return (
    <button type="button" className="figure" onClick={() => office.getState().open(to)}>
      <span className="figure-count">{numbers({}).format(count)}</span>
      <span className="figure-words">{words}</span>
    </button>
  );
}
