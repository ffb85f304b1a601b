/** The office at a glance: whether it is on, how phones find it, and how it is. */
import { t } from '@lingui/core/macro';
import { useOffice } from '../../../store/context.tsx';
import { HostSwitch } from '../host-switch.tsx';
import { OfficeProblem } from '../office-problem.tsx';
import { AddedUser } from '../users/added-user.tsx';
import { HereCard } from './here-card.tsx';
import { ServerCard } from './server-card.tsx';

export function OverviewPage() {
  const state = useOffice((now) => now.office);
  return (
    <>
      <h1>{t`Office`}</h1>
      <AddedUser />
      <HereCard />
      <section className="card host-card">
        <HostSwitch />
        <OfficeProblem />
        {state?.state === 'on' ? <ServerCard server={state.server} listeners={state.listeners} /> : null}
      </section>
    </>
  );
}
