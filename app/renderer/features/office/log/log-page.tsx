/** Who changed what, as differences that can be read, each with the way back. */
import { t } from '@lingui/core/macro';
import { ScrollText, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { ListSpec } from '../../../store/office-list.ts';
import type { AuditInfo, Difference } from '../../../store/office-types.ts';
import { actionWords, fieldWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useSubmit } from '../../use-submit.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';

const auditList: ListSpec<'audit.list'> = {
  method: 'audit.list',
  keyOf: ({ id }) => String(id),
  newestFirst: true,
};

export function LogPage() {
  const now = useNow(false);
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(auditList, { descending: true, ...(wanted ? { text: wanted } : {}) });
  return (
    <>
      <h1>{t`Changes`}</h1>
      <div className="filters">
        <FindField label={t`Find a change`} placeholder={t`Who, what or whom`} text={text} onChange={setText} />
      </div>
      <ListPane
        label={t`Changes`}
        list={list}
        spec={auditList}
        rowHeight={88}
        nothing={wanted ? t`No change matches “${wanted}”.` : undefined}
        empty={{
          icon: ScrollText,
          title: t`Nothing was changed yet`,
          children: <p className="note">{t`Each change is written down here, whoever makes it.`}</p>,
        }}
        row={(entry) => <Entry entry={entry} now={now} />}
      />
    </>
  );
}

function Entry({ entry, now }: { readonly entry: AuditInfo; readonly now: number }) {
  const { office } = useStores();
  const submit = useSubmit();
  const { id, at, by, action, subject, changes, more, undoes, undoneBy } = entry;
  const title = [actionWords(action), subject].filter(Boolean).join(': ');
  return (
    <div className="entry">
      <div className="entry-head">
        <p className="user-name">{undoes === undefined ? title : t`Undone: ${title}`}</p>
        {undoneBy === undefined && changes.length > 0 ? (
          <Button
            icon={Undo2}
            disabled={submit.busy}
            aria-label={t`Undo ${title}`}
            onClick={() => void submit.send(() => office.getState().undo(id))}
          >
            {t`Undo`}
          </Button>
        ) : null}
      </div>
      <p className="note">
        {dayAndTime(at, now)} · {by}
        {undoneBy === undefined ? '' : ` · ${t`taken back`}`}
      </p>
      <Problem>{submit.problem}</Problem>
      {changes.map((change) => (
        <Change key={`${change.kind} ${change.key}`} change={change} alone={changes.length === 1} />
      ))}
      {more > 0 ? <p className="note">{t`and ${more} more`}</p> : null}
    </div>
  );
}

function Change({ change, alone }: { readonly change: Difference; readonly alone: boolean }) {
  return (
    <>
      {alone ? null : <p className="note">{change.key}</p>}
      <dl className="difference">
        {change.fields.map(({ field, before, after }) => (
          <div key={field}>
            <dt>{fieldWords(field)}</dt>
            <dd>
              {before === undefined && after === undefined ? t`changed` : null}
              {before ? <del>{before}</del> : null}
              {before && after ? ' → ' : null}
              {after ? <ins>{after}</ins> : null}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
