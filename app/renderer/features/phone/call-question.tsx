/** What the other side of a call asks for and only the person may allow. */

import { t } from '@lingui/core/macro';
import { CircleHelp } from 'lucide-react';
import { said } from '../../../words/said.ts';
import { useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';

export function CallQuestion({ call, question }: { call: CallSnapshot; question: string }) {
  const { phone } = useStores();
  const { consent } = phone.getState();
  return (
    <section className="call-question" role="alert" aria-label={t`Question`}>
      <p>
        <CircleHelp aria-hidden="true" />
        {said(question)} {t`Call there?`}
      </p>
      <div className="call-question-actions">
        <Button onClick={() => consent(call.id, false)}>{t`No`}</Button>
        <Button onClick={() => consent(call.id, true)}>{t`Yes`}</Button>
      </div>
    </section>
  );
}
