/** Text messages: the conversations, and the one that is looked at; in a small window one of the two. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { MessageSquare, MessageSquarePlus } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useMessages, usePhone, useStores } from '../../store/context.tsx';
import { searchMessages } from '../../store/message-search.ts';
import { type ConversationKey, conversationsOf } from '../../store/message-store.ts';
import { useNamer } from '../../store/use-who.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Problem } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { ConversationPane } from './conversation-pane.tsx';
import { ConversationRow, FoundRow, ROW_CLASS } from './message-rows.tsx';

export function MessagesView() {
  const { messages } = useStores();
  const all = useMessages((state) => state.messages);
  const open = useMessages((state) => state.open);
  const problem = useMessages((state) => state.problem);
  const hasAccount = usePhone((state) => state.accounts.length > 0);
  const conversations = useMemo(() => conversationsOf(all), [all]);
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed.trim());
  const nameOf = useNamer();
  const found = useMemo(() => searchMessages(all, wanted, nameOf), [all, wanted, nameOf]);
  const sought = useMessages((state) => state.sought);
  const shown = typeof open === 'object' ? open : undefined;
  // What came to it meanwhile is read now.
  useEffect(() => messages.getState().show(messages.getState().open, messages.getState().sought), [messages]);

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
          <>
            <TextField
              label={t`Find a message`}
              placeholder={t`Name, number or text`}
              hideLabel
              type="search"
              dir="auto"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
            {wanted === '' ? (
              <VirtualList
                label={t`Conversations`}
                count={conversations.length}
                rowHeight={ROW_PX}
                rowClass={ROW_CLASS}
                itemAt={(place) => conversations[place]}
                keyOf={(one) => keyOf(one)}
                row={(one) => <ConversationRow conversation={one} current={isSame(one, shown)} />}
              />
            ) : found.length === 0 ? (
              <p className="note" role="status">
                <Trans>No message matches “{wanted}”.</Trans>
              </p>
            ) : (
              <VirtualList
                key={wanted}
                label={t`Found messages`}
                count={found.length}
                rowHeight={ROW_PX}
                rowClass={ROW_CLASS}
                itemAt={(place) => found[place]}
                keyOf={({ accountId, id }) => `${accountId} ${id}`}
                row={(one) => <FoundRow message={one} current={one.id === sought && isSame(one, shown)} />}
              />
            )}
          </>
        )}
      </section>
      {open ? <ConversationPane key={keyOf(open)} open={open} /> : null}
    </div>
  );
}

const ROW_PX = 57;

const keyOf = (open: ConversationKey | 'new'): string => (open === 'new' ? open : `${open.accountId} ${open.peer}`);

const isSame = (a: ConversationKey, b: ConversationKey | undefined): boolean =>
  a.accountId === b?.accountId && a.peer === b.peer;
