/** Which phones are told of whom, and having that end. */
import { t } from '@lingui/core/macro';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import { watchedWords } from '../../../store/lamp-words.ts';
import type { WatcherInfo } from '../../../store/office-types.ts';
import { untilWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { IconButton } from '../../../ui/button.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { watcherList } from './lists.ts';

export function Watchers() {
  const now = useNow(true);
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(watcherList, wanted ? { text: wanted } : {});
  return (
    <>
      <p className="note">{t`Which phones are told of whom, for when a lamp stays dark or one watches too much.`}</p>
      <div className="filters">
        <FindField label={t`Find who watches`} placeholder={t`Number or device`} text={text} onChange={setText} />
      </div>
      <ListPane
        label={t`Who watches whom`}
        list={list}
        spec={watcherList}
        nothing={wanted ? t`Nobody who watches matches “${wanted}”.` : undefined}
        empty={{
          icon: EyeOff,
          title: t`Nobody watches`,
          children: <p className="note">{t`Phones with keys for colleagues, and people in Tandem, stand here.`}</p>,
        }}
        row={(watcher) => <WatcherRow watcher={watcher} now={now} />}
      />
    </>
  );
}

function WatcherRow({ watcher, now }: { readonly watcher: WatcherInfo; readonly now: number }) {
  const { office } = useStores();
  const openTask = useTask();
  const { subscriber, device, expiresAt, target } = watcher;
  const at = subscriber.lastIndexOf('@');
  const who = { number: subscriber.slice(0, at), domain: subscriber.slice(at + 1) };
  const end = () => office.getState().change(t`What ${subscriber} watched was ended.`, 'subscriptions.end', who);
  const words = [device, watchedWords(watcher), untilWords(expiresAt, now)].filter(Boolean).join(' · ');
  return (
    <div className="user-row told">
      <Eye aria-hidden="true" className="row-icon" />
      <NameAndNumber name={subscriber} number="" />
      <p className="user-devices person-state">
        <span className="user-devices-text" title={`${words} · ${target}`}>
          {words}
        </span>
      </p>
      <div className="row-actions">
        <IconButton
          icon={EyeOff}
          label={t`End what ${subscriber} watches`}
          onClick={() =>
            openTask((close) => (
              <ConfirmDialog
                title={t`End all that ${subscriber} watches?`}
                action={t`End`}
                onConfirm={end}
                onClose={close}
              >
                {t`Lamps on the phones of this user go dark until the phones ask again. Who may watch a user is said on that user’s page.`}
              </ConfirmDialog>
            ))
          }
        />
      </div>
    </div>
  );
}
