/** The calls of the office: those that run, those that were, and the messages of one. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useOffice } from '../../../store/context.tsx';
import { LadderPage } from '../ladder/ladder-page.tsx';
import { PageParts } from '../page-parts.tsx';
import { CallsKept } from './calls-kept.tsx';
import { CallsNow } from './calls-now.tsx';
import { CallsPast } from './calls-past.tsx';

export function CallsPage() {
  const callId = useOffice(({ place }) => (place.page === 'calls' ? place.callId : undefined));
  return callId === undefined ? <AllCalls /> : <LadderPage key={callId} callId={callId} />;
}

function AllCalls() {
  const failed = useOffice(({ place }) => place.page === 'calls' && place.failed === true);
  const [which, setWhich] = useState<'now' | 'past' | 'kept'>(failed ? 'past' : 'now');
  return (
    <>
      <header className="users-head">
        <h1>{t`Calls`}</h1>
        <PageParts<'now' | 'past' | 'kept'>
          label={t`Which calls`}
          parts={[
            ['now', t`Now`],
            ['past', t`Past`],
            ['kept', t`Keeping`],
          ]}
          shown={which}
          onShow={setWhich}
        />
      </header>
      {which === 'now' ? <CallsNow /> : which === 'past' ? <CallsPast failed={failed} /> : <CallsKept />}
    </>
  );
}
