/** The office on this computer: whether it runs, how phones find it, and who has a number. */
import { useEffect, useState } from 'react';
import { useOffice, useStores } from '../../store/context.tsx';
import { officeProblem } from '../../store/office-store.ts';
import { HostSwitch } from './host-switch.tsx';
import { HowItWorks } from './how-it-works.tsx';
import { OfficeProblem } from './office-problem.tsx';
import { ServerCard } from './server-card.tsx';
import { UserDialogs, type UserTask } from './user-dialogs.tsx';
import { UsersSection } from './users-section.tsx';

export function OfficeView() {
  const { office } = useStores();
  const state = useOffice((now) => now.office);
  const troubled = useOffice((now) => officeProblem(now) !== undefined);
  const [task, setTask] = useState<UserTask>();

  useEffect(() => office.getState().watchUsers(), [office]);

  return (
    <div className="page office">
      <h1>Office</h1>
      <section className="card">
        <HostSwitch />
        <OfficeProblem />
        {state?.state === 'on' ? <ServerCard server={state.server} listeners={state.listeners} /> : null}
      </section>
      {state?.state === 'on' ? <UsersSection onTask={setTask} /> : null}
      {state?.state === 'off' && !troubled ? <HowItWorks /> : null}
      {task ? <UserDialogs task={task} onClose={() => setTask(undefined)} /> : null}
    </div>
  );
}
