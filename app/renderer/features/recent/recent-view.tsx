/** The calls that were, newest first: found by name or number, filtered, called again, removed and brought back. */
import { t } from '@lingui/core/macro';
import { History, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useDesktop, useHistory, usePhone, useStores } from '../../store/context.tsx';
import { callAt, EVERY_CALL } from '../../store/history-store.ts';
import type { ContactEdit } from '../../store/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Problem } from '../../ui/problem.tsx';
import { UndoBanner } from '../../ui/undo-banner.tsx';
import { useNow } from '../../ui/use-now.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { ContactDialog } from '../people/contact-dialog.tsx';
import { RecentFilter } from './recent-filter.tsx';
import { RecentRow } from './recent-row.tsx';

const ROW_PX = 57;

export function RecentView() {
  const { history } = useStores();
  const filter = useHistory((state) => state.filter);
  const total = useHistory((state) => state.total);
  const pages = useHistory((state) => state.pages);
  const missed = useHistory((state) => state.missed);
  const undoable = useHistory((state) => state.undoable);
  const problem = useHistory((state) => state.problem);
  const dialProblem = usePhone((state) => state.dialProblem);
  const [adding, setAdding] = useState<ContactEdit>();
  const isLooking = useDesktop((state) => state.window.focused);
  const now = useNow(false);
  const shown = useCallback((first: number, last: number) => history.getState().show(first, last), [history]);

  useEffect(() => void history.getState().load(), [history]);
  useEffect(() => {
    if (missed > 0 && isLooking) void history.getState().seen();
  }, [history, missed, isLooking]);

  const isFiltered = filter.kind !== 'all' || filter.accountId !== '' || filter.text !== '';
  return (
    <div className="page recent">
      <header className="recent-head">
        <h1>{t`Recent calls`}</h1>
        {total !== undefined && total > 0 && !isFiltered ? (
          <Menu label={t`More for recent calls`}>
            <MenuItem icon={Trash2} danger onSelect={() => void history.getState().remove(null)}>
              {t`Remove all`}
            </MenuItem>
          </Menu>
        ) : null}
      </header>
      {isFiltered || (total ?? 0) > 0 ? <RecentFilter /> : null}
      <Problem>{problem ?? dialProblem}</Problem>
      {undoable ? (
        <UndoBanner
          words={undoable.words}
          onUndo={() => void history.getState().undo()}
          onClose={() => history.getState().settle()}
        />
      ) : null}
      {total === 0 && !isFiltered && problem === undefined ? (
        <EmptyState icon={History} title={t`No calls yet`}>
          <p className="note">{t`Calls from here and to here are listed once they are over.`}</p>
        </EmptyState>
      ) : null}
      {total === 0 && isFiltered ? (
        <p className="note" role="status">
          {t`No call matches.`}
        </p>
      ) : null}
      {total !== undefined && total > 0 ? (
        <VirtualList
          key={JSON.stringify(filter === EVERY_CALL ? null : filter)}
          label={t`Recent calls`}
          count={total}
          rowHeight={ROW_PX}
          itemAt={(place) => callAt({ pages }, place)}
          keyOf={({ id }) => id}
          row={(call) => <RecentRow call={call} now={now} onAdd={setAdding} />}
          onShown={shown}
        />
      ) : null}
      {adding ? <ContactDialog contact={adding} onClose={() => setAdding(undefined)} /> : null}
    </div>
  );
}
