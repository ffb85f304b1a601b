/** The office on this computer: whether it runs, how phones find it, and who has a number. */
import { RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useOffice, useStores } from '../../store/context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { HostSwitch } from './host-switch.tsx';
import { HowItWorks } from './how-it-works.tsx';
import { ServerCard } from './server-card.tsx';
import { UsersSection } from './users-section.tsx';

export function OfficeView() {
  const { office } = useStores();
  const state = useOffice((now) => now.office);
  const problem = useOffice((now) => now.problem);
  const reason = state?.state === 'failed' ? state.reason : problem;

  useEffect(() => office.getState().watchUsers(), [office]);

  return (
    <div className="page office">
      <h1>Office</h1>
      <section className="card">
        <HostSwitch />
        {reason ? (
          <Banner
            kind="danger"
            urgent
            actions={
              state?.state === 'on' ? undefined : (
                <Button icon={RefreshCw} onClick={() => void office.getState().start()}>
                  Try again
                </Button>
              )
            }
          >
            {reason}
          </Banner>
        ) : null}
        {state?.state === 'on' ? <ServerCard server={state.server} listeners={state.listeners} /> : null}
      </section>
      {state?.state === 'on' ? <UsersSection /> : null}
      {state?.state === 'off' && !reason ? <HowItWorks /> : null}
    </div>
  );
}
