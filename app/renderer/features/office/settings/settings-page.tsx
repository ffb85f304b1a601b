/** The settings of the exchange, each with what it is for and what usually holds; in effect at once. */
import { t } from '@lingui/core/macro';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import type { ListSpec } from '../../../store/office-list.ts';
import type { SettingInfo } from '../../../store/office-types.ts';
import { valueWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { RowButton } from '../../../ui/row-button.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { BackupCard } from './backup-card.tsx';
import { SettingDialog } from './setting-dialog.tsx';

const settingList: ListSpec<'settings.list'> = { method: 'settings.list', keyOf: ({ name }) => name };

export function SettingsPage() {
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(settingList, wanted ? { text: wanted } : {});
  return (
    <>
      <h1>{t`Settings of the exchange`}</h1>
      <BackupCard />
      <div className="filters">
        <FindField label={t`Find a setting`} text={text} onChange={setText} />
      </div>
      <ListPane
        label={t`Settings`}
        list={list}
        spec={settingList}
        withPage
        nothing={wanted ? t`No setting matches “${wanted}”.` : undefined}
        empty={{ icon: SlidersHorizontal, title: t`No settings`, children: null }}
        row={(setting) => <SettingRow setting={setting} />}
      />
    </>
  );
}

function SettingRow({ setting }: { readonly setting: SettingInfo }) {
  const openTask = useTask();
  const { name, what, value, usual, unit, source } = setting;
  return (
    <div className="user-row row-pressed setting-row" data-own={source === 'default' ? undefined : ''}>
      <RowButton
        label={t`Change ${said(what)}`}
        onClick={() => openTask((close) => <SettingDialog setting={setting} onClose={close} />)}
      />
      <div className="setting-words">
        <p>{said(what)}</p>
        <p className="note setting-name">{name}</p>
      </div>
      <p className="user-devices setting-value">
        <strong>{valueWords(value, unit)}</strong>
        {source === 'default' ? null : <span>{t`usually ${valueWords(usual, unit)}`}</span>}
      </p>
    </div>
  );
}
