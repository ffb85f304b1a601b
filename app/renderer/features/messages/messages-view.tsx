/** Text messages: the conversations, and the one that is looked at; in a small window one of the two. */
import { t } from '@lingui/core/macro';
import { MessageSquare, MessageSquarePlus } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useMessages, usePhone, useStores } from '../../store/context.tsx';
import { type Conversation, type ConversationKey, conversationsOf } from '../../store/message-store.ts';
import { useNameOf } from '../../store/use-who.ts';
import { messageTime } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RowButton } from '../../ui/row-button.tsx';
import { ConversationPane } from './conversation-pane.tsx';

export function MessagesView() {
  const { messages } = useStores();
  const all = useMessages((state) => state.messages);
  const open = useMessages((state) => state.open);
  const problem = useMessages((state) => state.problem);
  const hasAccount = usePhone((state) => state.accounts.length > 0);
  const conversations = useMemo(() => conversationsOf(all), [all]);
  const shown = typeof open === 'object' ? open : undefined;
  // What came to it meanwhile is read now.
  useEffect(() => messages.getState().show(messages.getState().open), [messages]);

  return (
    <div className="messages" data-open={open ? '' : undefined}>
      <section className="messages-list" aria-label={t`Conversations`}>
        <header className="people-head">
          <h1>{t`Messages`}</h1>
          {hasAccount && conversations.length > 0 ? (
            <Button kind="primary" icon={MessageSquarePlus} onClick={() => messages.getState().show('new')}>
              {t`Write`}
            </Button>
          ) : null}
        </header>
        <Problem>{problem}</Problem>
        {conversations.length === 0 ? (
          <EmptyState icon={MessageSquare} title={t`No messages yet`}>
            <p className="note">{hasAccount ? t`Write to any number that takes text messages.` : t`Sign in first.`}</p>
            {hasAccount ? (
              <Button kind="primary" icon={MessageSquarePlus} onClick={() => messages.getState().show('new')}>
                {t`Write`}
              </Button>
            ) : null}
          </EmptyState>
        ) : (
          <ul className="user-list">
            {conversations.map((one) => (
              <Row key={`${one.accountId} ${one.peer}`} conversation={one} current={isSame(one, shown)} />
            ))}
          </ul>
        )}
      </section>
      {open ? <ConversationPane key={keyOf(open)} open={open} /> : null}
    </div>
  );
}

const keyOf = (open: ConversationKey | 'new'): string => (open === 'new' ? open : `${open.accountId} ${open.peer}`);

const isSame = (a: ConversationKey, b: ConversationKey | undefined): boolean =>
  a.accountId === b?.accountId && a.peer === b.peer;

function Row({ conversation, current }: { readonly conversation: Conversation; readonly current: boolean }) {
  const { messages } = useStores();
  const { accountId, peer, name, last, unread } = conversation;
  const known = usePhone((state) => state.people.find((one) => one.accountId === accountId && one.number === peer));
  const title = useNameOf(peer) || known?.name || name || peer;
  return (
    <li className="conversation-row row-pressed">
      <RowButton
        label={unread > 0 ? t`${title}, ${unread} unread` : title}
        title={title}
        current={current}
        onClick={() => messages.getState().show({ accountId, peer })}
      />
      <Avatar name={title === peer ? '' : title} />
      <span className="conversation-words">
        <span className="user-name" dir="auto" title={title}>
          {title}
        </span>
        <span className="conversation-last" dir="auto">
          {last.direction === 'out' ? t`You: ${last.text}` : last.text}
        </span>
      </span>
      <span className="conversation-end">
        <time className="conversation-time">{messageTime(last.at, Date.now(), 'little')}</time>
        {unread > 0 ? <span className="unread">{unread}</span> : null}
      </span>
    </li>
  );
}
