/** Messages that wait for a user who is away. What they say is shown only to whoever asks for it. */
import { t } from '@lingui/core/macro';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { UserInfo } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';
import { KeptMessageDialog } from './kept-message-dialog.tsx';
import { keptList } from './lists.ts';

/** Nothing where nothing waits. */
export function KeptSection({ user: { number, domain } }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const [now] = useState(() => Date.now());
  const list = useOfficeList(keptList, { number, domain });
  if (list.items.length === 0) return null;
  const remove = (id: number) =>
    submit.send(() => office.getState().change(t`A kept message was thrown away.`, 'messages.remove', { id }));
  const removeAll = () =>
    office.getState().change(t`The kept messages were thrown away.`, 'messages.remove', { number, domain });
  return (
    <section className="card section" aria-label={t`Kept messages`}>
      <div className="section-head">
        <h2>{t`Kept messages`}</h2>
        {list.items.length > 1 ? (
          <Button
            icon={Trash2}
            onClick={() =>
              openTask((close) => (
                <ConfirmDialog
                  title={t`Throw all these messages away?`}
                  action={t`Throw away`}
                  onConfirm={removeAll}
                  onClose={close}
                >
                  {t`Nobody reads them any more, and who sent them is not told.`}
                </ConfirmDialog>
              ))
            }
          >
            {t`Throw all away…`}
          </Button>
        ) : null}
      </div>
      <p className="note">{t`They are handed over when a phone of this user registers.`}</p>
      <Problem>{submit.problem}</Problem>
      <ul className="plain-rows">
        {list.items.map((message) => (
          <li key={message.id} className="plain-row">
            <div>
              <p dir="auto">{t`From ${message.sender}`}</p>
              <p className="note">{dayAndTime(message.receivedAt, now)}</p>
            </div>
            <div className="user-card-actions">
              <Button onClick={() => openTask((close) => <KeptMessageDialog message={message} onClose={close} />)}>
                {t`Read…`}
              </Button>
              <IconButton
                icon={Trash2}
                label={t`Throw the message from ${message.sender} away`}
                onClick={() => void remove(message.id)}
              />
            </div>
          </li>
        ))}
      </ul>
      {list.hasMore ? <Button onClick={() => list.more()}>{t`Show more`}</Button> : null}
    </section>
  );
}
