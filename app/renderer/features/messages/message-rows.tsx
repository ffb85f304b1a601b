/** A conversation, and a message that was looked for, as rows of a list. */
import { t } from '@lingui/core/macro';
import { usePhone, useStores } from '../../store/context.tsx';
import type { Conversation, ConversationKey } from '../../store/message-store.ts';
import type { TextMessage } from '../../store/types.ts';
import { useNameOf } from '../../store/use-who.ts';
import { messageTime } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { RowButton } from '../../ui/row-button.tsx';

export const ROW_CLASS = 'conversation-row row-pressed';

/** The name of the other side, or its number. */
function useTitle({ accountId, peer }: ConversationKey, name: string): string {
  const known = usePhone((state) => state.people.find((one) => one.accountId === accountId && one.number === peer));
  return useNameOf(peer) || known?.name || name || peer;
}

export function ConversationRow({ conversation, current }: { conversation: Conversation; current: boolean }) {
  const { messages } = useStores();
  const { accountId, peer, name, last, unread } = conversation;
  const title = useTitle(conversation, name);
  return (
    <>
      <RowButton
        label={unread > 0 ? t`${title}, ${unread} unread` : title}
        title={title}
        current={current}
        onClick={() => messages.getState().show({ accountId, peer })}
      />
      <Words title={title} peer={peer} message={last} />
      <span className="conversation-end">
        <time className="conversation-time">{messageTime(last.at, Date.now(), 'little')}</time>
        {unread > 0 ? <span className="unread">{unread}</span> : null}
      </span>
    </>
  );
}

export function FoundRow({ message, current }: { message: TextMessage; current: boolean }) {
  const { messages } = useStores();
  const { id, accountId, peer, at, text } = message;
  const title = useTitle(message, message.direction === 'in' ? message.name : '');
  const time = messageTime(at, Date.now());
  return (
    <>
      <RowButton
        label={`${title}, ${time}: ${text}`}
        title={title}
        current={current}
        onClick={() => messages.getState().show({ accountId, peer }, id)}
      />
      <Words title={title} peer={peer} message={message} />
      <span className="conversation-end">
        <time className="conversation-time">{messageTime(at, Date.now(), 'little')}</time>
      </span>
    </>
  );
}

function Words({ title, peer, message }: { title: string; peer: string; message: TextMessage }) {
  return (
    <>
      <Avatar name={title === peer ? '' : title} />
      <span className="conversation-words">
        <span className="user-name" dir="auto" title={title}>
          {title}
        </span>
        <span className="conversation-last" dir="auto">
          {message.direction === 'out' ? t`You: ${message.text}` : message.text}
        </span>
      </span>
    </>
  );
}
