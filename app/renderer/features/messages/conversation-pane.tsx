/** One conversation: what was written, what became of it, and the field to write in. */
import { t } from '@lingui/core/macro';
import { ArrowLeft, Phone, RotateCcw, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useMessages, usePhone, useStores } from '../../store/context.tsx';
import { type ConversationKey, messagesIn, nameIn } from '../../store/message-store.ts';
import type { OutgoingMessage, TextMessage } from '../../store/types.ts';
import { useNameOf } from '../../store/use-who.ts';
import { accountLabel, fateWords, messageTime } from '../../store/words.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useIsWide } from '../../ui/use-is-wide.ts';
import { Composer } from './composer.tsx';

/** px of the window from which on the list stands beside it. */
const WIDE = 900;

export function ConversationPane({ open }: { readonly open: ConversationKey | 'new' }) {
  const { messages } = useStores();
  const [to, setTo] = useState('');
  const Title = useTitle();
  const back = () => messages.getState().show(undefined);
  return (
    <section className="conversation" aria-label={t`Conversation`}>
      <header className="conversation-head">
        <IconButton icon={ArrowLeft} label={t`Back to all messages`} className="conversation-back" onClick={back} />
        {open === 'new' ? (
          <>
            <Title className="visually-hidden">{t`Write`}</Title>
            <TextField
              label={t`To`}
              hideLabel
              placeholder={t`Number or address`}
              className="conversation-to"
              data-autofocus=""
              dir="auto"
              value={to}
              onChange={(event) => setTo(event.target.value)}
            />
          </>
        ) : (
          <Head conversation={open} />
        )}
      </header>
      {open === 'new' ? <div className="conversation-messages" /> : <Written conversation={open} />}
      <Composer
        target={open === 'new' ? to.trim() : open.peer}
        accountId={open === 'new' ? undefined : open.accountId}
      />
    </section>
  );
}

/** In a small window it stands alone. */
const useTitle = () => (useIsWide(WIDE) ? 'h2' : 'h1');

function Head({ conversation }: { readonly conversation: ConversationKey }) {
  const { messages, phone, view } = useStores();
  const { accountId, peer } = conversation;
  const name = useMessages((state) => nameIn(state.messages, conversation));
  const known = usePhone((state) => state.people.find((one) => one.accountId === accountId && one.number === peer));
  const accounts = usePhone((state) => state.accounts);
  const account = accounts.find(({ id }) => id === accountId);
  const Title = useTitle();
  const title = useNameOf(peer) || known?.name || name || peer;
  const call = () => {
    if (phone.getState().call(peer, accountId)) view.getState().show('phone');
  };
  return (
    <>
      <div className="conversation-title">
        <Title dir="auto" title={title}>
          {title}
        </Title>
        {title !== peer || accounts.length > 1 ? (
          <p className="user-number">
            {title === peer ? '' : peer}
            {account && accounts.length > 1 ? ` ${t`by ${accountLabel(account, accounts)}`}` : ''}
          </p>
        ) : null}
      </div>
      <IconButton icon={Phone} label={t`Call ${title}`} onClick={call} />
      <Menu label={t`More for ${title}`}>
        <MenuItem icon={Trash2} danger onSelect={() => void messages.getState().forget(conversation)}>
          {t`Delete conversation`}
        </MenuItem>
      </Menu>
    </>
  );
}

function Written({ conversation }: { readonly conversation: ConversationKey }) {
  const all = useMessages((state) => state.messages);
  const shown = useMemo(() => messagesIn(all, conversation), [all, conversation]);
  const end = useRef<HTMLLIElement>(null);
  const count = shown.length;
  const sought = useMessages((state) => state.sought);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what moves the view
  useEffect(() => {
    const found = end.current?.parentElement?.querySelector('[data-sought]');
    if (found) found.scrollIntoView?.({ block: 'center' });
    else end.current?.scrollIntoView?.({ block: 'end' });
  }, [count, sought]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
    <div className="conversation-messages" role="log" aria-label={t`Messages`} tabIndex={0}>
      <ol className="bubbles">
        {shown.map((message) => (
          <Bubble key={message.id} message={message} sought={message.id === sought} />
        ))}
        <li ref={end} aria-hidden="true" />
      </ol>
    </div>
  );
}

function Bubble({ message, sought }: { readonly message: TextMessage; readonly sought: boolean }) {
  const failed = message.direction === 'out' && message.state === 'failed';
  return (
    <li className="bubble-row" data-direction={message.direction} data-sought={sought ? '' : undefined}>
      <p className="bubble" dir="auto">
        {message.text}
      </p>
      <p className="bubble-fate" data-failed={failed ? '' : undefined}>
        {messageTime(message.at, Date.now())}
        {message.direction === 'out' ? ` · ${fateWords(message)}` : null}
      </p>
      {failed ? <Retry message={message} /> : null}
    </li>
  );
}

function Retry({ message }: { readonly message: OutgoingMessage }) {
  const { messages } = useStores();
  return (
    <Button icon={RotateCcw} className="bubble-retry" onClick={() => messages.getState().retry(message)}>
      {t`Send again`}
    </Button>
  );
}
