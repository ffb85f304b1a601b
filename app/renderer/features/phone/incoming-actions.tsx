/**
 * What may be done with a call that rings: answer, decline, decline with a text, send elsewhere. It knows no stores, so
 * that any window can show it; what it offers opens in place, since a small window has no room for a menu over it.
 */
import { t } from '@lingui/core/macro';
import { MessageSquare, Phone, PhoneForwarded } from 'lucide-react';
import { type FormEvent, useId, useMemo, useState } from 'react';
import { type Place, resolvePlace } from '../../store/places.ts';
import { MAX_REPLY } from '../../store/replies.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { PlaceField } from './place-field.tsx';

export interface IncomingCommands {
  answer(): void;
  decline(): void;
  /** Gives why not, or nothing. */
  declineWith(text: string): string | undefined;
  /** Gives why not, or nothing. */
  sendElsewhere(target: string): string | undefined;
}

export interface IncomingActionsProps {
  readonly commands: IncomingCommands;
  /** Texts to decline with; empty where nobody can be written to. */
  readonly replies: readonly string[];
  /** Where it can be sent, by what was typed. Must be the same function as long as nothing else is known. */
  readonly find: (typed: string) => readonly Place[];
}

export function IncomingActions({ commands, replies, find }: IncomingActionsProps) {
  const [open, setOpen] = useState<'message' | 'elsewhere'>();
  const id = useId();
  const toggle = (what: 'message' | 'elsewhere') => ({
    'aria-expanded': open === what,
    'aria-controls': id,
    onClick: () => setOpen(open === what ? undefined : what),
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes what was opened inside
    <div
      className="incoming"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || open === undefined) return;
        event.stopPropagation();
        setOpen(undefined);
      }}
    >
      <div className="call-actions">
        <Button kind="danger" className="hang-up" icon={Phone} onClick={() => commands.decline()}>
          {t`Decline`}
        </Button>
        <Button kind="primary" icon={Phone} onClick={() => commands.answer()}>
          {t`Answer`}
        </Button>
      </div>
      <div className="incoming-more">
        {replies.length > 0 ? (
          <Button kind="quiet" icon={MessageSquare} {...toggle('message')}>
            {t`Message…`}
          </Button>
        ) : null}
        <Button kind="quiet" icon={PhoneForwarded} {...toggle('elsewhere')}>
          {t`Send elsewhere…`}
        </Button>
      </div>
      <div id={id} hidden={open === undefined}>
        {open === 'message' ? <Replies replies={replies} send={(text) => commands.declineWith(text)} /> : null}
        {open === 'elsewhere' ? <Elsewhere find={find} send={(target) => commands.sendElsewhere(target)} /> : null}
      </div>
    </div>
  );
}

interface RepliesProps {
  readonly replies: readonly string[];
  send(text: string): string | undefined;
}

function Replies({ replies, send }: RepliesProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const own = (event: FormEvent) => {
    event.preventDefault();
    setProblem(text.trim() === '' ? t`Type a text.` : send(text.trim()));
  };
  return (
    <section className="incoming-panel" aria-label={t`Decline with a message`}>
      {replies.map((reply) => (
        <Button key={reply} className="reply" onClick={() => setProblem(send(reply))}>
          <bdi>{reply}</bdi>
        </Button>
      ))}
      <form className="incoming-form" onSubmit={own} noValidate>
        <TextField
          label={t`Own text`}
          hideLabel
          placeholder={t`Own text`}
          dir="auto"
          maxLength={MAX_REPLY}
          value={text}
          error={problem}
          onChange={({ target }) => setText(target.value)}
        />
        <Button type="submit">{t`Send and decline`}</Button>
      </form>
    </section>
  );
}

interface ElsewhereProps {
  readonly find: IncomingActionsProps['find'];
  send(target: string): string | undefined;
}

function Elsewhere({ find, send }: ElsewhereProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const places = useMemo(() => find(text), [find, text]);
  const sendTyped = (event: FormEvent) => {
    event.preventDefault();
    const to = resolvePlace(text, places);
    setProblem(to.ok ? send(to.target) : to.reason);
  };
  return (
    <section className="incoming-panel" aria-label={t`Send elsewhere`}>
      <form className="incoming-form" onSubmit={sendTyped} noValidate>
        <PlaceField
          label={t`Send to`}
          hideLabel
          text={text}
          places={places}
          problem={problem}
          onText={(typed) => {
            setText(typed);
            setProblem(undefined);
          }}
          onTake={({ target }) => setProblem(send(target))}
        />
        <Button type="submit">{t`Send`}</Button>
      </form>
    </section>
  );
}
