/** The calls of the office: those that run, those that were, and the messages of one. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useOffice } from '../../../store/context.tsx';
import { Button } from '../../../ui/button.tsx';
import { LadderPage } from '../ladder/ladder-page.tsx';
import { CallsNow } from './calls-now.tsx';
import { CallsPast } from './calls-past.tsx';

export function CallsPage() {
  const callId = useOffice(({ place }) => (place.page === 'calls' ? place.callId : undefined));
  return callId === undefined ? <AllCalls /> : <LadderPage key={callId} callId={callId} />;
}

function AllCalls() {
  const failed = useOffice(({ place }) => place.page === 'calls' && place.failed === true);
  const [which, setWhich] = useState<'now' | 'past'>(failed ? 'past' : 'now');
  return (
    <>
      <header className="users-head">
        <h1>{t`Calls`}</h1>
        <fieldset className="choice" aria-label={t`Which calls`}>
          <Button aria-pressed={which === 'now'} onClick={() => setWhich('now')}>
            {t`Now`}
          </Button>
          <Button aria-pressed={which === 'past'} onClick={() => setWhich('past')}>
            {t`Past`}
          </Button>
        </fieldset>
      </header>
      {which === 'now' ? <CallsNow /> : <CallsPast failed={failed} />}
    </>
  );
}
