/** What was changed last, with the way back. */

import { t } from '@lingui/core/macro';
import { CircleCheck, Undo2, X } from 'lucide-react';
import { said } from '../../../words/said.ts';
import { useOffice, useStores } from '../../store/context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSubmit } from '../use-submit.ts';

export function DoneBar() {
  const { office } = useStores();
  const done = useOffice((state) => state.done);
  const submit = useSubmit();
  if (!done) return null;
  const { entry, words, problem } = done;
  return (
    <div className="done-bar">
      <div className="done-line">
        <CircleCheck aria-hidden="true" />
        <p role="status" aria-label={t`Done`}>
          {said(words)}
        </p>
        {entry === undefined ? null : (
          <Button
            icon={Undo2}
            disabled={submit.busy}
            onClick={() => void submit.send(() => office.getState().undo(entry))}
          >
            {t`Undo`}
          </Button>
        )}
        <IconButton icon={X} label={t`Dismiss`} onClick={() => office.getState().dismissDone()} />
      </div>
      <Problem>{problem}</Problem>
    </div>
  );
}
