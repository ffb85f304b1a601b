/** The calls that were, newest first; each can be called again. */
import { t } from '@lingui/core/macro';
import { History, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useHistory, usePhone, useStores } from '../../store/context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { RecentRow } from './recent-row.tsx';

export function RecentView() {
  const { history } = useStores();
  const calls = useHistory((state) => state.calls);
  const hasMore = useHistory((state) => state.hasMore);
  const problem = useHistory((state) => state.problem);
  const dialProblem = usePhone((state) => state.dialProblem);
  const [clearing, setClearing] = useState(false);
  const now = useNow(false);

  useEffect(() => void history.getState().load(), [history]);

  return (
    <div className="page recent">
      <header className="recent-head">
        <h1>{t`Recent calls`}</h1>
        {calls && calls.length > 0 ? (
          <Menu label={t`More for recent calls`}>
            <MenuItem icon={Trash2} danger onSelect={() => setClearing(true)}>
              {t`Forget all…`}
            </MenuItem>
          </Menu>
        ) : null}
      </header>
      <Problem>{problem ?? dialProblem}</Problem>
      {calls?.length === 0 ? (
        <EmptyState icon={History} title={t`No calls yet`}>
          <p className="note">{t`Calls from here and to here are listed once they are over.`}</p>
        </EmptyState>
      ) : null}
      {calls && calls.length > 0 ? (
        <ul className="user-list" aria-label={t`Recent calls`}>
          {calls.map((call) => (
            <RecentRow key={call.id} call={call} now={now} />
          ))}
        </ul>
      ) : null}
      {hasMore ? <Button onClick={() => void history.getState().more()}>{t`Show older calls`}</Button> : null}
      {clearing ? (
        <ConfirmDialog
          title={t`Forget all calls?`}
          action={t`Forget all`}
          onConfirm={() => history.getState().clear()}
          onClose={() => setClearing(false)}
        >
          {t`The list of recent calls on this computer is emptied. This cannot be undone. Files of recorded calls stay.`}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
