/** Messages that wait for any user who is away; what they say is shown only to whoever asks for it. */
import { t } from '@lingui/core/macro';
import { MailCheck, MessageSquareText, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { KeptMessage } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useSubmit } from '../../use-submit.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { KeptMessageDialog } from '../users/kept-message-dialog.tsx';
import { keptList } from '../users/lists.ts';

/** Each message is a row. */
const everyMessage: typeof keptList = { ...keptList, keyOf: ({ id }) => String(id) };

export function Waiting() {
  const [text, setText] = useState('');
  const now = useNow(false);
  const wanted = text.trim();
  const list = useOfficeList(keptList, wanted ? { text: wanted } : {});
  return (
    <>
      <p className="note">{t`Text messages that are handed over as soon as a phone of their reader registers.`}</p>
      <div className="filters">
        <FindField label={t`Find a kept message`} placeholder={t`From or for whom`} text={text} onChange={setText} />
      </div>
      <ListPane
        label={t`Kept messages`}
        list={list}
        spec={everyMessage}
        nothing={wanted ? t`No kept message matches “${wanted}”.` : undefined}
        empty={{
          icon: MailCheck,
          title: t`No message waits`,
          children: <p className="note">{t`Everybody has been given what was sent to them.`}</p>,
        }}
        row={(message) => <WaitingRow message={message} now={now} />}
      />
    </>
  );
}

function WaitingRow({ message, now }: { readonly message: KeptMessage; readonly now: number }) {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const { id, sender, recipient, receivedAt } = message;
  const remove = () =>
    submit.send(() => office.getState().change(t`A kept message was thrown away.`, 'messages.remove', { id }));
  return (
    <div className="user-row told">
      <MessageSquareText aria-hidden="true" className="row-icon" />
      <NameAndNumber name={`${sender} → ${recipient}`} number="" />
      <p className="user-devices person-state">
        <span className="user-devices-text">{submit.problem ? said(submit.problem) : dayAndTime(receivedAt, now)}</span>
      </p>
      <div className="row-actions">
        <Button
          aria-label={t`Read the message from ${sender}`}
          onClick={() => openTask((close) => <KeptMessageDialog message={message} onClose={close} />)}
        >
          {t`Read…`}
        </Button>
        <IconButton
          icon={Trash2}
          label={t`Throw the message from ${sender} away`}
          disabled={submit.busy}
          onClick={() => void remove()}
        />
      </div>
    </div>
  );
}
