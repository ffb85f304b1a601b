/** The field to write in: Enter sends, Shift+Enter begins a line. */

import { t } from '@lingui/core/macro';
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { said } from '../../../words/said.ts';
import { useStores } from '../../store/context.tsx';
import { MAX_WRITTEN } from '../../store/types.ts';
import { IconButton } from '../../ui/button.tsx';

export interface ComposerProps {
  /** Empty until somebody is named. */
  readonly target: string;
  readonly accountId: string | undefined;
}

export function Composer({ target, accountId }: ComposerProps) {
  const { messages } = useStores();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const isEmpty = text.trim() === '';

  const send = () => {
    if (isEmpty) return;
    if (target === '') {
      setProblem(t`Type the number to write to.`);
      return;
    }
    const refused = messages.getState().send(target, text.trim(), accountId);
    setProblem(refused);
    if (refused === undefined) setText('');
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="composer-row">
        <textarea
          className="composer-text"
          aria-label={t`Message`}
          placeholder={t`Message`}
          aria-describedby={problem ? id : undefined}
          aria-invalid={problem ? true : undefined}
          maxLength={MAX_WRITTEN}
          rows={1}
          dir="auto"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={pressed}
        />
        <IconButton icon={SendHorizontal} label={t`Send`} type="submit" disabled={isEmpty} />
      </div>
      {problem ? (
        <p id={id} className="field-error" role="alert">
          {said(problem)}
        </p>
      ) : null}
    </form>
  );
}
