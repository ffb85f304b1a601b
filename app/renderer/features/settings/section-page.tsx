/** One section of the settings: its panels one after the other, and the way to the setting that was looked for. */
import { t } from '@lingui/core/macro';
import { UserRoundPlus, UserRoundX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useProfile } from '../../store/context.tsx';
import { profileOf } from '../../store/profile-store.ts';
import type { Account } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Select } from '../../ui/select.tsx';
import { AccountDialog } from '../account/account-dialog.tsx';
import type { Panel, Section } from './panel.ts';
import { panels } from './panels.tsx';
import { showControl } from './show-control.ts';

export interface Sought {
  readonly panel: string;
  readonly control: string | undefined;
}

const NONE: readonly Account[] = [];

export function SectionPage({ section, sought }: { readonly section: Section; readonly sought: Sought | undefined }) {
  const accounts = useProfile((state) => profileOf(state)?.accounts ?? NONE);
  const [chosen, setChosen] = useState('');
  const account = accounts.find(({ id }) => id === chosen) ?? accounts[0];
  const shown = panels().filter((panel) => panel.section === section.id);
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const panel = page.current?.querySelector<HTMLElement>(`[data-panel="${sought?.panel ?? ''}"]`);
    if (panel) showControl(panel, sought?.control);
  }, [sought]);

  return (
    <div className="settings-section" ref={page}>
      <h2 className="settings-title">{section.name}</h2>
      {section.id === 'accounts' && accounts.length > 1 && account ? (
        <Select
          label={t`Settings of`}
          value={account.id}
          choices={accounts.map(({ id, number, server }) => [id, t`${number} at ${server}`] as const)}
          onChange={setChosen}
        />
      ) : null}
      {section.id === 'accounts' && account === undefined ? <NoAccount /> : null}
      {shown.map((panel) => (
        <PanelCard key={`${panel.id} ${account?.id ?? ''}`} panel={panel} account={account} />
      ))}
    </div>
  );
}

function PanelCard({ panel, account }: { readonly panel: Panel; readonly account: Account | undefined }) {
  const content = contentOf(panel, account);
  if (content === null) return null;
  const titleId = `settings-panel-${panel.id}`;
  return (
    <section className="card settings-panel" aria-labelledby={titleId} data-panel={panel.id}>
      <h3 id={titleId} tabIndex={-1}>
        {panel.name}
      </h3>
      {content}
    </section>
  );
}

function contentOf(panel: Panel, account: Account | undefined) {
  if ('show' in panel) {
    const Content = panel.show;
    return <Content />;
  }
  if (account === undefined) return null;
  const Content = panel.showOf;
  return <Content account={account} />;
}

function NoAccount() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <EmptyState icon={UserRoundX} title={t`No account is signed in.`}>
        <Button icon={UserRoundPlus} onClick={() => setAdding(true)}>
          {t`Add account…`}
        </Button>
      </EmptyState>
      {adding ? <AccountDialog onClose={() => setAdding(false)} /> : null}
    </>
  );
}
