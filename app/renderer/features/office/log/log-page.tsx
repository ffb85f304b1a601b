/** Who changed what, as differences that can be read, each with the way back. */
import { t } from '@lingui/core/macro';
import { ScrollText, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { ListSpec } from '../../../store/office-list.ts';
import type { AuditInfo, Difference } from '../../../store/office-types.ts';
import { actionWords, fieldWords } from '../../../store/office-words.ts';
import { dayOf } from '../../../store/typed-day.ts';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useSubmit } from '../../use-submit.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';

const auditList: ListSpec<'audit.list'> = {
  method: 'audit.list',
  keyOf: ({ id }) => String(id),
  newestFirst: true,
};

export function LogPage() {
  const now = useNow(false);
  const [text, setText] = useState('');
  const [day, setDay] = useState('');
  const wanted = text.trim();
  const since = dayOf(day);
  const list = useOfficeList(auditList, {
    descending: true,
    ...(wanted ? { text: wanted } : {}),
    ...(since === undefined ? {} : { since }),
  });
  return (
    <>
      <h1>{t`Changes`}</h1>
      <div className="filters">
        <FindField label={t`Find a change`} placeholder={t`Who, what or whom`} text={text} onChange={setText} />
        <TextField
          label={t`Since`}
          hideLabel
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
      </div>
      <ListPane
        label={t`Changes`}
        list={list}
        spec={auditList}
        rowHeight={88}
        nothing={
          wanted ? t`No change matches “${wanted}”.` : since === undefined ? undefined : t`Nothing was changed since.`
        }
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
  const openTask = useTask();
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
      {more > 0 ? (
        <Button
          className="entry-more"
          aria-label={t`Show all that changed: ${title}`}
          onClick={() => openTask((close) => <EntryDialog {...{ id, title }} onClose={close} />)}
        >
          {t`and ${more} more…`}
        </Button>
      ) : null}
    </div>
  );
}

/** All that one entry changed, of which a list shows the beginning. */
function EntryDialog({ id, title, onClose }: { readonly id: number; readonly title: string; onClose(): void }) {
  const whole = useOfficeAnswer('audit.show', { id });
  return (
    <Dialog title={title} onClose={onClose}>
      {whole.state === 'loading' ? <p className="note">{t`Loading`}</p> : null}
      {whole.state === 'failed' ? <p className="note">{said(whole.reason)}</p> : null}
      {whole.state === 'ready' ? (
        <div className="entry-whole">
          {whole.value.changes.map((change) => (
            <Change key={`${change.kind} ${change.key}`} change={change} alone={false} />
          ))}
          {whole.value.more > 0 ? <p className="note">{t`and ${whole.value.more} more`}</p> : null}
        </div>
      ) : null}
    </Dialog>
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
