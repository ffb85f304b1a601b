/** Where the calls of a user go in one case; an empty field ends it. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { HandlingInfo, UserInfo } from '../../../store/office-types.ts';
import { type ForwardCase, forwardCaseWords } from '../../../store/office-words.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';

export interface ForwardDialogProps {
  readonly user: UserInfo;
  readonly when: ForwardCase;
  readonly handling: HandlingInfo;
  onClose(): void;
}

export function ForwardDialog({ user, when, handling, onClose }: ForwardDialogProps) {
  const { office } = useStores();
  const submit = useSubmit();
  const [to, setTo] = useState(handling.forwards[when] ?? '');
  const [seconds, setSeconds] = useState(String(handling.noAnswerSeconds));
  const { number, domain } = user;
  const name = user.name || number;
  const isTimed = when === 'no-answer';

  const save = async () => {
    const target = to.trim();
    const { change } = office.getState();
    const sent = await submit.send(() =>
      target
        ? change(t`Calls to ${name} are forwarded to ${target}.`, 'forwards.set', {
            ...{ number, domain, when, to: target },
            ...(isTimed ? { seconds: Number(seconds) } : {}),
          })
        : change(t`Calls to ${name} are not forwarded any more.`, 'forwards.clear', { number, domain, when }),
    );
    if (sent) onClose();
  };

  return (
    <FormDialog
      title={`${forwardCaseWords(when, handling.noAnswerSeconds)}: ${name}`}
      action={t`Save`}
      submit={submit}
      onSubmit={save}
      onClose={onClose}
    >
      <TextField
        label={t`Forward to`}
        hint={t`A number; empty ends it`}
        value={to}
        data-autofocus=""
        onChange={(event) => setTo(event.target.value)}
      />
      {isTimed ? (
        <TextField
          label={t`After so many seconds`}
          inputMode="numeric"
          value={seconds}
          onChange={(event) => setSeconds(event.target.value)}
        />
      ) : null}
    </FormDialog>
  );
}
