/** The office on this computer: whether it runs, and once it does, its pages. */
import { t } from '@lingui/core/macro';
import {
  Globe,
  House,
  Lightbulb,
  type LucideIcon,
  PhoneCall,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  Stethoscope,
  UsersRound,
} from 'lucide-react';
import { type JSX, useCallback, useState } from 'react';
import { useOffice, useStores } from '../../store/context.tsx';
import type { OfficePage } from '../../store/office-pages.ts';
import { officeProblem } from '../../store/office-store.ts';
import { CallsPage } from './calls/calls-page.tsx';
import { DiagnosisPage } from './diagnosis/diagnosis-page.tsx';
import { DomainsPage } from './domains/domains-page.tsx';
import { DoneBar } from './done-bar.tsx';
import { HostSwitch } from './host-switch.tsx';
import { HowItWorks } from './how-it-works.tsx';
import { LampsPage } from './lamps/lamps-page.tsx';
import { LogPage } from './log/log-page.tsx';
import { OfficeProblem } from './office-problem.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { SecurityPage } from './security/security-page.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { type Task, TaskProvider } from './task.tsx';
import { UsersPage } from './users/users-page.tsx';

interface Page {
  readonly page: OfficePage;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly show: () => JSX.Element;
}

/** Trunks, groups, hours and voicemail stand behind Users, each a line here. */
const pages = (): readonly Page[] => [
  { page: 'overview', name: t`Overview`, icon: House, show: OverviewPage },
  { page: 'users', name: t`Users`, icon: UsersRound, show: UsersPage },
  { page: 'calls', name: t`Calls`, icon: PhoneCall, show: CallsPage },
  { page: 'lamps', name: t`Lamps`, icon: Lightbulb, show: LampsPage },
  { page: 'security', name: t`Security`, icon: ShieldCheck, show: SecurityPage },
  { page: 'domains', name: t`Domains`, icon: Globe, show: DomainsPage },
  { page: 'settings', name: t`Settings`, icon: SlidersHorizontal, show: SettingsPage },
  { page: 'log', name: t`Changes`, icon: ScrollText, show: LogPage },
  { page: 'diagnosis', name: t`Diagnosis`, icon: Stethoscope, show: DiagnosisPage },
];

/** In a small window the pages are a strip that is longer than the window is wide. */
const showIt = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

export function OfficeView() {
  const isOn = useOffice((now) => now.office?.state === 'on');
  const isOff = useOffice((now) => now.office?.state === 'off' && officeProblem(now) === undefined);
  const [task, setTask] = useState<Task>();
  const open = useCallback((next: Task) => setTask(() => next), []);

  return (
    <TaskProvider value={open}>
      {isOn ? (
        <OfficePages />
      ) : (
        <div className="page office">
          <h1>{t`Office`}</h1>
          <section className="card">
            <HostSwitch />
            <OfficeProblem />
          </section>
          {isOff ? <HowItWorks /> : null}
        </div>
      )}
      {task?.(() => setTask(undefined))}
    </TaskProvider>
  );
}

function OfficePages() {
  const { office } = useStores();
  const current = useOffice((state) => state.place.page);
  const Content = pages().find(({ page }) => page === current)?.show ?? OverviewPage;
  return (
    <div className="office-frame">
      <nav className="office-nav" aria-label={t`Office pages`}>
        {pages().map(({ page, name, icon: Icon }) => (
          <a
            key={page}
            href={`#office-${page}`}
            className="office-nav-item"
            aria-current={page === current ? 'page' : undefined}
            ref={page === current ? showIt : undefined}
            onFocus={(event) => showIt(event.currentTarget)}
            onClick={(event) => {
              event.preventDefault();
              office.getState().open({ page });
            }}
          >
            <Icon aria-hidden="true" />
            {name}
          </a>
        ))}
      </nav>
      <DoneBar />
      <div className="office-page" key={current}>
        <Content />
      </div>
    </div>
  );
}
