/** The rules of who may see whose lamp, as far as any were set. */
import { t } from '@lingui/core/macro';
import { ScanEye } from 'lucide-react';
import { useState } from 'react';
import type { WatchRule } from '../../../store/office-types.ts';
import { watcherWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { RuleDialog } from '../rule-dialog.tsx';
import { useTask } from '../task.tsx';
import { ruleList } from './lists.ts';

export function LampRules() {
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(ruleList, wanted ? { text: wanted } : {});
  return (
    <>
      <p className="note">
        {t`Where nothing else is said, everyone of a domain sees the lamps in it. A rule is made on the page of a user or of a domain.`}
      </p>
      <div className="filters">
        <FindField label={t`Find a rule`} placeholder={t`Number or domain`} text={text} onChange={setText} />
      </div>
      <ListPane
        label={t`Rules of who may see lamps`}
        list={list}
        spec={ruleList}
        nothing={wanted ? t`No rule matches “${wanted}”.` : undefined}
        empty={{
          icon: ScanEye,
          title: t`No rules were set`,
          children: <p className="note">{t`Everyone sees the lamps of the own domain.`}</p>,
        }}
        row={(rule) => <RuleRow rule={rule} />}
      />
    </>
  );
}

function RuleRow({ rule }: { readonly rule: WatchRule }) {
  const openTask = useTask();
  const { number, domain, watchers, listed, details } = rule;
  const name = number === undefined ? domain : `${number}@${domain}`;
  const owner = { domain, name, ...(number === undefined ? {} : { number }) };
  const words = [
    ...(number === undefined ? [t`All users of the domain`] : []),
    watchers === 'listed' ? listed.join(', ') : watcherWords(watchers),
    ...(details ? [t`With whom they talk is shown`] : []),
  ].join(' · ');
  return (
    <div className="user-row told row-pressed">
      <ScanEye aria-hidden="true" className="row-icon" />
      <RowButton
        label={t`Change who may see the lamp of ${name}`}
        title={name}
        onClick={() => openTask((close) => <RuleDialog {...{ owner, rule }} onClose={close} />)}
      />
      <NameAndNumber name={name} number="" />
      <p className="user-devices person-state">
        <span className="user-devices-text" title={words}>
          {words}
        </span>
      </p>
    </div>
  );
}
