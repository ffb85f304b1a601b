/** The frame around the pages: who is signed in, where one may go, the page, and what the line does. */
import { plural, t } from '@lingui/core/macro';
import {
  Building2,
  CircleAlert,
  History,
  type LucideIcon,
  MessageSquare,
  Phone,
  Settings,
  UsersRound,
} from 'lucide-react';
import { useId } from 'react';
import { useHistory, useMessages, useOffice, useSound, useStores, useView } from '../../store/context.tsx';
import { unreadOf } from '../../store/message-store.ts';
import { officeProblem } from '../../store/office-store.ts';
import type { View } from '../../store/view-store.ts';
import { AccountBar } from '../account/account-bar.tsx';
import { MessagesView } from '../messages/messages-view.tsx';
import { OfficeView } from '../office/office-view.tsx';
import { PeopleView } from '../people/people-view.tsx';
import { PhoneView } from '../phone/phone-view.tsx';
import { RecentView } from '../recent/recent-view.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { EchoDialog } from '../sound/echo-dialog.tsx';
import { SoundSettingsDialog } from '../sound/sound-settings-dialog.tsx';
import { CallNews } from './call-news.tsx';
import { LineBar } from './line-bar.tsx';
import { useKeys } from './use-keys.ts';

interface Page {
  readonly view: View;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly show: () => React.JSX.Element;
}

/** In the order of the keys Ctrl+1, Ctrl+2 … */
const VIEWS: readonly View[] = ['phone', 'recent', 'people', 'messages', 'office'];

/** In the same order. */
const pages = (): readonly Page[] => [
  { view: 'phone', name: t`Phone`, icon: Phone, show: PhoneView },
  { view: 'recent', name: t`Recent`, icon: History, show: RecentView },
  { view: 'people', name: t`People`, icon: UsersRound, show: PeopleView },
  { view: 'messages', name: t`Messages`, icon: MessageSquare, show: MessagesView },
  { view: 'office', name: t`Office`, icon: Building2, show: OfficeView },
  { view: 'settings', name: t`Settings`, icon: Settings, show: SettingsView },
];

export function Shell() {
  const view = useView((state) => state.view);
  const { view: views } = useStores();
  const dialog = useSound((state) => state.dialog);
  useKeys(VIEWS);
  const troubled: Partial<Record<View, boolean>> = { office: useOffice((state) => officeProblem(state) !== undefined) };
  const unread = useMessages((state) => unreadOf(state.messages));
  const missed = useHistory((state) => state.missed);
  const counts: Partial<Record<View, Count>> = {
    recent: { number: missed, words: plural(missed, { one: '# missed call', other: '# missed calls' }) },
    messages: { number: unread, words: t`${unread} unread` },
  };
  const Content = pages().find((page) => page.view === view)?.show ?? PhoneView;

  return (
    <div className="shell">
      <AccountBar />
      <nav className="nav" aria-label={t`Pages`}>
        {pages().map((page, index) => (
          <NavItem
            key={page.view}
            page={page}
            keys={`Control+${index + 1}`}
            current={page.view === view}
            troubled={troubled[page.view] === true}
            count={counts[page.view]}
            onOpen={() => views.getState().show(page.view)}
          />
        ))}
      </nav>
      <main className="main" key={view}>
        <Content />
      </main>
      <LineBar />
      <CallNews />
      {dialog === 'devices' ? <SoundSettingsDialog /> : null}
      {dialog === 'echo' ? <EchoDialog /> : null}
    </div>
  );
}

/** What waits on a page. */
interface Count {
  readonly number: number;
  readonly words: string;
}

interface NavItemProps {
  readonly page: Page;
  readonly keys: string;
  readonly current: boolean;
  /** Something on that page needs attention. */
  readonly troubled: boolean;
  readonly count: Count | undefined;
  onOpen(): void;
}

function NavItem({ page: { view, name, icon: Icon }, keys, current, troubled, count, onOpen }: NavItemProps) {
  const unread = count?.number ?? 0;
  const id = useId();
  return (
    <>
      <a
        href={`#${view}`}
        className="nav-item"
        data-view={view}
        aria-current={current ? 'page' : undefined}
        aria-keyshortcuts={keys}
        aria-describedby={troubled || unread > 0 ? id : undefined}
        onClick={(event) => {
          event.preventDefault();
          onOpen();
        }}
      >
        <Icon aria-hidden="true" />
        {name}
        {unread > 0 ? (
          <span className="nav-count" aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        ) : null}
        {troubled ? <CircleAlert aria-hidden="true" className="nav-mark" /> : null}
      </a>
      {troubled || unread > 0 ? (
        <span id={id} hidden>
          {troubled ? t`${name}, needs attention` : count?.words}
        </span>
      ) : null}
    </>
  );
}
