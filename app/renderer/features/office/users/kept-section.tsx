/** Messages that wait for a user who is away. What they say is shown only to whoever asks for it. */
import { t } from '@lingui/core/macro';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { ListSpec } from '../../../store/office-list.ts';
import type { KeptMessage, UserInfo } from '../../../store/office-types.ts';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';

const keptList: ListSpec<'messages.list'> = {
  method: 'messages.list',
  keyOf: ({ recipient }) => recipient,
  grouped: true,
};

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
  return (
    <section className="card section" aria-label={t`Kept messages`}>
      <h2>{t`Kept messages`}</h2>
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
              <Button onClick={() => openTask((close) => <MessageDialog message={message} onClose={close} />)}>
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

function MessageDialog({ message, onClose }: { readonly message: KeptMessage; onClose(): void }) {
  const whole = useOfficeAnswer('messages.show', { id: message.id, body: true });
  return (
    <Dialog title={t`From ${message.sender}`} onClose={onClose}>
      {whole.state === 'loading' ? <p className="note">{t`Loading`}</p> : null}
      {whole.state === 'failed' ? <p className="note">{said(whole.reason)}</p> : null}
      {whole.state === 'ready' ? (
        <p dir="auto" className="kept-text">
          {whole.value.body}
        </p>
      ) : null}
    </Dialog>
  );
}
