/** The office at a glance: whether all is well, who is here, which calls run, and how phones find it. */
import { t } from '@lingui/core/macro';
import { useOffice, useStores } from '../../../store/context.tsx';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { CallRow } from '../calls/call-row.tsx';
import { callList } from '../calls/lists.ts';
import { HostSwitch } from '../host-switch.tsx';
import { OfficeProblem } from '../office-problem.tsx';
import { AddedUser } from '../users/added-user.tsx';
import { CourseCard } from './course-card.tsx';
import { HealthCard } from './health-card.tsx';
import { HereCard } from './here-card.tsx';
import { ServerCard } from './server-card.tsx';

/** Counting costs the exchange next to nothing. */
const EVERY_MS = 2_000;

export function OverviewPage() {
  const state = useOffice((now) => now.office);
  const stats = useOfficeAnswer('stats', {}, EVERY_MS);
  const hasUsers = stats.state === 'ready' && (stats.value.users ?? 0) > 0;
  return (
    <>
      <h1>{t`Office`}</h1>
      <AddedUser />
      {hasUsers ? <HealthCard stats={stats.value} /> : null}
      <HereCard stats={stats} />
      {hasUsers ? <CallsCard /> : null}
      {hasUsers ? <CourseCard /> : null}
      <section className="card host-card">
        <HostSwitch />
        <OfficeProblem />
        {state?.state === 'on' ? <ServerCard server={state.server} listeners={state.listeners} /> : null}
      </section>
    </>
  );
}

const MOST_CALLS = 5;

function CallsCard() {
  const { items, hasMore } = useOfficeList(callList, { descending: true });
  const { office } = useStores();
  if (items.length === 0) return null;
  return (
    <section className="card section" aria-label={t`Calls now`}>
      <div className="section-head">
        <h2>{t`Calls now`}</h2>
        <Button onClick={() => office.getState().open({ page: 'calls' })}>
          {hasMore || items.length > MOST_CALLS ? t`All calls` : t`Open`}
        </Button>
      </div>
      <ul className="user-list">
        {items.slice(0, MOST_CALLS).map((call) => (
          <li key={call.id}>
            <CallRow call={call} />
          </li>
        ))}
      </ul>
    </section>
  );
}
