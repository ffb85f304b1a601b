/** Whose calls go elsewhere, or to nobody: forwards and do not disturb of all users. */
import { t } from '@lingui/core/macro';
import { PhoneForwarded } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { HandlingInfo } from '../../../store/office-types.ts';
import { FORWARD_CASES, forwardCaseWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { handlingList } from '../users/lists.ts';

export function Forwards() {
  const [text, setText] = useState('');
  const [isQuiet, setQuiet] = useState(false);
  const wanted = text.trim();
  const list = useOfficeList(handlingList, {
    ...(wanted ? { text: wanted } : {}),
    ...(isQuiet ? { doNotDisturb: true } : {}),
  });
  return (
    <>
      <p className="note">{t`Whose calls go elsewhere, or ring nowhere, because somebody wanted it so.`}</p>
      <div className="filters">
        <FindField label={t`Find a forward`} placeholder={t`Number`} text={text} onChange={setText} />
      </div>
      <Switch label={t`Only do not disturb`} checked={isQuiet} onChange={setQuiet} />
      <ListPane
        label={t`Forwards`}
        list={list}
        spec={handlingList}
        nothing={wanted || isQuiet ? t`Nobody.` : undefined}
        empty={{
          icon: PhoneForwarded,
          title: t`All calls go where they are dialled`,
          children: <p className="note">{t`Forwards are set at a phone, or on the page of a user.`}</p>,
        }}
        row={(handling) => <ForwardRow handling={handling} />}
      />
    </>
  );
}

function ForwardRow({ handling }: { readonly handling: HandlingInfo }) {
  const { office } = useStores();
  const { number, domain, doNotDisturb, forwards, noAnswerSeconds } = handling;
  const aor = `${number}@${domain}`;
  const words = [
    ...(doNotDisturb ? [t`Do not disturb`] : []),
    ...FORWARD_CASES.filter((when) => forwards[when] !== undefined).map(
      (when) => `${forwardCaseWords(when, noAnswerSeconds)} → ${forwards[when]}`,
    ),
  ].join(' · ');
  return (
    <div className="user-row told row-pressed">
      <PhoneForwarded aria-hidden="true" className="row-icon" />
      <RowButton
        label={t`Open ${aor}`}
        title={aor}
        onClick={() => office.getState().open({ page: 'users', user: { number, domain } })}
      />
      <NameAndNumber name={aor} number="" />
      <p className="user-devices person-state">
        <span className="user-devices-text" title={words}>
          {words}
        </span>
      </p>
    </div>
  );
}
