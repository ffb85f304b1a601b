/** The frame around the pages: who is signed in, where one may go, the page, and what the line does. */
import { Building2, type LucideIcon, Phone } from 'lucide-react';
import { useEffect } from 'react';
import { useStores, useView } from '../../store/context.tsx';
import type { View } from '../../store/view-store.ts';
import { AccountBar } from '../account/account-bar.tsx';
import { OfficeView } from '../office/office-view.tsx';
import { PhoneView } from '../phone/phone-view.tsx';
import { LineBar } from './line-bar.tsx';

interface Page {
  readonly view: View;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly show: () => React.JSX.Element;
}

/** In the order of the keys Ctrl+1, Ctrl+2 … */
const PAGES: readonly Page[] = [
  { view: 'phone', name: 'Phone', icon: Phone, show: PhoneView },
  { view: 'office', name: 'Office', icon: Building2, show: OfficeView },
];

export function Shell() {
  const view = useView((state) => state.view);
  const { view: views } = useStores();
  usePageKeys();
  const Content = PAGES.find((page) => page.view === view)?.show ?? PhoneView;

  return (
    <div className="shell">
      <AccountBar />
      <nav className="nav" aria-label="Pages">
        {PAGES.map(({ view: page, name, icon: Icon }, index) => (
          <a
            key={page}
            href={`#${page}`}
            className="nav-item"
            aria-current={page === view ? 'page' : undefined}
            aria-keyshortcuts={`Control+${index + 1}`}
            onClick={(event) => {
              event.preventDefault();
              views.getState().show(page);
            }}
          >
            <Icon aria-hidden="true" />
            {name}
          </a>
        ))}
      </nav>
      <main className="main" key={view}>
        <Content />
      </main>
      <LineBar />
    </div>
  );
}

/** Ctrl (or ⌘) and a number opens the page of that place. */
function usePageKeys(): void {
  const { view } = useStores();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const page = PAGES[Number(event.key) - 1];
      if (!page) return;
      event.preventDefault();
      view.getState().show(page.view);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [view]);
}
